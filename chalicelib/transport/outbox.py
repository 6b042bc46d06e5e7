"""Sends queued messages to the networks: each is claimed before it is sent, at most once, in order within a channel.

A message is sent again only if the network cannot have taken it. If it may have, its status is `unknown` until an echo
comes or a member decides.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib import ids, log
from chalicelib.aws import queues
from chalicelib.aws.queues import Task
from chalicelib.channels import channels, pulses
from chalicelib.channels.channels import Owner
from chalicelib.inbox import conversations, marks, outgoing_files, windows
from chalicelib.networks import base
from chalicelib.replies import delivery
from chalicelib.store import keys, table
from chalicelib.store.models.channels import Channel
from chalicelib.store.models.inbox import Message
from chalicelib.transport import apply, bodies, envelopes

MOST_ATTEMPTS = 6
FINAL = {
    "Rejected": "rejected", "WindowClosed": "window_closed", "Gone": "gone",
    **dict.fromkeys(("Expired", "Revoked", "ScopeLost"), "channel_expired"),
}  # fmt: skip


class Later(Exception):
    """Raised when the channel has to wait: try again in `seconds`, and send nothing else of this channel before."""

    def __init__(self, seconds: float) -> None:
        super().__init__("later")
        self.seconds = seconds


def task(pk: str, sk: str, todo: str, channel_id: str) -> Task:
    """The task for the work that is left about a message. The task to send it is queued once, however often it is asked
    for.
    """
    agency = keys.agency_of(pk)
    body = {"kind": "message", "agency": agency, "pk": pk, "sk": sk}
    if todo == "send":  # the stream asks at least once; the claim in deliver() makes it once
        return Task("outbox", body, group=channel_id, once=sk[-40:] + pk[-40:])
    return Task("followup", body, group=agency)


def deliver(task: Mapping[str, Any], now: int) -> str:
    """Sends the message and gives the outcome. Raises Later if it and the messages behind it have to wait."""
    message = table.get(Message, task["pk"], task["sk"])
    if message is None:
        return "settled"
    if message.status not in ("queued", "sending"):
        return _apply_waiting_events(message, now)
    if message.status == "sending":  # the process that claimed it died, perhaps after the network took it
        error = {"code": "interrupted", "text": "The message may have been sent.", "class": "unknown"}
        delivery.advance(message, "unknown", now, error=error)
        return "unknown"
    agency = keys.agency_of(message.pk)
    channel = channels.find(agency, message.channel)
    if channel is None:
        return _fail(agency, message, "channel_disconnected", {"code": "channel_disconnected", "text": ""}, now)
    if channel.resume_at > now:
        raise Later((channel.resume_at - now) / 1000)
    # What may fail comes before the claim: after it, nobody knows whether the network took the message.
    prepared = channels.credentials(agency, channel), _what_to_send(agency, channel, message, now)
    claim = [
        *(Message.status.set("sending"), Message.rank.set(marks.RANK["sending"])),
        *(Message.attempts.add(1), Message.claimed_at.set(now)),
    ]
    if not table.update(message, claim, (Message.status == "queued") & (Message.version == message.version)):
        return "settled"
    return _send(agency, channel, message, prepared, now)


def _apply_waiting_events(message: Message, now: int) -> str:
    """The process that sent the message may have died before it applied the events that waited for it."""
    agency = keys.agency_of(message.pk)
    channel = channels.find(agency, message.channel) if message.network_id else None
    if channel:
        owner = Owner(agency, message.brand, message.channel, channel.network)
        apply.events_waiting_for(owner, message.pk.partition("#")[2], message.network_id, now)
    return "settled"


def _send(
    agency: str, channel: Channel, message: Message, prepared: tuple[base.Credentials, base.Say], now: int
) -> str:
    credentials, say = prepared
    try:
        with pulses.noting(channel):
            sent = channels.network_of(channel).send(credentials, say)
    except base.Outcome as outcome:
        return _settle(agency, channel, message, outcome, now)
    delivery.confirm(message, sent.id, now, sent.also)
    owner = Owner(agency, message.brand, message.channel, channel.network)
    if sent.thread:
        conversations.rename_thread(owner, message.surface, say.thread or say.to, sent.thread, now)
    apply.events_waiting_for(owner, message.pk.partition("#")[2], sent.id, now)
    if sent.posted_body:
        queues.send(envelopes.task(channel.network, "", bodies.as_bytes(sent.posted_body), now, group=agency))
    return "sent"


def _what_to_send(agency: str, channel: Channel, message: Message, now: int) -> base.Say:
    """What to send. The message's tag is left out while the window to answer is open, as the
    network needs none then.
    """
    takes_bytes = channels.network_of(channel).takes_bytes
    handed = outgoing_files.loaded if takes_bytes else outgoing_files.addressed
    files = tuple(handed(base.Media(**entry)) for entry in message.say["attachments"])
    say = base.Say(**{**message.say, "attachments": files, "interactive": choices_of(message.say.get("interactive"))})
    conversation = conversations.find(agency, ids.conversation_of(message.id)) if say.context.get("tag") else None
    closes = windows.closes_at(conversation) if conversation else None
    if closes is None or closes <= now:
        return say
    return replace(say, context={name: value for name, value in say.context.items() if name != "tag"})


def choices_of(kept: Mapping[str, Any] | None) -> base.Interactive | None:
    """The choices of a message, as they were stored with it."""
    if not kept:
        return None
    return base.Interactive(**{**kept, "options": tuple(base.Option(**option) for option in kept["options"])})


def _settle(agency: str, channel: Channel, message: Message, outcome: base.Outcome, now: int) -> str:
    error = {"code": outcome.code, "text": outcome.text[:500]}
    if isinstance(outcome, base.Throttled):
        seconds = max(outcome.after, 1.0)
        channels.pause(agency, channel.id, now + int(seconds * 1000))
        _unclaim(message)
        raise Later(seconds)
    if isinstance(outcome, base.Unreachable) and (message.attempts or 0) < MOST_ATTEMPTS:
        _unclaim(message)
        raise Later(2.0 ** (message.attempts or 0))
    if isinstance(outcome, base.Unknown):
        delivery.advance(message, "unknown", now, error={**error, "class": "unknown"})
        return "unknown"
    if isinstance(outcome, base.Expired):
        channels.report_lost_token(agency, channel.id, outcome, now)
    return _fail(agency, message, FINAL.get(type(outcome).__name__, "unreachable"), error, now)


def _fail(agency: str, message: Message, kind: str, error: Mapping[str, Any], now: int) -> str:
    log.line("outbox_failed", channel=message.channel, reason=kind, code=error["code"])
    delivery.advance(message, "failed", now, error={**error, "class": kind})
    return "failed"


def _unclaim(message: Message) -> None:
    unclaimed = [Message.status.set("queued"), Message.rank.set(marks.RANK["queued"])]
    table.update(Message(message.pk, message.sk), unclaimed, Message.status == "sending")
