"""/v1: the events of an agency, and the counters that follow them."""

from chalicelib.access import permissions
from chalicelib.api import schema
from chalicelib.api.http import SIGNED_IN, Call, Json, route
from chalicelib.brands import brands
from chalicelib.events import counts, examples, feed, filters, schemas
from chalicelib.events.filters import Filter


@route("GET", "/events", permission=permissions.VIEW, query=schemas.EVENTS, answer=schemas.FEED)
def read_events(call: Call) -> Json:
    """Lists the events after the last one you saw, in order; none is missing and none comes twice."""
    query, after = call.query, call.query.get("after", "")
    is_full = query["detail"] == "full"
    return feed.listing(call.actor, after, _wanted(query), query["limit"], full=is_full, now=call.now)


@route("GET", "/events/schemas", permission=SIGNED_IN, query=schemas.DESCRIBED, answer=schemas.TYPES)
def describe_events(call: Call) -> Json:
    """Describes each type of event, or those that you name, with its JSON Schema and an example."""
    return {"items": examples.described(schemas.EVENT, _wanted(call.query))}


@route("GET", "/conversations/changes", permission=permissions.VIEW, query=schemas.CHANGES, answer=schemas.CHANGED)
def list_changed_conversations(call: Call) -> Json:
    """Lists the conversations in which something happened after a cursor, each once and as it is now."""
    return feed.changes(call.actor, call.query.get("since", ""), call.query["limit"], call.now)


@route(
    "GET",
    "/counters",
    permission=permissions.VIEW,
    query=schemas.ALL_COUNTERS,
    answer=schema.listing(schemas.COUNTERS),
)
def list_counters(call: Call) -> Json:
    """Gives the counters of all brands whose conversations you see."""
    brand_ids = brands.scope(call.actor, None)
    return counts.listing(call.actor, brand_ids, call.query["limit"], call.query.get("cursor"))


@route("GET", "/brands/{id}/counters", permission=permissions.VIEW, answer=schemas.COUNTERS)
def show_counters(call: Call) -> Json:
    """Counts what there is to do for a brand: in all, for you and for your teams."""
    [counters] = counts.of_brands(call.actor, brands.scope(call.actor, call.path["id"]))
    return counters


_FILTERS = {"brands": "brand", "types": "type", "channels": "channel", "networks": "network", "surfaces": "surface"}


def _wanted(query: Json) -> Filter:
    wanted = Filter(**{names: frozenset(query[name].split(",")) for names, name in _FILTERS.items() if name in query})
    filters.check(wanted, _FILTERS)
    return wanted
