"""Applies one event of a network to the inbox. The table APPLY says which function does it for each kind of event."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from chalicelib import ids, networks
from chalicelib.aws import queues
from chalicelib.channels import channels, lookouts
from chalicelib.channels.channels import Owner
from chalicelib.contacts import contacts
from chalicelib.inbox import conversations, early_events, revisions, windows
from chalicelib.networks import base
from chalicelib.origins import posts
from chalicelib.replies import delivery
from chalicelib.rules import looking
from chalicelib.templates import news
from chalicelib.transport import arrivals, trim


def event(owner: Owner, inbound: base.Inbound, now: int) -> None:
    """Applies the event, then those that waited for its message; parks an event whose message is not here yet."""
    inbound = replace(inbound, event=trim.event(inbound.event))
    change = APPLY[type(inbound.event)]
    if isinstance(inbound.event, base.AccountEvent):
        for channel in _channels_of(owner, inbound.account):
            change(replace(owner, channel=channel), inbound.event, now)
        return
    try:
        result = change(owner, _with_place(inbound), now)
    except early_events.Early as early:
        if not early_events.keep(owner, early, inbound, now):
            return
        try:
            change(owner, inbound.event, now)
        except early_events.Early:
            return
        events_waiting_for(owner, early.conversation, early.network_id, now)  # so that it is not parked any more
        return
    if isinstance(result, arrivals.Received) and result.waiting and isinstance(inbound.event, base.Message):
        events_waiting_for(owner, ids.conversation_of(result.id), inbound.event.id, now)


def _with_place(inbound: base.Inbound) -> base.Event:
    return replace(inbound.event, place=inbound.place) if isinstance(inbound.event, base.Message) else inbound.event


def _channels_of(owner: Owner, account: str) -> list[str]:
    """The channels that an event about an account concerns. Without an account, that is the channel of the hook."""
    if not account:
        return [owner.channel]
    return [channel.id for channel in channels.of_account(owner.agency, owner.network, account)]


def events_waiting_for(owner: Owner, conversation_id: str, network_id: str, now: int) -> None:
    """Applies the events that were parked until the message with that network id arrived."""
    network = networks.get(owner.network)
    for body in early_events.take(owner, conversation_id, network_id):
        for waiting in network.parse(body) if network else ():
            event(owner, waiting, now)


def _message(owner: Owner, event: base.Message, now: int) -> arrivals.Received:
    if event.direction == "out" and not event.history:
        own = delivery.find_own(owner, conversations.find_id(owner, event.surface, event.thread), event)
        if own:
            delivery.confirm(own, event.id, now)
            return arrivals.Received(own.id, new=False)
    return arrivals.receive(owner, event, now)


def _edit(owner: Owner, event: base.Edit, now: int) -> None:
    about = {"surface": event.surface, "media": None, "edited": True}
    revisions.edit(owner, event, now, moderate=looking.may_concern(owner, event.text, None, about, now))


def _reaction(owner: Owner, event: base.Reaction, now: int) -> None:
    if event.emoji:
        windows.open_by(owner, "reaction", event.thread, event.by, event.at, now)
    revisions.react(owner, event, now)


def _thread_event(owner: Owner, event: base.ThreadEvent, now: int) -> None:
    windows.open_by(owner, event.name, event.thread, event.person, event.at, now)
    conversations.record_thread_event(owner, event, now)


def _receipt(owner: Owner, event: base.Receipt, now: int) -> None:
    if ids.is_id(event.correlation, "msg"):
        conversation = ids.conversation_of(event.correlation)
    else:
        conversation = conversations.find_id(owner, event.surface, event.thread)
    delivery.apply_receipt(owner, conversation, event, now)


def _profile(owner: Owner, event: base.Profile, now: int) -> None:
    contacts.note(owner, event.person, now)
    if event.reachable is not None:
        contacts.set_reachable(owner, contacts.id_of(owner, event.person), event.reachable, event.at or now)


def _moved(owner: Owner, event: base.Moved, now: int) -> None:
    conversations.rename_thread(owner, "dm", event.old, event.new, now)


def _account(owner: Owner, event: base.AccountEvent, now: int) -> None:
    at = min(event.at or now, now)
    channels.report_health(owner.agency, owner.channel, event.health, event.name, at, event.detail)
    if event.template:
        news.take(owner.agency, owner.channel, event.template, at, now)


def _hint(owner: Owner, event: base.Hint, now: int) -> None:
    queues.send(lookouts.look_task(owner.agency, owner.channel))


APPLY: Mapping[type, Callable[..., Any]] = {
    base.Message: _message,
    base.Edit: _edit,
    base.Delete: revisions.delete,
    base.Hide: revisions.hide,
    base.Reaction: _reaction,
    base.Receipt: _receipt,
    base.ThreadEvent: _thread_event,
    base.Profile: _profile,
    base.Moved: _moved,
    base.AccountEvent: _account,
    base.PostEdited: posts.read_again,
    base.Hint: _hint,
}
