"""/v1/channels/{id}/move: hands an account over to another agency."""

from collections.abc import Mapping
from typing import Any

from chalicelib.api import schema
from chalicelib.api.http import Call, route
from chalicelib.channels import channels, moves, schemas


@route(
    "POST", "/channels/{id}/move", pays="never", permission="channel.connect",
    body=schema.NOTHING, answer=schemas.MOVE, status=201,
)  # fmt: skip
def offer_channel(call: Call) -> Mapping[str, Any]:
    """Makes a code with which another agency can take over the account."""
    channel = channels.visible(call.actor, call.path["id"])
    move, code = moves.make(call.actor, channel, call.now)
    channel.move = move
    return {**moves.view(channel, call.now), "code": code}


@route("GET", "/channels/{id}/move", permission="channel.connect", answer=schemas.MOVE)
def show_channel_offer(call: Call) -> Mapping[str, Any]:
    """Shows whether another agency can take over the account."""
    return moves.view(channels.visible(call.actor, call.path["id"]), call.now)


@route("DELETE", "/channels/{id}/move", pays="never", permission="channel.connect", answer=schema.NOTHING)
def keep_channel(call: Call) -> Mapping[str, Any]:
    """Revokes the code: the account stays with you."""
    moves.revoke(call.actor, channels.visible(call.actor, call.path["id"]), call.now)
    return {}
