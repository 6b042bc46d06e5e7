"""Which routes did what they are for, in all processes of a run: one that never did fails a run of the whole suite."""

from pathlib import Path
from typing import Any

import pytest

from chalicelib.api import http

ROOT = Path(__file__).parents[2]
_done: set[str] = set()


def note(route: http.Route | None, status: int) -> None:
    """Somebody called it, and was answered so."""
    if route and status < 400:
        _done.add(name_of(route))


def name_of(route: http.Route) -> str:
    return f"{route.verb} {route.path}"


def missing(done: set[str]) -> list[str]:
    return sorted({name_of(route) for route in http.ROUTES} - done)


def is_whole(config: Any) -> bool:
    """True if all tests are asked for, by the folders or by nothing."""
    asked = {Path(arg.partition("::")[0]).resolve() for arg in config.args}
    chosen = config.option.keyword or config.option.markexpr or config.option.deselect or config.option.ignore
    return not chosen and bool(asked & {ROOT, ROOT / "tests"})


class Recorder:
    """Workers hand on what was done in them; whoever started them, or is alone, has the last word."""

    def __init__(self, config: Any) -> None:
        self._config = config

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        _done.update(getattr(node, "workeroutput", {}).get("exercised", ()))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if hasattr(self._config, "workeroutput"):
            self._config.workeroutput["exercised"] = sorted(_done)
        elif exitstatus == pytest.ExitCode.OK and is_whole(self._config) and missing(_done):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
            reporter = self._config.pluginmanager.get_plugin("terminalreporter")
            reporter.write_line(f"\nNo test ever succeeded with: {', '.join(missing(_done))}", red=True)
