"""Plays what happens on a sandbox: its bodies take the same queue as those of networks, and are handled like these.

An event may be played many times, each as an event of its own; each event may be posted several times, as networks do;
and with a delay.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib import clock, errors, ids, moments, networks
from chalicelib.access.actors import Actor
from chalicelib.aws import queues
from chalicelib.aws.queues import Task
from chalicelib.channels import channels
from chalicelib.inbox import messages
from chalicelib.networks import base
from chalicelib.store import keys, quota, table
from chalicelib.store.models.channels import Channel
from chalicelib.transport import bodies, envelopes

MOST_PER_MINUTE = 1_000  # of one agency
CONDITION, LONGEST_CONDITION = 3600, 24 * 3600  # seconds
Json = Mapping[str, Any]
_OURS = ("channel", "message", "times", "repeat", "delay", "at", "event")  # what the network is not told
_ABOUT = ("edit", "deletion", "hide", "reaction", "receipt")


def network() -> base.Network:
    return next(network for key in networks.names() if (network := networks.get(key)) and network.play)


def channel_of(actor: Actor, id: str) -> Channel:
    """A channel of a sandbox. Raises NotFound or Forbidden as for any channel, Invalid for a
    channel of another brand.
    """
    channel = channels.visible(actor, id)
    if channels.network_of(channel).play is None:
        raise errors.Invalid("The channel is not of a sandbox.", code="sandbox_only", field="channel")
    return channel


def play(actor: Actor, channel: Channel, fields: Json, now: int) -> list[Json]:
    """Queues the events; gives for each its ids and its time on the network. Raises TooMany."""
    times, repeat = fields.get("times", 1), fields.get("repeat", 1)
    quota.take(actor.agency, "sandbox", MOST_PER_MINUTE, now, uses=times * repeat)
    played = channels.network_of(channel)
    events = _events(actor, channel, fields, times, now)
    posted = [played.play(channel.account, event) for event in events if played.play]
    queues.send(*(task for body in posted for task in _tasks(channel, body, fields, repeat, now)))
    return [_ids_and_time(body["events"][0]) for body in posted]


def _tasks(channel: Channel, body: Json, fields: Json, repeat: int, now: int) -> Iterator[Task]:
    """Each posting gets a time of its own, as those of networks have."""
    raw, delay = bodies.as_bytes(body), fields.get("delay", 0)
    for number in range(repeat):
        at = now + delay * clock.SECOND + number
        yield envelopes.task(channel.network, "", raw, at, group=channel.pk, delay=delay)


def _events(actor: Actor, channel: Channel, fields: Json, times: int, now: int) -> Iterator[Json]:
    """That many events, one ms apart, in the form that the network's folder takes."""
    first = moments.parse(fields["at"], "at") if "at" in fields else now
    said = {name: value for name, value in fields.items() if name not in _OURS}
    about = _ids_of_message(actor, channel, fields)
    for number in range(times):
        yield {**said, **about, **({} if number == 0 or about else _own_id(fields)), "at": first + number}


def _own_id(fields: Json) -> Json:
    """Events after the first get ids of their own, even if the first was given one."""
    return {"id": ids.new("evt")} if "id" in fields else {}


def _ids_of_message(actor: Actor, channel: Channel, fields: Json) -> Json:
    """The network's ids of the message that the event is about. Raises Invalid if none is named, NotFound."""
    if fields["type"] not in _ABOUT:
        return {}
    if "message" not in fields:
        if {"id", "thread"} <= fields.keys():
            return {"id": fields["id"], "thread": fields["thread"]}
        raise errors.Invalid(
            "The event needs `message`, or both `id` and `thread`.", code="not_together", field="message"
        )
    message, conversation = messages.with_conversation(actor, fields["message"])
    if message.channel != channel.id:
        raise errors.NotFound
    if not message.network_id:
        raise errors.Conflict("The network does not have this message yet.", code="not_sent")
    return {"id": message.network_id, "thread": conversation.thread, "surface": conversation.surface}


def _ids_and_time(event: Json) -> Json:
    return {"id": event["id"], "thread": event["thread"], "at": clock.text(event["at"])}


def set_condition(channel: Channel, condition: str | None, seconds: int, now: int) -> None:
    """Sets what happens to messages that are sent on the channel, for that many seconds; `none` ends it.

    Raises Invalid if no condition is named.
    """
    if condition is None:
        raise errors.Invalid("`condition` is missing.", code="not_together", field="condition")
    kept = {name: value for name, value in channel.details.items() if name not in ("condition", "until")}
    ends = {"condition": condition, "until": str(now + seconds * clock.SECOND)} if condition != "none" else {}
    known = Channel.details.set({**kept, **ends})
    table.update(Channel(channel.pk, keys.noun(channel.id)), [known], Channel.pk.exists())
    if condition == "none":
        channels.pause(channel.pk, channel.id, 0)
        channels.report_health(channel.pk, channel.id, "ok", "token", now)
