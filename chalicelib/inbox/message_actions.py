"""What is done to a message on its network at once: hide, show, delete, like, react. Doing it again changes nothing."""

from collections.abc import Mapping, Sequence
from typing import NoReturn

from chalicelib import errors, log
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.brands import brands
from chalicelib.channels import channels
from chalicelib.inbox import messages, revisions
from chalicelib.networks import base
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.table import Action


def perform(actor: Actor, id: str, verb: base.Verb, now: int, emoji: str = "") -> Message:
    """Have the network do it, then write down that it did.

    Raises Invalid if the network cannot do it, Conflict for an archived brand.
    """
    message, conversation = messages.get(actor, id)
    brands.at_work(actor.agency, message.brand)
    if message.deleted_at:
        raise errors.NotFound
    if not message.network_id:
        raise errors.Conflict("The network does not have this message yet.", code="not_sent")
    verb = "unreact" if verb == "react" and not emoji else verb
    on_network(actor, conversation, verb, message, emoji)
    entry = audit.entry(actor, f"message.{verb}", id, now, brand=message.brand)
    while not revisions.apply(message, _changes(actor, message, verb, emoji, now), entry):
        message, _ = messages.get(actor, id)
    return messages.get(actor, id)[0]


def on_network(actor: Actor, conversation: Conversation, verb: base.Verb, message: Message, emoji: str = "") -> None:
    """Ask the network; its refusals become ours, told to the caller."""
    channel = channels.get(actor.agency, conversation.channel)
    network = channels.network_of(channel)
    check(network.capabilities, verb, conversation.surface)
    act = base.Act(
        verb=verb, thread=conversation.thread, id=message.network_id, to=conversation.to,
        surface=base.surface(conversation.surface), emoji=emoji, context=message.context or {},
    )  # fmt: skip
    try:
        network.act(channels.credentials(actor.agency, channel), act)
    except base.Expired as outcome:
        channels.report(actor.agency, channel.id, "expired", "token.expired")
        refuse(outcome)
    except base.Outcome as outcome:
        refuse(outcome)


def tell_read(actor: Actor, conversation: Conversation) -> None:
    """Tell the network that the brand has read what came last, if it wants to know; its refusal changes nothing.

    Nobody does so for an archived brand.
    """
    if not brands.find(actor.agency, conversation.brand).archived_at:
        _tell(actor, conversation, "read")


def tell_typing(actor: Actor, conversation: Conversation) -> None:
    """Have the network show that somebody is writing. Raises Invalid where it cannot."""
    brands.at_work(actor.agency, conversation.brand)
    if (
        not channels.network_of(channels.get(actor.agency, conversation.channel)).capabilities.typing
        or conversation.surface != "dm"
    ):
        raise errors.Invalid("This network cannot do that here.", code="cannot_typing")
    _tell(actor, conversation, "typing")


def _tell(actor: Actor, conversation: Conversation, verb: base.Verb) -> None:
    channel = channels.get(actor.agency, conversation.channel)
    network = channels.network_of(channel)
    able = network.capabilities.read if verb == "read" else network.capabilities.typing
    message = messages.latest(conversation.pk, "in") if able and conversation.surface == "dm" else None
    if message is None:
        return
    act = base.Act(
        verb=verb, thread=conversation.thread, id=message.network_id, to=conversation.to, context=message.context or {}
    )
    try:
        network.act(channels.credentials(actor.agency, channel), act)
    except base.Outcome as outcome:
        log.line("courtesy_failed", verb=verb, channel=channel.id, network=channel.network, code=outcome.code)


def check(can: base.Capabilities, verb: base.Verb, surface: str) -> None:
    """Raises Invalid if the network cannot do that on that surface."""
    surfaces: Mapping[str, Sequence[str]] = {
        "hide": can.hide, "unhide": can.hide, "delete": can.delete, "like": can.like, "unlike": can.like,
        "react": can.react, "unreact": can.react,
    }  # fmt: skip
    if surface not in surfaces.get(verb, ()):
        raise errors.Invalid("This network cannot do that here.", code=f"cannot_{verb}")


def refuse(outcome: base.Outcome) -> NoReturn:
    """Tell the caller what the network answered."""
    kind = type(outcome).__name__
    if kind == "Throttled":
        raise errors.TooMany(outcome.text, code="network_throttled", after=outcome.after) from outcome
    if kind in ("Unreachable", "Unknown"):
        raise errors.Unavailable(outcome.text, code="network_unreachable") from outcome
    if kind in ("Gone", "Expired"):
        raise errors.Conflict(outcome.text, code={"Gone": "gone", "Expired": "channel_expired"}[kind]) from outcome
    raise errors.Invalid(
        outcome.text, code={"WindowClosed": "window_closed"}.get(kind, "network_rejected")
    ) from outcome


def _changes(actor: Actor, message: Message, verb: str, emoji: str, now: int) -> Sequence[Action]:
    if verb in ("hide", "unhide"):
        return [] if bool(message.hidden) == (verb == "hide") else [Message.hidden.set(verb == "hide")]
    if verb == "delete":
        return revisions.tombstone(message, now)
    symbol = {"like": "\N{THUMBS UP SIGN}", "unlike": "", "unreact": ""}.get(verb, emoji)
    return revisions.with_reaction(message, actor.name, "brand", symbol, now)
