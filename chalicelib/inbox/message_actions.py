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
    item, found = messages.get(actor, id)
    brands.at_work(actor.agency, item.brand)
    if item.deleted_at:
        raise errors.NotFound
    if not item.network_id:
        raise errors.Conflict("The network does not have this message yet.", code="not_sent")
    verb = "unreact" if verb == "react" and not emoji else verb
    on_network(actor, found, verb, item, emoji)
    told = audit.entry(actor, f"message.{verb}", id, now, brand=item.brand)
    while not revisions.apply(item, _changes(actor, item, verb, emoji, now), told):
        item, _ = messages.get(actor, id)
    return messages.get(actor, id)[0]


def on_network(actor: Actor, found: Conversation, verb: base.Verb, item: Message, emoji: str = "") -> None:
    """Ask the network; its refusals become ours, told to the caller."""
    of = channels.get(actor.agency, found.channel)
    network = channels.network_of(of)
    check(network.capabilities, verb, found.surface)
    act = base.Act(
        verb=verb, thread=found.thread, id=item.network_id, to=found.to, surface=base.surface(found.surface),
        emoji=emoji,
        context=item.context or {},
    )  # fmt: skip
    try:
        network.act(channels.credentials(actor.agency, of), act)
    except base.Expired as outcome:
        channels.report(actor.agency, of.id, "expired", "token.expired")
        refuse(outcome)
    except base.Outcome as outcome:
        refuse(outcome)


def tell_read(actor: Actor, found: Conversation) -> None:
    """Tell the network that the brand has read what came last, if it wants to know; its refusal changes nothing.

    Nobody does so for an archived brand.
    """
    if not brands.find(actor.agency, found.brand).archived_at:
        _tell(actor, found, "read")


def tell_typing(actor: Actor, found: Conversation) -> None:
    """Have the network show that somebody is writing. Raises Invalid where it cannot."""
    brands.at_work(actor.agency, found.brand)
    if not channels.network_of(channels.get(actor.agency, found.channel)).capabilities.typing or found.surface != "dm":
        raise errors.Invalid("This network cannot do that here.", code="cannot_typing")
    _tell(actor, found, "typing")


def _tell(actor: Actor, found: Conversation, verb: base.Verb) -> None:
    of = channels.get(actor.agency, found.channel)
    network = channels.network_of(of)
    able = network.capabilities.read if verb == "read" else network.capabilities.typing
    item = messages.latest(found.pk, "in") if able and found.surface == "dm" else None
    if item is None:
        return
    act = base.Act(verb=verb, thread=found.thread, id=item.network_id, to=found.to, context=item.context or {})
    try:
        network.act(channels.credentials(actor.agency, of), act)
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
        return revisions.tombstone(item, now)
    symbol = {"like": "\N{THUMBS UP SIGN}", "unlike": "", "unreact": ""}.get(verb, emoji)
    return revisions.with_reaction(item, actor.name, "brand", symbol, now)
