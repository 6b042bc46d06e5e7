"""/v1/channels/{id}/health, repair and limits: how a channel stays connected."""

from chalicelib import clock
from chalicelib.api import schema
from chalicelib.api.http import Call, Json, route
from chalicelib.channels import channels, connections
from chalicelib.networks import base
from chalicelib.upkeep import probes, schemas, states


@route("GET", "/channels/{id}/health", permission="channel.connect", answer=schemas.HEALTH)
def show_channel_health(call: Call) -> Json:
    """Shows what is wrong with a channel, what was wrong, and what the channel may do."""
    return states.view(channels.visible(call.actor, call.path["id"]), call.now)


@route(
    "POST", "/channels/{id}/repair", pays="work", permission="channel.connect",
    body=schema.NOTHING, answer=schemas.HEALTH,
)  # fmt: skip
def repair_channel(call: Call) -> Json:
    """Checks a channel at once, as the daily check does, and repairs what can be repaired."""
    channel = channels.visible(call.actor, call.path["id"])
    probes.probe(call.actor, channel, call.now, call.hooks, asked=True)
    return states.view(channels.get(call.actor.agency, channel.id), call.now)


@route("GET", "/channels/{id}/limits", permission="channel.connect", answer=schemas.LIMITS)
def show_channel_limits(call: Call) -> Json:
    """Asks the network for the channel's limits and how much of them is used."""
    channel = channels.visible(call.actor, call.path["id"])
    network = channels.network_of(channel)
    with connections.refusals():
        quotas = network.quotas(channels.credentials(channel.pk, channel)) if network.quotas else ()
    return {"limits": [_quota(quota) for quota in (*quotas, *states.documented(network))]}


def _quota(quota: base.Quota) -> Json:
    ends_at = clock.text(quota.ends_at) if quota.ends_at else None
    return {"name": quota.name, "used": quota.used, "most": quota.most, "ends_at": ends_at}
