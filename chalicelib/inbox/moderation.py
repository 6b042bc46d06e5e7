"""What is done to a message on its network at once: hide, show, delete, like, react. Doing it again changes nothing."""

from collections.abc import Mapping, Sequence
from typing import NoReturn

from pynamodb.expressions.update import Action

from chalicelib import errors, log
from chalicelib.api.actor import Actor
from chalicelib.inbox import message, revision
from chalicelib.insight import audit
from chalicelib.networks import base
from chalicelib.store.models import Conversation, Message
from chalicelib.tenancy import brand, channel


def perform(actor: Actor, id: str, verb: base.Verb, now: int, emoji: str = "") -> Message:
    """Have the network do it, then write down that it did.

    Raises Invalid if the network cannot do it, Conflict for an archived brand.
    """
    item, found = message.get(actor, id)
    brand.at_work(actor.agency, item.brand)
    if item.deleted_at:
        raise errors.NotFound
    if not item.network_id:
        raise errors.Conflict("The network does not have this message yet.", code="not_sent")
    verb = "unreact" if verb == "react" and not emoji else verb
    on_network(actor, found, verb, item, emoji)
    told = audit.entry(actor, f"message.{verb}", id, now, brand=item.brand)
    while not revision.apply(item, _changes(actor, item, verb, emoji, now), told):
        item, _ = message.get(actor, id)
    return message.get(actor, id)[0]


def on_network(actor: Actor, found: Conversation, verb: base.Verb, item: Message, emoji: str = "") -> None:
    """Ask the network; its refusals become ours, told to the caller."""
    of = channel.get(actor.agency, found.channel)
    network = channel.network_of(of)
    check(network.capabilities, verb, found.surface)
    act = base.Act(
        verb=verb, thread=found.thread, id=item.network_id, to=found.to, surface=base.surface(found.surface),
        emoji=emoji,
        context=item.context or {},
    )  # fmt: skip
    try:
        network.act(channel.credentials(actor.agency, of), act)
    except base.Expired as outcome:
        channel.report(actor.agency, of.id, "expired", "token.expired")
        refuse(outcome)
    except base.Outcome as outcome:
        refuse(outcome)


def tell_read(actor: Actor, found: Conversation) -> None:
    """Tell the network that the brand has read what came last, if it wants to know; its refusal changes nothing.

    Nobody does so for an archived brand.
    """
    if not brand.find(actor.agency, found.brand).archived_at:
        _tell(actor, found, "read")


def tell_typing(actor: Actor, found: Conversation) -> None:
    """Have the network show that somebody is writing. Raises Invalid where it cannot."""
    brand.at_work(actor.agency, found.brand)
    if not channel.network_of(channel.get(actor.agency, found.channel)).capabilities.typing or found.surface != "dm":
        raise errors.Invalid("This network cannot do that here.", code="cannot_typing")
    _tell(actor, found, "typing")


def _tell(actor: Actor, found: Conversation, verb: base.Verb) -> None:
    of = channel.get(actor.agency, found.channel)
    network = channel.network_of(of)
    able = network.capabilities.read if verb == "read" else network.capabilities.typing
    item = message.latest(found.pk, "in") if able and found.surface == "dm" else None
    if item is None:
        return
    act = base.Act(verb=verb, thread=found.thread, id=item.network_id, to=found.to, context=item.context or {})
    try:
        network.act(channel.credentials(actor.agency, of), act)
    except base.Outcome as outcome:
        log.line("courtesy_failed", verb=verb, channel=of.id, network=of.network, code=outcome.code)


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


def _changes(actor: Actor, item: Message, verb: str, emoji: str, now: int) -> Sequence[Action]:
    if verb in ("hide", "unhide"):
        return [] if bool(item.hidden) == (verb == "hide") else [Message.hidden.set(verb == "hide")]
    if verb == "delete":
        return revision.tombstone(item, now)
    symbol = {"like": "\N{THUMBS UP SIGN}", "unlike": "", "unreact": ""}.get(verb, emoji)
    return revision.with_reaction(item, actor.name, "brand", symbol, now)
