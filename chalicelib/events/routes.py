"""/v1: the events of an agency."""

from collections.abc import Mapping
from typing import Any

from chalicelib.access import permissions
from chalicelib.api.http import Call, route
from chalicelib.events import feed, schemas


@route("GET", "/events", permission=permissions.VIEW, query=schemas.EVENTS, answer=schemas.FEED)
def read_events(call: Call) -> Mapping[str, Any]:
    """Lists the events after the last one you saw, in order; none is missing and none comes twice."""
    return feed.listing(call.actor, call.query["after"], call.query.get("type", ""), call.query["limit"])
