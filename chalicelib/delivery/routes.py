"""/v1: the news of the agency, for whoever asks."""

from collections.abc import Mapping
from typing import Any

from chalicelib.api.http import Call, route
from chalicelib.delivery import event, schemas
from chalicelib.tenancy import role


@route("GET", "/events", permission=role.VIEW, query=schemas.EVENTS, answer=schemas.FEED)
def read_events(call: Call) -> Mapping[str, Any]:
    """What happened since the last event I saw, in order, nothing left out and nothing twice."""
    return event.listing(call.actor, call.query["after"], call.query.get("type", ""), call.query["limit"])
