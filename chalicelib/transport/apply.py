"""One event of a network becomes a change in the inbox. This table is where an Instagram comment becomes a Message."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from chalicelib import ids, networks
from chalicelib.channels import channels
from chalicelib.channels.channels import Owner
from chalicelib.contacts import contacts
from chalicelib.inbox import conversations, early_events, messages, revisions
from chalicelib.networks import base
from chalicelib.replies import delivery


def event(owner: Owner, inbound: base.Inbound, now: int) -> None:
    """Apply the event, and whatever waited for it. An event about a message that is not here yet waits in its turn."""
    change = APPLY[type(inbound.event)]
    if isinstance(inbound.event, base.AccountEvent):
        for channel in channels.of_account(owner.agency, owner.network, inbound.account):
            change(replace(owner, channel=channel.id), inbound.event, now)
        return
    try:
        done = change(owner, inbound.event, now)
    except early_events.Early as early:
        early_events.keep(owner, early.conversation, early.network_id, inbound.raw, now)
        try:
            change(owner, inbound.event, now)  # the message may have come between the look and the parking
        except early_events.Early:
            return
        done = None
    if isinstance(done, messages.Received) and done.waiting and isinstance(inbound.event, base.Message):
        events_waiting_for(owner, ids.conversation_of(done.id), inbound.event.id, now)


def events_waiting_for(owner: Owner, conversation_id: str, network_id: str, now: int) -> None:
    """Apply the events that waited for the message of that network id."""
    network = networks.get(owner.network)
    for body in early_events.take(owner, conversation_id, network_id):
        for waiting in network.parse(body) if network else ():
            event(owner, waiting, now)


def _message(owner: Owner, event: base.Message, now: int) -> messages.Received:
    if event.direction == "out" and not event.history:
        own = delivery.find_own(owner, conversations.find_id(owner, event.surface, event.thread), event)
        if own:
            delivery.confirm(own, event.id, now)
            return messages.Received(own.id, new=False)
    return messages.receive(owner, event, now)


def _receipt(owner: Owner, event: base.Receipt, now: int) -> None:
    known = ids.is_id(event.correlation, "msg")
    place = (
        ids.conversation_of(event.correlation) if known else conversations.find_id(owner, event.surface, event.thread)
    )
    delivery.apply_receipt(owner, place, event, now)


def _profile(owner: Owner, event: base.Profile, now: int) -> None:
    contacts.note(owner, event.person, now)
    if event.reachable is not None:
        contacts.reach(owner, contacts.id_of(owner, event.person), event.reachable)


def _moved(owner: Owner, event: base.Moved, now: int) -> None:
    conversations.rename_thread(owner, "dm", event.old, event.new)


def _account(owner: Owner, event: base.AccountEvent, now: int) -> None:
    channels.report(owner.agency, owner.channel, event.health, event.name, event.detail)


APPLY: Mapping[type, Callable[..., Any]] = {
    base.Message: _message,
    base.Edit: revisions.edit,
    base.Delete: revisions.delete,
    base.Hide: revisions.hide,
    base.Reaction: revisions.react,
    base.Receipt: _receipt,
    base.ThreadEvent: conversations.record_thread_event,
    base.Profile: _profile,
    base.Moved: _moved,
    base.AccountEvent: _account,
}
