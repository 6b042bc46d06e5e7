"""/v1: the events of an agency, and the counters that follow them."""

from chalicelib.access import permissions
from chalicelib.api import schema
from chalicelib.api.http import SIGNED_IN, Call, Json, route
from chalicelib.brands import brands
from chalicelib.events import counts, examples, feed, filters, schemas
from chalicelib.events.filters import Filter


@route("GET", "/events", permission=permissions.VIEW, query=schemas.EVENTS, answer=schemas.FEED)
def read_events(call: Call) -> Json:
    """Lists the events after the last one that you read, in order, without gaps or repeats."""
    query, after = call.query, call.query.get("after", "")
    is_full = query["detail"] == "full"
    return feed.listing(call.actor, after, _wanted(query), query["limit"], full=is_full, now=call.now)


@route("GET", "/events/schemas", permission=SIGNED_IN, query=schemas.DESCRIBED, answer=schemas.TYPES)
def describe_events(call: Call) -> Json:
    """Describes each type of event, or the types that you name, with a JSON Schema and an example."""
    return {"items": examples.described(schemas.EVENT, _wanted(call.query))}


@route("GET", "/conversations/changes", permission=permissions.VIEW, query=schemas.CHANGES, answer=schemas.CHANGED)
def list_changed_conversations(call: Call) -> Json:
    """Lists the conversations that changed after a cursor, each once and in its present state."""
    return feed.changes(call.actor, call.query.get("since", ""), call.query["limit"], call.now)


@route(
    "GET",
    "/counters",
    permission=permissions.VIEW,
    query=schemas.ALL_COUNTERS,
    answer=schema.listing(schemas.COUNTERS),
)
def list_counters(call: Call) -> Json:
    """Shows the counters of all brands whose conversations you see."""
    brand_ids = brands.scope(call.actor, None)
    return counts.listing(call.actor, brand_ids, call.query["limit"], call.query.get("cursor"))


@route("GET", "/brands/{id}/counters", permission=permissions.VIEW, answer=schemas.COUNTERS)
def show_counters(call: Call) -> Json:
    """Counts the open work of a brand: in all, yours and that of your teams."""
    [counters] = counts.of_brands(call.actor, brands.scope(call.actor, call.path["id"]))
    return counters


_FILTERS = {"brands": "brand", "types": "type", "channels": "channel", "networks": "network", "surfaces": "surface"}


def _wanted(query: Json) -> Filter:
    wanted = Filter(**{names: frozenset(query[name].split(",")) for names, name in _FILTERS.items() if name in query})
    filters.check(wanted, _FILTERS)
    return wanted
