"""Pages of lists that are ordered by sort key."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from chalicelib import errors, page
from chalicelib.access.actors import Actor
from chalicelib.api.http import Call, Json
from chalicelib.store import external_ids
from chalicelib.store.items import Item

T = TypeVar("T", bound=Item)


def answer(call: Call, name: str, after: Callable[[str], Iterable[T]], view: Callable[[T], Mapping[str, Any]]) -> Json:
    """The page that the call asks for. `after` gives the things behind a sort key; "" stands before all of them.

    Things that are listed by an index have an `activity`; for these it takes the place of the sort key.
    """
    filters = [f"{name}={call.query[name]}" for name in sorted({*call.query} - {"cursor", "limit"})]
    scope = "|".join([name, call.actor.agency, *filters])
    position = page.position(scope, call.query.get("cursor")) or ""
    limit = max(call.query["limit"], len(call.query.get("ids", ())))  # what is named comes at once
    things, cursor = page.cut(after(position), limit, scope, lambda thing: getattr(thing, "activity", None) or thing.sk)
    return {"items": [view(thing) for thing in things], "next": cursor}


def among(call: Call, name: str, things: Sequence[Json]) -> Json:
    """The page that the call asks for, out of a short list that was read whole; each thing has an `id`."""
    scope = f"{name}|{call.actor.agency}"
    edge = page.position(scope, call.query.get("cursor"))
    places = {thing["id"]: place for place, thing in enumerate(things)}
    rest = things[places.get(edge, -1) + 1 :]
    items, cursor = page.cut(rest, call.query["limit"], scope, lambda thing: str(thing["id"]))
    return {"items": items, "next": cursor}


def by_external_id(
    call: Call, word: str, get: Callable[[Actor, str], T], view: Callable[[T], Mapping[str, Any]]
) -> Json:
    """The things of kind `word` that have the external id of the query; those that the caller may
    not see are left out.
    """
    items = []
    for holder in external_ids.holders(call.actor.agency, word, call.query["external_id"]):
        with suppress(errors.Problem):
            items.append(view(get(call.actor, holder.id)))
    return {"items": items, "next": None}
