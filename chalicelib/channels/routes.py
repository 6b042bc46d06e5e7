"""/v1: channels, the accounts of brands on networks."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from chalicelib.api import pages, schema
from chalicelib.api.http import SIGNED_IN, Call, route
from chalicelib.brands import brands
from chalicelib.channels import channels, connections, profiles, reconnections, schemas
from chalicelib.networks.base import Credentials


@route(
    "GET",
    "/channels",
    permission=SIGNED_IN,
    query={"brand": schema.id_of("brd"), "external_id": schema.EXTERNAL_ID, **schema.PAGE},
    answer=schema.listing(schemas.CHANNEL),
)
def list_channels(call: Call) -> Mapping[str, Any]:
    """Lists the channels of your brands, or of one of them."""
    brand_ids = brands.scope(call.actor, call.query.get("brand"))
    if "external_id" in call.query:
        return pages.by_external_id(call, "channels", channels.visible, partial(channels.view, hooks=call.hooks))
    of_brands = partial(channels.of_brands, call.actor.agency, brand_ids)
    return pages.answer(call, "channels", of_brands, partial(channels.view, hooks=call.hooks))


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
        name=body.get("name", ""), hooks=call.hooks, now=call.now, external_id=body.get("external_id"),
        move=body.get("move", ""),
    )  # fmt: skip
    return {**channels.view(channel, call.hooks), **hook}


@route("GET", "/channels/{id}", permission=SIGNED_IN, answer=schemas.CHANNEL)
def show_channel(call: Call) -> Mapping[str, Any]:
    """Shows a channel."""
    return channels.view(channels.visible(call.actor, call.path["id"]), call.hooks)


@route(
    "PUT", "/channels/{id}/credentials", pays="work", permission="channel.connect",
    body=schemas.CREDENTIALS, answer=schemas.CHANNEL,
)  # fmt: skip
def renew_channel_credentials(call: Call) -> Mapping[str, Any]:
    """Gives a channel new credentials of its account; its conversations stay."""
    channel = channels.visible(call.actor, call.path["id"])
    credentials = Credentials(account=channel.account, details=channel.details, **call.body)
    channel, hook = reconnections.reconnect(call.actor, channel, credentials, call.hooks, call.now)
    return {**channels.view(channel, call.hooks), **hook}


@route("GET", "/channels/{id}/profile", permission="channel.connect", answer=schemas.PROFILE)
def show_channel_profile(call: Call) -> Mapping[str, Any]:
    """Asks the network for the account's business profile."""
    return profiles.show(channels.visible(call.actor, call.path["id"]))


@route(
    "PUT", "/channels/{id}/profile", pays="work", permission="channel.connect",
    body=schemas.PROFILE, answer=schemas.PROFILE,
)  # fmt: skip
def write_channel_profile(call: Call) -> Mapping[str, Any]:
    """Replaces the account's business profile on the network."""
    return profiles.write(call.actor, channels.visible(call.actor, call.path["id"]), call.body, call.now)


@route("DELETE", "/channels/{id}", pays="never", permission="channel.disconnect", answer=schema.NOTHING)
def disconnect_channel(call: Call) -> Mapping[str, Any]:
    """Disconnects an account; its conversations stay."""
    connections.disconnect(call.actor, channels.visible(call.actor, call.path["id"]), call.now)
    return {}
