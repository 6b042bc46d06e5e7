"""/v1/sandbox: what is played on brands that are sandboxes."""

from chalicelib import ids
from chalicelib.api.http import Call, Json, route
from chalicelib.channels import channels, connections
from chalicelib.channels.schemas import CHANNEL
from chalicelib.networks.base import Credentials
from chalicelib.sandbox import plays, schemas


@route(
    "POST",
    "/sandbox/channels",
    pays="grow",
    permission="channel.connect",
    body=schemas.NEW_CHANNEL,
    answer=CHANNEL,
    status=201,
)
def connect_sandbox_channel(call: Call) -> Json:
    """Gives a sandbox brand a simulated account."""
    played, credentials = plays.network(), Credentials(account="", token=ids.secret())
    name = call.body.get("name", "")
    channel, _ = connections.connect(
        call.actor, brand_id=call.body["brand"], network_key=played.key, credentials=credentials, name=name,
        hooks=call.hooks, now=call.now,
    )  # fmt: skip
    return channels.view(channel, call.hooks)


@route(
    "POST",
    "/sandbox/events",
    pays="never",
    permission="channel.connect",
    body=schemas.EVENT,
    answer=schemas.EVENTS,
    status=202,
)
def play_sandbox_event(call: Call) -> Json:
    """Plays an event on a sandbox channel, as if a network had posted it, or sets a condition."""
    channel = plays.channel_of(call.actor, call.body["channel"])
    if call.body["type"] != "condition":
        return {"events": plays.play(call.actor, channel, call.body, call.now)}
    plays.set_condition(channel, call.body.get("condition"), call.body.get("seconds", plays.CONDITION), call.now)
    return {"events": []}
