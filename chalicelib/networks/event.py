"""One event of a network becomes a change in the inbox. This table is where an Instagram comment becomes a Message."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from chalicelib import ids, networks
from chalicelib.inbox import contact, conversation, delivery, message, parked, revision
from chalicelib.networks import base
from chalicelib.tenancy import channel
from chalicelib.tenancy.channel import Owner


def apply(owner: Owner, inbound: base.Inbound, now: int) -> None:
    """Apply the event, and whatever waited for it. An event about a message that is not here yet waits in its turn."""
    change = APPLY[type(inbound.event)]
    if isinstance(inbound.event, base.AccountEvent):
        for of in channel.named(owner.agency, owner.network, inbound.account):
            change(replace(owner, channel=of.id), inbound.event, now)
        return
    try:
        done = change(owner, inbound.event, now)
    except delivery.Early as early:
        parked.park(owner, early.conversation, early.network_id, inbound.raw, now)
        try:
            change(owner, inbound.event, now)  # the message may have come between the look and the parking
        except delivery.Early:
            return
        done = None
    if isinstance(done, message.Received) and done.waiting and isinstance(inbound.event, base.Message):
        release(owner, ids.conversation_of(done.id), inbound.event.id, now)


def release(owner: Owner, conversation_id: str, network_id: str, now: int) -> None:
    """Apply the events that waited for the message of that network id."""
    network = networks.get(owner.network)
    for body in parked.release(owner, conversation_id, network_id):
        for waiting in network.parse(body) if network else ():
            apply(owner, waiting, now)


def _message(owner: Owner, event: base.Message, now: int) -> message.Received:
    if event.direction == "out" and not event.history:
        mine = delivery.own(owner, conversation.locate(owner, event.surface, event.thread), event)
        if mine:
            delivery.confirm(mine, event.id, now)
            return message.Received(mine.id, new=False)
    return message.receive(owner, event, now)


def _receipt(owner: Owner, event: base.Receipt, now: int) -> None:
    known = ids.is_id(event.correlation, "msg")
    place = ids.conversation_of(event.correlation) if known else conversation.locate(owner, event.surface, event.thread)
    delivery.mark(owner, place, event, now)


def _profile(owner: Owner, event: base.Profile, now: int) -> None:
    contact.note(owner, event.person, now)
    if event.reachable is not None:
        contact.reach(owner, contact.id_of(owner, event.person), event.reachable)


def _moved(owner: Owner, event: base.Moved, now: int) -> None:
    conversation.move(owner, "dm", event.old, event.new)


def _account(owner: Owner, event: base.AccountEvent, now: int) -> None:
    channel.report(owner.agency, owner.channel, event.health, event.name, event.detail)


APPLY: Mapping[type, Callable[..., Any]] = {
    base.Message: _message,
    base.Edit: revision.edit,
    base.Delete: revision.delete,
    base.Hide: revision.hide,
    base.Reaction: revision.react,
    base.Receipt: _receipt,
    base.ThreadEvent: conversation.annotate,
    base.Profile: _profile,
    base.Moved: _moved,
    base.AccountEvent: _account,
}
