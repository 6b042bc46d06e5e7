"""Actions on a message that its network performs at once: hide, unhide, delete, like, react, report.

Repeating one changes nothing. If this process dies after the network acted and before it was written down, the caller
got no answer and asks again; most networks also send an event about it. Deleting what the network no longer has
succeeds.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chalicelib import clock, errors, ids, log
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.brands import brands, settings
from chalicelib.channels import channels, pulses
from chalicelib.inbox import conversations, messages, revisions, taken_back
from chalicelib.networks import base
from chalicelib.store import keys, table
from chalicelib.store.models.brands import Brand
from chalicelib.store.models.channels import Channel
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.table import Action

# Gives further changes and writes for the transaction that changes the message; called with its newest state.
More = Callable[[Message], tuple[Sequence[Action], Sequence[table.Write]]]


def perform(
    actor: Actor, id: str, verb: base.Verb, now: int, emoji: str = "", report: base.Report | None = None,
    more: More = lambda message: ((), ()), cited: Mapping[str, Any] | None = None,
) -> Message:  # fmt: skip
    """Has the network act on a message, then changes the message here. `cited` is the reason that the audit entry gets.

    A message that was reported is not reported again.

    Raises Invalid if the network cannot do it, Conflict for an archived brand, for a message not sent yet, and if the
    network confirms hiding but still shows the message.
    """
    message, conversation = messages.with_conversation(actor, id)
    verb = "unreact" if verb == "react" and not emoji else verb
    channel = check(
        message, conversation.surface, *_brand_and_channel(actor.agency, message.brand, conversation.channel), verb
    )
    if verb == "report" and message.reported_at:
        return message
    act = _act(conversation, message, verb, emoji, report or base.Report())
    _act_on_network(actor, channel, act, now)
    acted, why = ids.new("aud"), {"reason": act.report.reason} if report else cited  # a note may quote the message
    entry = audit.entry(actor, f"message.{verb}", id, now, brand=message.brand, id=acted, after=why)
    while True:
        actions, writes = more(message)
        changes = [*_changes(actor, message, verb, emoji, now), Message.acted.set(acted), *actions]
        if changed := revisions.apply(message, changes, entry, *_writes_for_deletion(verb, message), *writes):
            return changed
        message = messages.get(actor, id)


def _brand_and_channel(agency: str, brand: str, channel: str) -> tuple[Brand, Channel | None]:
    """The channel is None once it was disconnected."""
    places = (Brand, agency, keys.noun(brand)), (Channel, agency, keys.noun(channel))
    item, connected = table.each(*places, consistent=True)
    if not isinstance(item, Brand):
        raise errors.NotFound
    return item, connected if isinstance(connected, Channel) else None


def check(message: Message, surface: str, brand: Brand, channel: Channel | None, verb: base.Verb) -> Channel:
    """The channel, if the network can perform this action on the message, in a conversation of that surface.

    Raises what `perform` raises; NotFound if the channel was disconnected.
    """
    brands.check_at_work(brand)
    if message.deleted_at:
        raise errors.NotFound
    if not message.network_id:
        raise errors.Conflict("The network does not have this message yet.", code="not_sent")
    if channel is None:
        raise errors.NotFound
    _check_surface(channels.network_of(channel).capabilities, verb, surface)
    if verb in ("hide", "report") and message.direction == "out":
        raise errors.Invalid(
            "The brand's own messages cannot be hidden or reported, only deleted.", code=f"cannot_{verb}"
        )
    return channel


def _act(conversation: Conversation, message: Message, verb: base.Verb, emoji: str, report: base.Report) -> base.Act:
    """A report is about the author of the message, every other action about the person of the conversation."""
    author = (message.author or {}).get("network_id") if verb == "report" else ""
    return base.Act(
        verb=verb, thread=conversation.thread, id=message.network_id, to=author or conversation.to,
        surface=base.surface(conversation.surface), emoji=emoji, report=report, context=message.context or {},
    )  # fmt: skip


def _act_on_network(actor: Actor, channel: Channel, act: base.Act, now: int) -> None:
    network = channels.network_of(channel)
    try:
        with pulses.noting(channel):
            _act_and_look(network, channels.credentials(actor.agency, channel), act)
    except base.Gone as outcome:
        if act.verb != "delete":
            raise _problem_of(outcome) from outcome
    except base.Expired as outcome:
        channels.report_lost_token(actor.agency, channel.id, outcome, now)
        raise _problem_of(outcome) from outcome
    except base.Outcome as outcome:
        raise _problem_of(outcome) from outcome


def _act_and_look(network: base.Network, credentials: base.Credentials, act: base.Act) -> None:
    """Raises Conflict if the network confirms hiding but everybody still sees the message.

    If the network's answer leaves open whether it was hidden, it counts as hidden if nobody sees it.
    """
    try:
        network.act(credentials, act)
    except base.Unknown:
        if _is_shown(network, credentials, act) is not False:
            raise
    else:
        if _is_shown(network, credentials, act):
            raise errors.Conflict(
                "The network has hidden the message, but everybody still sees it.", code="not_applied"
            )


def _is_shown(network: base.Network, credentials: base.Credentials, act: base.Act) -> bool | None:
    """Whether everybody still sees what was to be hidden; None if the network cannot be asked or does not say."""
    if act.verb != "hide" or network.is_shown is None:
        return None
    try:
        return network.is_shown(credentials, act)
    except base.Outcome as outcome:
        log.line("hiding_unseen", network=network.key, code=outcome.code)
        return None


def send_read_receipt(actor: Actor, conversation: Conversation, *, asked: bool | None) -> None:
    """Sends a read receipt for the last message that came in, if the brand's setting allows it and `asked` is not
    False.

    If `asked` is True and no receipt can be sent, this raises Invalid or Conflict. A refusal of the network is only
    logged.
    """
    brand = brands.find(actor.agency, conversation.brand)
    receipts = settings.of(brand.settings).receipts
    if asked:
        brands.at_work(actor.agency, brand.id)
        if not receipts:
            raise errors.Invalid(
                "The brand sends no read receipts: its setting `receipts` is off.", code="receipts_off", field="receipt"
            )
        _check_signal(conversation, "read")
    is_connected = channels.find(actor.agency, conversation.channel) is not None
    if receipts and asked is not False and is_connected and not brand.archived_at:
        _send_signal(actor, conversation, "read")


def send_typing(actor: Actor, conversation: Conversation) -> None:
    """Has the network show that somebody is writing; a refusal is only logged. Raises Invalid if the network cannot
    show it.
    """
    brand = brands.find(actor.agency, conversation.brand)
    check_typing(conversation, brand, channels.find(actor.agency, conversation.channel))
    _send_signal(actor, conversation, "typing")


def check_typing(conversation: Conversation, brand: Brand, channel: Channel | None) -> None:
    """Raises Conflict for an archived brand, NotFound for a disconnected channel, Invalid if the network cannot show
    it.
    """
    brands.check_at_work(brand)
    if channel is None:
        raise errors.NotFound
    _check_signal(conversation, "typing")


def _check_signal(conversation: Conversation, verb: base.Verb) -> None:
    if not _can_signal(conversations.network_of(conversation), conversation, verb):
        raise errors.Invalid("The network does not offer this action on this surface.", code=f"cannot_{verb}")


def _can_signal(network: base.Network, conversation: Conversation, verb: base.Verb) -> bool:
    can = network.capabilities.read if verb == "read" else network.capabilities.typing
    return can and conversation.surface == "dm"


def _send_signal(actor: Actor, conversation: Conversation, verb: base.Verb) -> None:
    channel = channels.get(actor.agency, conversation.channel)
    network = channels.network_of(channel)
    message = messages.latest(conversation.pk, "in") if _can_signal(network, conversation, verb) else None
    if message is None:
        return
    act = base.Act(
        verb=verb, thread=conversation.thread, id=message.network_id, to=conversation.to, context=message.context or {}
    )
    try:
        with pulses.noting(channel):
            network.act(channels.credentials(actor.agency, channel), act)
    except base.Outcome as outcome:
        log.line("courtesy_failed", verb=verb, channel=channel.id, network=channel.network, code=outcome.code)


def _check_surface(capabilities: base.Capabilities, verb: base.Verb, surface: str) -> None:
    surfaces: Mapping[str, Sequence[str]] = {
        "hide": capabilities.hide,
        "unhide": capabilities.hide,
        "delete": capabilities.delete,
        "report": capabilities.report,
        "like": capabilities.like,
        "react": capabilities.react,
        "unreact": capabilities.react,
    }
    if surface not in surfaces.get(verb, ()):
        raise errors.Invalid("The network does not offer this action on this surface.", code=f"cannot_{verb}")


def _problem_of(outcome: base.Outcome) -> errors.Problem:
    match outcome:
        case base.Throttled():
            return errors.TooMany(outcome.text, code="network_throttled", after=outcome.after)
        case base.Unreachable() | base.Unknown():
            return errors.Unavailable(outcome.text, code="network_unreachable")
        case base.Gone():
            return errors.Conflict(outcome.text, code="gone")
        case base.Expired():
            return errors.Conflict(outcome.text, code="channel_expired")
        case base.WindowClosed():
            return errors.Invalid(outcome.text, code="window_closed")
    return errors.Invalid(outcome.text, code="network_rejected")


def _writes_for_deletion(verb: str, message: Message) -> Sequence[table.Write]:
    return taken_back.writes(message) if verb == "delete" else []


def _changes(actor: Actor, message: Message, verb: str, emoji: str, now: int) -> Sequence[Action]:
    if verb in ("hide", "unhide"):
        # The networks count in seconds: what happens there in this very second is not older.
        return revisions.actions_for_hiding(message, hidden=verb == "hide", at=now // clock.SECOND * clock.SECOND)
    if verb == "delete":
        return revisions.actions_for_deletion(message, now)
    if verb == "report":
        return [Message.reported_at.set(now)]
    symbol = {"like": "\N{THUMBS UP SIGN}", "unreact": ""}.get(verb, emoji)
    return revisions.actions_for_reaction(message, actor.name, "brand", symbol, now)
