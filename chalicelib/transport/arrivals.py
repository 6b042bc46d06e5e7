"""A message arrives: it is stored, and what it changes in its conversation, in a single transaction.

However often and beside itself it arrives, it is stored and counted once.
"""

from dataclasses import dataclass, replace

from chalicelib import errors, ids
from chalicelib.channels.channels import Owner
from chalicelib.contacts import contacts
from chalicelib.inbox import conversations, marks, messages, windows
from chalicelib.networks import base
from chalicelib.store import counters, keys, table
from chalicelib.store.models.inbox import Conversation, Message, Pointer
from chalicelib.store.table import Condition
from chalicelib.transport import beginnings

_MOST_ATTEMPTS = 10
_MOST_FAMILIAR = 10_000
_familiar: set[str] = set()  # partitions of conversations in which this process stored something


@dataclass(frozen=True)
class Received:
    """The id of a message that was received, and whether it is new. `waiting`: events may wait for it."""

    id: str
    new: bool
    waiting: bool = False


@dataclass(frozen=True)
class _Assumptions:
    """What receiving a message takes for granted about its conversation.

    `begins`: there is none, nor is anything known of the person. `status`: it is listed there; one of ours needs it to
    be listed anywhere. None: it is in no list yet. `newest`: nothing in the conversation is later.
    `opens`: nor did the person open the window later. `sought`: something is there of the message's moment or later, so
    whether it is the message itself was looked up. `events_wait`: events may wait there for their message.
    `new_person`: the person was recorded just now, so nobody asked the network for their name yet.
    """

    conversation_id: str
    begins: bool = False
    status: str | None = "open"
    newest: bool = True
    opens: bool = True
    sought: bool = False
    events_wait: bool = False
    new_person: bool = False


def receive(owner: Owner, event: base.Message, now: int) -> Received:
    """Store a message once, and update its conversation.

    Usually a known person writes in a conversation where this process was before: then this is one transaction and
    reads nothing. Otherwise it has one look first. What it assumes is in the conditions of the writes. If one does not
    hold, the assumptions are corrected and it tries again.
    """
    assumptions = _at_first(owner, event, now)
    for _ in range(_MOST_ATTEMPTS):
        message = messages.new(owner, assumptions.conversation_id, event, now, new_person=assumptions.new_person)
        stored = messages.said_at(message.pk, message.sent_at, event.id) if assumptions.sought else None
        if stored is None:
            try:
                table.transact(*_writes(owner, message, event, assumptions, now))
            except errors.Conflict:  # it is stored already
                stored = messages.find(owner.agency, assumptions.conversation_id, event.id, message.sent_at) or message
            except table.Refused:
                conversation = conversations.find(owner.agency, assumptions.conversation_id)
                assumptions = _corrected(owner, assumptions, conversation, event, now)
                continue
        is_new, message = stored is None, stored or message
        _follow(message, opened=is_new and assumptions.newest)
        messages.keep_whole(message, event.text)
        # Whoever stored it before may have died before looking for what waits for it.
        return Received(message.id, new=is_new, waiting=assumptions.events_wait or not is_new)
    raise errors.Unavailable("The conversation is too busy.")


def _follow(message: Message, *, opened: bool) -> None:
    """What a stored message changes after it. `opened`: it opened the window itself, as it was stored."""
    _remember(message.pk)
    if message.direction == "out":
        marks.catch_up(message)
    elif not opened:
        windows.reopen(message.pk, message.sent_at)


def _at_first(owner: Owner, event: base.Message, now: int) -> _Assumptions:
    id = conversations.id_of(owner, event.surface, event.thread)
    if keys.within(owner.agency, id) in _familiar:
        return _Assumptions(id)
    conversation, is_known = beginnings.look(owner, id, event)
    if conversation is None and not is_known:
        return _Assumptions(id, begins=True, status=None, events_wait=True, new_person=True)
    return _corrected(owner, _Assumptions(id), conversation, event, now)


def _remember(partition: str) -> None:
    if len(_familiar) >= _MOST_FAMILIAR:
        _familiar.clear()
    _familiar.add(partition)


def _corrected(
    owner: Owner, assumptions: _Assumptions, conversation: Conversation | None, event: base.Message, now: int
) -> _Assumptions:
    """Assumptions that hold now: creates the conversation and records the person where they are missing."""
    if conversation is None:
        id = conversations.create(owner, event, now)
        # Without a conversation, nothing noted whether events wait for the message.
        return replace(assumptions, conversation_id=id, begins=False, status=None, events_wait=True, new_person=True)
    new_person = event.person is not None and contacts.fingerprint(event.person) not in (conversation.people or ())
    if event.person and new_person:
        conversations.record_person(owner, conversation, event.person, now)
    at, order = messages.sent_at(event, now), ids.order(messages.id_of(assumptions.conversation_id, event, now))
    return replace(
        assumptions,
        begins=False,
        status=counters.listed(conversation),
        sought=conversation.last_at >= at,
        opens=conversation.last_in_at <= at,
        newest=(conversation.last_at, conversation.last_order) < (at, order),
        events_wait=assumptions.events_wait or bool(conversation.parked),
        new_person=assumptions.new_person or new_person,
    )


def _writes(
    owner: Owner, message: Message, event: base.Message, assumptions: _Assumptions, now: int
) -> list[table.Write]:
    unread = event.direction == "in" and not messages.is_history(event, now)
    actions = conversations.actions_for_message(
        message, newest=assumptions.newest, opens=assumptions.opens, unread=unread, now=now
    )
    move = conversations.move_for_message(message, assumptions.status, now)
    actions += move.actions
    writes = [table.putting(message, Message.pk.does_not_exist(), otherwise=errors.Conflict)]
    if assumptions.begins:
        writes += beginnings.writes(owner, assumptions.conversation_id, event, actions, now)
    else:
        condition = _condition(message, event, assumptions) & move.condition
        writes.append(table.changing(Conversation(message.pk, keys.CONVERSATION), actions, condition))
    writes += move.writes
    is_told_when = event.exact and event.at == message.sent_at
    if event.direction == "out" or not is_told_when or (assumptions.sought and not event.order):
        pointer = Pointer(message.pk, keys.pointer(event.id), message=message.id)
        writes.append(table.putting(pointer, Pointer.pk.does_not_exist(), otherwise=errors.Conflict))
    return writes


def _condition(message: Message, event: base.Message, assumptions: _Assumptions) -> Condition:
    """The assumptions, as a condition on the conversation."""
    condition: Condition = Conversation.pk.exists()
    if assumptions.newest:
        condition &= _is_newest(message, may_tie=assumptions.sought or event.order > 0)
        if event.direction == "in" and assumptions.opens:  # what they did since may have opened the window for longer
            condition &= Conversation.last_in_at <= message.sent_at
    if event.person:
        condition &= Conversation.people.contains(contacts.fingerprint(event.person))
    if not assumptions.events_wait:
        condition &= Conversation.parked.does_not_exist()
    return condition


def _is_newest(message: Message, *, may_tie: bool) -> Condition:
    """That the conversation has nothing later. What it has of the same moment may be this very message."""
    newest: Condition = Conversation.last_at < message.sent_at
    if may_tie:
        newest |= (Conversation.last_at == message.sent_at) & (Conversation.last_order < ids.order(message.id))
    return newest
