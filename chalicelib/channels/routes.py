"""/v1: channels, the accounts of brands on networks."""

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.api import pages, schema
from chalicelib.api.http import SIGNED_IN, Call, route
from chalicelib.brands import brands
from chalicelib.channels import channels, connections, schemas
from chalicelib.networks.base import Credentials
from chalicelib.store.models.channels import Channel


@route(
    "GET",
    "/channels",
    permission=SIGNED_IN,
    query={"brand": schema.id_of("brd"), **schema.PAGE},
    answer=schema.listing(schemas.CHANNEL),
)
def list_channels(call: Call) -> Mapping[str, Any]:
    """Lists the channels of your brands, or of one of them."""
    brand_ids = brands.scope(call.actor, call.query.get("brand"))

    def visible(after: str) -> Iterator[Channel]:
        return (channel for channel in channels.every(call.actor.agency, after) if channel.brand in brand_ids)

    return pages.answer(call, "channels", visible, lambda channel: channels.view(channel, call.hooks))


@route(
    "POST",
    "/channels",
    pays="grow",
    permission="channel.connect",
    body=schemas.CONNECT,
    answer=schemas.CHANNEL,
    status=201,
)
def connect_channel(call: Call) -> Mapping[str, Any]:
    """Connects an account of a brand with its credentials on the network."""
    body = call.body
    credentials = Credentials(account=body.get("account", ""), details=body.get("details", {}), **body["credentials"])
    channel, hook = connections.connect(
        call.actor, brand_id=body["brand"], network_key=body["network"], credentials=credentials,
        name=body.get("name", ""), hooks=call.hooks, now=call.now,
    )  # fmt: skip
    return {**channels.view(channel, call.hooks), **hook}


@route("DELETE", "/channels/{id}", pays="never", permission="channel.disconnect", answer=schema.NOTHING)
def disconnect_channel(call: Call) -> Mapping[str, Any]:
    """Disconnects an account; its conversations stay."""
    connections.disconnect(call.actor, channels.visible(call.actor, call.path["id"]), call.now)
    return {}
