"""The table of API calls: each module declares those that it answers, with their parameters."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from local.stripe import forms
from local.stripe.accounts import Account, Thing
from local.stripe.refusals import Refused

Work = Callable[..., Thing]


@dataclass(frozen=True)
class Call:
    """`work(account, params, *ids)` answers the call; `known` are its parameters."""

    method: str
    pattern: re.Pattern[str]
    known: frozenset[str]
    work: Work


CALLS: list[Call] = []
DUE: dict[str, Callable[[Account, Thing], None]] = {}
LISTING = "limit starting_after ending_before"


def call(method: str, path: str, known: str = "") -> Callable[[Work], Work]:
    """Declares the function that answers that method and path; `{}` in the path is an id."""
    pattern = re.compile(re.escape(path).replace(r"\{\}", "([^/]+)"))

    def declare(work: Work) -> Work:
        CALLS.append(Call(method, pattern, forms.paths(f"{known} expand[]"), work))
        return work

    return declare


def due(kind: str) -> Callable[[Callable[[Account, Thing], None]], Callable[[Account, Thing], None]]:
    """Declares the function for things of that kind that are due; it checks itself whether there is still anything to
    do.
    """

    def declare(work: Callable[[Account, Thing], None]) -> Callable[[Account, Thing], None]:
        DUE[kind] = work
        return work

    return declare


def run(account: Account, clock: str | None, until: int) -> None:
    """Does what is due on a clock up to that time, each at its own time and in order."""
    waiting = [entry for entry in account.dues if entry[2] == clock and entry[0] <= until]
    while waiting:
        entry = min(waiting)
        account.dues.remove(entry)
        at, _, _, kind, id = entry
        account.times[clock] = max(account.times[clock], at)
        if id in account.objects:
            DUE[kind](account, account.objects[id])
        waiting = [entry for entry in account.dues if entry[2] == clock and entry[0] <= until]
    account.times[clock] = max(account.times[clock], until)


def settle(account: Account) -> None:
    """Does everything that is due by now, on all clocks."""
    for clock, now in list(account.times.items()):
        run(account, clock, now)


def matching(method: str, path: str) -> Iterator[tuple[Call, tuple[str, ...]]]:
    for entry in CALLS:
        if entry.method == method and (match := entry.pattern.fullmatch(path)):
            yield entry, tuple(unquote(id) for id in match.groups())


def answer(account: Account, method: str, path: str, params: Mapping[str, Any]) -> Thing:
    for entry, ids in matching(method, path):
        forms.refuse_unknown(params, entry.known)
        expand = params.get("expand") or []
        if not isinstance(expand, list) or any(str(name).count(".") > 3 for name in expand):
            raise Refused("You cannot expand more than 4 levels of a property", param="expand")
        thing = entry.work(account, params, *ids)
        settle(account)
        shown: Thing = account.shown(thing, tuple(expand))
        return shown
    raise Refused(f"Unrecognized request URL ({method}: {path}).", status=404)
