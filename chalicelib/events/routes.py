"""/v1: the events of an agency."""

from chalicelib.access import permissions
from chalicelib.api.http import SIGNED_IN, Call, Json, route
from chalicelib.events import examples, feed, schemas
from chalicelib.events.filters import Filter


@route("GET", "/events", permission=permissions.VIEW, query=schemas.EVENTS, answer=schemas.FEED)
def read_events(call: Call) -> Json:
    """Lists the events after the last one you saw, in order; none is missing and none comes twice."""
    query = call.query
    names = {f"{name}s": frozenset(query[name].split(",")) for name in _FILTERS if name in query}
    return feed.listing(
        call.actor, query.get("after", ""), Filter(**names), query["limit"], full=query["detail"] == "full",
        now=call.now,
    )  # fmt: skip


@route("GET", "/events/schemas", permission=SIGNED_IN, answer=schemas.TYPES)
def describe_events(call: Call) -> Json:
    """Describes each type of event, with its JSON Schema and an example."""
    return {"items": examples.described(schemas.EVENT)}


@route("GET", "/conversations/changes", permission=permissions.VIEW, query=schemas.CHANGES, answer=schemas.CHANGED)
def list_changed_conversations(call: Call) -> Json:
    """Lists the conversations in which something happened after a cursor, each once and as it is now."""
    return feed.changes(call.actor, call.query.get("since", ""), call.query["limit"], call.now)


_FILTERS = ("brand", "type", "channel", "network", "surface")
