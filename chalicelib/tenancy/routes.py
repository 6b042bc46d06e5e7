"""/v1: who am I, my brands, their channels, and what the agency keeps of conversations."""

from collections.abc import Mapping
from typing import Any

from chalicelib.api import actor, schema
from chalicelib.api.http import SIGNED_IN, Call, route
from chalicelib.tenancy import attribute, brand, channel, connection, schemas


@route("GET", "/me", permission=SIGNED_IN, answer=schemas.ME)
def show_me(call: Call) -> Mapping[str, Any]:
    """Who I am in this agency."""
    return actor.view(call.actor)


@route("GET", "/brands", permission=SIGNED_IN, answer=schema.listing(schemas.BRAND))
def list_brands(call: Call) -> Mapping[str, Any]:
    """The brands I work for."""
    return {"items": [brand.view(found) for found in brand.visible(call.actor)], "next": None}


@route(
    "GET",
    "/channels",
    permission=SIGNED_IN,
    query={"brand": schema.id_of("brd")},
    answer=schema.listing(schemas.CHANNEL),
)
def list_channels(call: Call) -> Mapping[str, Any]:
    """The channels of my brands, or of one of them."""
    wanted = brand.scope(call.actor, call.query.get("brand"))
    mine = (found for found in channel.every(call.actor.agency) if found.brand in wanted)
    return {"items": [channel.view(found, call.hooks) for found in mine], "next": None}


@route("POST", "/channels", permission="channel.connect", body=schemas.CONNECT, answer=schemas.CHANNEL, status=201)
def connect_channel(call: Call) -> Mapping[str, Any]:
    """Connect a brand's account with its credentials on the network."""
    found, hook = connection.connect(call.actor, call.body, call.hooks, call.now)
    return {**channel.view(found, call.hooks), **hook}


@route("DELETE", "/channels/{id}", permission="channel.disconnect", answer=schemas.GONE)
def disconnect_channel(call: Call) -> Mapping[str, Any]:
    """Disconnect an account; its conversations stay."""
    connection.disconnect(call.actor, channel.visible(call.actor, call.path["id"]), call.now)
    return {}


@route("GET", "/attributes", permission=SIGNED_IN, answer=schema.listing(schemas.ATTRIBUTE))
def list_attributes(call: Call) -> Mapping[str, Any]:
    """What is kept of conversations beside what was said."""
    return {"items": attribute.listing(call.actor), "next": None}


@route("PUT", "/attributes/{name}", permission="brand.create", body=schemas.DEFINE, answer=schemas.ATTRIBUTE)
def define_attribute(call: Call) -> Mapping[str, Any]:
    """Keep something more of conversations, or define anew what it is."""
    every = attribute.kept(call.actor.agency)
    call.matches(attribute.version_of(every, call.path["name"]))
    return attribute.define(call.actor, every, call.path["name"], call.body, call.now)


@route("DELETE", "/attributes/{name}", permission="brand.create", answer=schemas.GONE)
def remove_attribute(call: Call) -> Mapping[str, Any]:
    """No longer keep it; what conversations hold of it stays."""
    every = attribute.kept(call.actor.agency)
    call.matches(attribute.version_of(every, call.path["name"]))
    attribute.remove(call.actor, every, call.path["name"], call.now)
    return {}
