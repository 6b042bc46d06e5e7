"""A message arrives: one transaction stores it and changes its conversation.

It is stored and counted once, even if it arrives several times, or in two processes at the same time.
"""

from dataclasses import dataclass, replace

from chalicelib import clock, errors, ids
from chalicelib.channels.channels import Owner
from chalicelib.contacts import contacts
from chalicelib.inbox import conversations, marks, messages, windows
from chalicelib.networks import base
from chalicelib.rules import looking
from chalicelib.store import counters, keys, table
from chalicelib.store.models.inbox import Conversation, Message, Pointer
from chalicelib.store.table import Condition
from chalicelib.transport import beginnings

_MOST_ATTEMPTS = 10
_MOST_FAMILIAR = 10_000
_familiar: set[str] = set()  # partitions of conversations in which this process stored a message before


@dataclass(frozen=True)
class Received:
    """The id of a message, and whether it was new to us. `waiting`: events may be parked that wait for it."""

    id: str
    new: bool
    waiting: bool = False


@dataclass(frozen=True)
class _Assumptions:
    """What we assume about a conversation when we store a message in it. The transaction fails if it is not so.

    - `begins`: there is no such conversation yet, and nothing is known of the person.
    - `status`: the conversation is listed in this status; None: it is in no list yet. For an outgoing message any list
      will do.
    - `newest`: the conversation has no later message.
    - `opens`: the person has not opened the window to answer later than with this message.
    - `sought`: the conversation has a message of this moment or later, so we look whether this one is there already.
    - `counts`: for a message whose time is only known to the second: how many messages the conversation had when
      this one was looked for and not found.
    - `coarse_at`: the latest time of a message in the conversation that is only known to the second.
    - `events_wait`: events may be parked here until their message comes. If False, there are none.
    - `new_person`: the person was stored just now, and nobody has asked the network for their name yet.
    """

    conversation_id: str
    begins: bool = False
    status: str | None = "open"
    newest: bool = True
    opens: bool = True
    sought: bool = False
    counts: tuple[int, int] | None = None
    coarse_at: int = 0
    events_wait: bool = False
    new_person: bool = False


def receive(owner: Owner, event: base.Message, now: int) -> Received:
    """Stores a message once, and updates its conversation.

    If this process stored a message of the conversation before, it reads nothing and tries the transaction at once;
    otherwise it first reads the conversation and what is known of the person. If an assumption turns out to be wrong,
    it reads the conversation again and tries with what is there.
    """
    assumptions, may_concern = _first_assumptions(owner, event, now), _may_concern(owner, event, now)
    for _ in range(_MOST_ATTEMPTS):
        moderate = may_concern or _may_be_drawn(owner, assumptions.conversation_id, event, now)
        message = messages.new(
            owner, assumptions.conversation_id, event, now, new_person=assumptions.new_person, moderate=moderate
        )
        stored = _find_stored(message, event) if assumptions.sought else None
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
        _follow_up(message, opened=is_new and assumptions.newest)
        messages.keep_whole(message, event.text)
        # If it was stored before, whoever did so may have died before they applied the events that wait for it.
        return Received(message.id, new=is_new, waiting=assumptions.events_wait or not is_new)
    raise conversations.busy()


def _find_stored(message: Message, event: base.Message) -> Message | None:
    """The message, if it is stored already; looked for at its time, or in its second if the time is only known to the
    second.
    """
    at = messages.find_in_second if event.coarse else messages.find_at
    return at(message.pk, message.sent_at, event.id)


def _may_concern(owner: Owner, event: base.Message, now: int) -> bool:
    """True if rules of the brand may apply to the message. Never for one of ours or an old one."""
    if _is_ours_or_old(event, now):
        return False
    about = {
        "surface": event.surface, "media": bool(event.attachments), "paid": _is_paid(event),
        "origin": event.origin.id if event.origin else None, "reply": bool(event.reply_to),
    }  # fmt: skip
    return looking.may_concern(owner, event.text, event.person, about, now)


def _may_be_drawn(owner: Owner, conversation: str, event: base.Message, now: int) -> bool:
    """True if the message is drawn as a sample, in case no rule applies to it."""
    return not _is_ours_or_old(event, now) and looking.may_draw(owner, messages.id_of(conversation, event, now), now)


def _is_ours_or_old(event: base.Message, now: int) -> bool:
    return event.direction == "out" or messages.is_history(event, now)


def _is_paid(event: base.Message) -> bool | None:
    """None if this is only known once the publication was read."""
    return (True if event.origin.ad else None) if event.origin else False


def _follow_up(message: Message, *, opened: bool) -> None:
    """Does what follows after the message was stored. `opened`: the transaction has already opened the window to
    answer.
    """
    _note_familiar(message.pk)
    if message.direction == "out":
        marks.catch_up(message)
    elif not opened:
        windows.reopen(message.pk, message.sent_at)


def _first_assumptions(owner: Owner, event: base.Message, now: int) -> _Assumptions:
    id = conversations.id_of(owner, event.surface, event.thread)
    if not event.coarse and keys.within(owner.agency, id) in _familiar:
        return _Assumptions(id)
    id, conversation, is_known = beginnings.look(owner, event)
    if conversation is None and not is_known:
        return _Assumptions(id, begins=True, status=None, events_wait=True, new_person=True)
    return _corrected(owner, _Assumptions(id), conversation, event, now)


def _note_familiar(partition: str) -> None:
    if len(_familiar) >= _MOST_FAMILIAR:
        _familiar.clear()
    _familiar.add(partition)


def _corrected(
    owner: Owner, assumptions: _Assumptions, conversation: Conversation | None, event: base.Message, now: int
) -> _Assumptions:
    """The assumptions that hold for the conversation as it was just read.

    If there is no conversation it is created, and if the person is new or has changed, they are stored.
    """
    if conversation is None:
        id = conversations.create(owner, event, now)
        # Until now there was no conversation on which it could have been noted that events wait.
        return replace(assumptions, conversation_id=id, begins=False, status=None, events_wait=True, new_person=True)
    new_person = event.person is not None and contacts.fingerprint(event.person) not in (conversation.people or ())
    if event.person and new_person:
        conversations.record_person(owner, conversation, event.person, now)
    at, order = messages.sent_at(event, now), ids.order(messages.id_of(assumptions.conversation_id, event, now))
    coarse_at = conversation.coarse_at or 0
    return replace(
        assumptions,
        begins=False,
        status=counters.listed(conversation),
        sought=event.coarse or conversation.last_at >= at or coarse_at > at - clock.SECOND,
        counts=(conversation.heard, conversation.spoken) if event.coarse else None,
        coarse_at=coarse_at,
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
    if event.coarse:
        actions.append(Conversation.coarse_at.set(max(assumptions.coarse_at, message.sent_at)))
    move = conversations.move_for_message(message, assumptions.status)
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
    condition: Condition = Conversation.pk.exists()
    if assumptions.newest:
        condition &= _is_newest(message, may_tie=assumptions.sought or event.order > 0)
        if event.direction == "in" and assumptions.opens:  # what they did since may have opened the window for longer
            condition &= Conversation.last_in_at <= message.sent_at
    if event.person:
        condition &= Conversation.people.contains(contacts.fingerprint(event.person))
    if not assumptions.events_wait:
        condition &= Conversation.parked.does_not_exist()
    if assumptions.counts:
        heard, spoken = assumptions.counts
        condition &= (Conversation.heard == heard) & (Conversation.spoken == spoken)
    elif not assumptions.sought:
        is_before = Conversation.coarse_at <= message.sent_at - clock.SECOND
        condition &= Conversation.coarse_at.does_not_exist() | is_before
    return condition


def _is_newest(message: Message, *, may_tie: bool) -> Condition:
    """The condition that the conversation has no later message.

    A message of the same moment may be this one, stored before. So it counts as earlier only with `may_tie`: if we have
    looked for this message, or if the network numbers its messages.
    """
    newest: Condition = Conversation.last_at < message.sent_at
    if may_tie:
        newest |= (Conversation.last_at == message.sent_at) & (Conversation.last_order < ids.order(message.id))
    return newest
