"""What is well and what is not, each with what to do about it."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import httpx
from palabre_client import Problem

from palabre_cli.session import NotSignedIn, Session


@dataclass(frozen=True)
class Line:
    """One thing that was looked at. `do` is empty where nothing is to be done."""

    what: str
    ok: bool
    says: str
    do: str = ""


def report(session: Session) -> list[dict[str, Any]]:
    """All lines; those after a wrong address or key are left out, since nothing can be asked then."""
    lines: list[Line] = []
    for look in (_address, _key, _rights, _channels, _quotas, _webhooks):
        some = list(_looked(look, session))
        lines += some
        if look in (_address, _key) and not all(line.ok for line in some):
            break
    return [asdict(line) for line in lines]


def _looked(look: Callable[[Session], Iterator[Line]], session: Session) -> Iterator[Line]:
    what = look.__name__.removeprefix("_")
    try:
        yield from look(session)
    except NotSignedIn:
        yield Line(what, ok=False, says="There is no key, and nobody is signed in.", do="palabre login")
    except Problem as problem:
        if problem.status == httpx.codes.FORBIDDEN and look not in (_address, _key):
            yield Line(what, ok=True, says=f"Not for you to see ({problem.code}).")
        else:
            yield Line(what, ok=False, says=str(problem), do=_advice(problem))
    except httpx.HTTPError as failure:
        yield Line(what, ok=False, says=f"No answer ({type(failure).__name__}).", do="Look at --api and the network.")


def _advice(problem: Problem) -> str:
    if problem.code == "agency_missing":
        return "Say which agency with --agency; `palabre agencies` lists them."
    if problem.status == httpx.codes.UNAUTHORIZED:
        return "palabre login, or another key: this one is not known, or has ended."
    return f"Ask whoever runs Palabre; the request was {problem.request_id}."


def _address(session: Session) -> Iterator[Line]:
    answer = httpx.get(f"{session.address}/auth", timeout=session.patience)
    ok = answer.status_code == httpx.codes.OK
    yield Line("address", ok, f"{session.address} answers {answer.status_code}.", "" if ok else "It ends with /v1.")


def _key(session: Session) -> Iterator[Line]:
    me = session.ask("GET", "/me")
    yield Line("key", ok=True, says=f"{me['name']} ({me['kind']}) of {me['agency']}.")


def _rights(session: Session) -> Iterator[Line]:
    grants = session.ask("GET", "/me")["grants"]
    for grant in grants:
        brands = "all brands" if grant["brands"] is None else ", ".join(grant["brands"]) or "no brand"
        yield Line("rights", ok=True, says=f"{grant['role']} for {brands}: {len(grant['permissions'])} permissions.")
    if not grants:
        yield Line("rights", ok=False, says="No role at all.", do="An owner gives one: PATCH /members/{id}.")


def _channels(session: Session) -> Iterator[Line]:
    count = 0
    for channel in session.every("/channels", limit=100):
        count += 1
        ok = channel["state"] == "connected" and channel["health"] == "ok"
        says = f"{channel['name']} ({channel['id']}, {channel['network']}): {channel.get('alert') or channel['state']}."
        yield Line("channels", ok, says, "" if ok else f"GET /channels/{channel['id']} lists its troubles.")
    if not count:
        yield Line("channels", ok=False, says="None is connected.", do="POST /channels, or try POST /sandbox/channels.")


def _quotas(session: Session) -> Iterator[Line]:
    state = session.ask("GET", "/billing/state")
    ok = state["level"] == "full"
    yield Line("quotas", ok, f"The subscription is {state['state']}.", "" if ok else "An owner looks at GET /billing.")
    for limit in state["limits"]:
        fits = limit["allowed"] is None or limit["used"] < limit["allowed"]
        most = "any number" if limit["allowed"] is None else limit["allowed"]
        says = f"{limit['used']} of {most}: {limit['name']}."
        yield Line("quotas", fits, says, "" if fits else "A larger plan: GET /billing/plans.")


def _webhooks(session: Session) -> Iterator[Line]:
    for endpoint in session.every("/webhook-endpoints", limit=100):
        ok = endpoint["state"] == "listening"
        says = f"{endpoint['url']} ({endpoint['id']}) is {endpoint['state']}."
        yield Line("webhooks", ok, says, "" if ok else f"See what failed: GET /webhook-endpoints/{endpoint['id']}.")
