"""/v1: what was asked of the API, and what came of it."""

from chalicelib.api import schema
from chalicelib.api.http import SIGNED_IN, Call, Json, route
from chalicelib.calls import records, schemas, trails


@route("GET", "/requests", permission=SIGNED_IN, query=schemas.CALLS, answer=schema.listing(schemas.CALL))
def list_requests(call: Call) -> Json:
    """Lists requests of the last thirty days that could change something: yours, or all with `audit.view`."""
    return records.listing(call.actor, call.query, call.query["limit"], call.query.get("cursor"))


@route("GET", "/requests/{id}", permission=SIGNED_IN, answer=schemas.TRAIL)
def show_request(call: Call) -> Json:
    """Shows a request and what followed: replies and their outcome, events, and webhook deliveries."""
    return trails.view(call.actor, records.get(call.actor, call.path["id"]))
