"""The calls of an agency that were to change something, for 30 days: one item each, made from the call's log line.

A line may come twice; it makes the same item. A line that is not ours makes none.
"""

import json
import re
from collections.abc import Mapping
from functools import reduce
from operator import and_
from typing import Any

from chalicelib import clock, errors, ids, page
from chalicelib.access.actors import Actor
from chalicelib.api import noted
from chalicelib.store import keys, listings, table
from chalicelib.store.models.requests import Call
from chalicelib.store.table import Condition

KEPT = 30 * clock.DAY
_MOST_EXAMINED = 2_000  # for one page
_PORTION = 200
_REQUEST = re.compile(r"[0-9A-Za-z-]{1,64}")
_TEXTS = ("agency", "request", "verb", "path", "actor", "actor_kind", "code", "things")
_NUMBERS = ("at", "status", "took")
_FILTERS: Mapping[str, Any] = {
    "actor": lambda value: Call.actor == value,
    "route": lambda value: Call.route == value,
    "status": lambda value: Call.status == value,
    "thing": Call.things.contains,
}


def read(line: str) -> Call | None:
    """The call that a log line describes; None if it describes none."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    if not isinstance(entry, dict) or entry.get("mark") != noted.MARK:
        return None
    texts = all(isinstance(entry.get(name), str) for name in _TEXTS)
    if not texts or not all(type(entry.get(name)) is int for name in _NUMBERS):
        return None
    agency, request, at = entry["agency"], entry["request"], entry["at"]
    if not ids.is_id(agency, "agc") or not _REQUEST.fullmatch(request):
        return None
    return Call(
        keys.within(agency, "calls"), keys.CALLS + request, inbox=keys.within(agency, "calls"),
        activity=keys.activity(at, request), at=at, route=f"{entry['verb']} {entry['path'].removeprefix('/v1')}",
        status=entry["status"], code=entry["code"], actor=entry["actor"], actor_kind=entry["actor_kind"],
        things=[thing for thing in entry["things"].split(",") if thing], took=entry["took"],
        expires=(at + KEPT) // clock.SECOND,
    )  # fmt: skip


def get(actor: Actor, request: str) -> Call:
    """Raises NotFound unless it is a call of the agency that the actor may see."""
    partition = keys.within(actor.agency, "calls")
    call = table.get(Call, partition, keys.CALLS + request) if _REQUEST.fullmatch(request) else None
    if call is None or not _sees(actor, call):
        raise errors.NotFound
    return call


def _sees_all(actor: Actor) -> bool:
    return actor.may("audit.view", brand=None)


def _sees(actor: Actor, call: Call) -> bool:
    """Actors see their own calls; those who may read the audit of all brands see all."""
    return call.actor == actor.member or _sees_all(actor)


def listing(actor: Actor, asked: Mapping[str, Any], limit: int, cursor: str | None) -> Mapping[str, Any]:
    """A page of the calls that the actor may see, newest first. It may be short, or empty, and
    still have a next one.
    """
    if "request" in asked:
        return {"items": [view(call) for call in _call_if_seen(actor, asked["request"])], "next": None}
    filters = {name: value for name, value in asked.items() if name in _FILTERS}
    filters |= {} if _sees_all(actor) else {"actor": _own(actor, filters)}
    scope = "|".join(["calls", actor.agency, *(f"{name}={filters[name]}" for name in sorted(filters))])
    where: list[Condition] = [_FILTERS[name](value) for name, value in filters.items()]
    partition, calls, examined = keys.within(actor.agency, "calls"), list[Call](), 0
    edge, is_more = page.position(scope, cursor) or "", True
    while is_more and len(calls) <= limit and examined < _MOST_EXAMINED:
        some, left_out, edge = listings.portion(
            Call, partition, _PORTION, edge, newest=True, where=reduce(and_, where) if where else None
        )
        calls, examined, is_more = calls + some, examined + len(some) + left_out, bool(edge)
    if len(calls) > limit:
        edge = calls[limit - 1].activity or ""
    return {"items": [view(call) for call in calls[:limit]], "next": page.cursor(scope, edge) if edge else None}


def _call_if_seen(actor: Actor, request: str) -> list[Call]:
    try:
        return [get(actor, request)]
    except errors.NotFound:
        return []


def _own(actor: Actor, filters: Mapping[str, Any]) -> str:
    return actor.member if filters.get("actor", actor.member) == actor.member else ""


def view(call: Call) -> Mapping[str, Any]:
    return {
        "request": call.sk.removeprefix(keys.CALLS),
        "at": clock.text(call.at),
        "route": call.route,
        "status": call.status,
        "code": call.code or None,
        "performed_by": {"id": call.actor, "kind": call.actor_kind},
        "things": call.things,
        "ms": call.took,
    }
