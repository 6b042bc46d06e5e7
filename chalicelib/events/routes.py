"""/v1: the events of an agency, and the counters that follow them."""

from collections.abc import Mapping
from typing import Any

from chalicelib.access import permissions
from chalicelib.api import schema
from chalicelib.api.http import Call, route
from chalicelib.brands import brands
from chalicelib.events import counts, feed, schemas


@route("GET", "/events", permission=permissions.VIEW, query=schemas.EVENTS, answer=schemas.FEED)
def read_events(call: Call) -> Mapping[str, Any]:
    """Lists the events after the last one you saw, in order; none is missing and none comes twice."""
    return feed.listing(call.actor, call.query["after"], call.query.get("type", ""), call.query["limit"])


@route(
    "GET",
    "/counters",
    permission=permissions.VIEW,
    query=schemas.ALL_COUNTERS,
    answer=schema.listing(schemas.COUNTERS),
)
def list_counters(call: Call) -> Mapping[str, Any]:
    """Gives the counters of all brands whose conversations you see."""
    brand_ids = brands.scope(call.actor, None)
    return counts.listing(call.actor, brand_ids, call.query["limit"], call.query.get("cursor"))


@route("GET", "/brands/{id}/counters", permission=permissions.VIEW, answer=schemas.COUNTERS)
def show_counters(call: Call) -> Mapping[str, Any]:
    """Counts what there is to do for a brand: in all, for you and for your teams."""
    [counters] = counts.of_brands(call.actor, brands.scope(call.actor, call.path["id"]))
    return counters
