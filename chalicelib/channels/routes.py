"""/v1: the accounts of brands on networks."""

from collections.abc import Mapping
from typing import Any

from chalicelib.api import schema
from chalicelib.api.http import SIGNED_IN, Call, route
from chalicelib.brands import brands
from chalicelib.channels import channels, connections, schemas


@route(
    "GET",
    "/channels",
    permission=SIGNED_IN,
    query={"brand": schema.id_of("brd")},
    answer=schema.listing(schemas.CHANNEL),
)
def list_channels(call: Call) -> Mapping[str, Any]:
    """The channels of my brands, or of one of them."""
    wanted = brands.scope(call.actor, call.query.get("brand"))
    mine = (channel for channel in channels.every(call.actor.agency) if channel.brand in wanted)
    return {"items": [channels.view(channel, call.hooks) for channel in mine], "next": None}


@route("POST", "/channels", permission="channel.connect", body=schemas.CONNECT, answer=schemas.CHANNEL, status=201)
def connect_channel(call: Call) -> Mapping[str, Any]:
    """Connect a brand's account with its credentials on the network."""
    channel, hook = connections.connect(call.actor, call.body, call.hooks, call.now)
    return {**channels.view(channel, call.hooks), **hook}


@route("DELETE", "/channels/{id}", permission="channel.disconnect", answer=schema.NOTHING)
def disconnect_channel(call: Call) -> Mapping[str, Any]:
    """Disconnect an account; its conversations stay."""
    connections.disconnect(call.actor, channels.visible(call.actor, call.path["id"]), call.now)
    return {}
