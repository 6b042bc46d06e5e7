"""Which routes did what they are for, in all processes of a run: one that never did fails a run of the whole suite."""

from chalicelib.api import http

done: set[str] = set()


def note(route: http.Route | None, status: int) -> None:
    """Somebody called it, and was answered so."""
    if route and status < 400:
        done.add(name_of(route))


def name_of(route: http.Route) -> str:
    return f"{route.verb} {route.path}"


def missing(done: set[str]) -> list[str]:
    return sorted({name_of(route) for route in http.ROUTES} - done)


def faults(done: set[str], whole: bool) -> list[str]:
    return [f"No test ever succeeded with: {', '.join(routes)}"] if whole and (routes := missing(done)) else []
