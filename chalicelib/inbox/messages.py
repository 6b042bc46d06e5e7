"""Messages of a conversation.

They are ordered by the network's time; at the same time by the number that the network gives them, or by arrival if it
gives none.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.access.actors import Actor
from chalicelib.aws import storage
from chalicelib.channels.channels import Owner
from chalicelib.contacts import contacts
from chalicelib.inbox import conversations, marks
from chalicelib.networks import base
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Conversation, Message, Pointer

HISTORY_AGE = 8 * clock.DAY
MODERATE = "moderate"  # in the `todo` of a message: rules may match it
COPIED = ("stored", "blocked", "unavailable")  # what became of the copy of a file
LONGEST_TEXT_BYTES = 60_000
LONGEST_INLINE_CHARACTERS = 10_000
_MOST_SEARCHED = 5_000
_FIRST_PORTION = 8


def sent_at(event: base.Message, now: int) -> int:
    """When the message was sent (ms): as the network says, or now; never far in the future."""
    return min(event.at, now + marks.MOST_AHEAD) if event.at > 0 else now


def id_of(conversation_id: str, event: base.Message, now: int) -> str:
    order = event.order or ids.arrival(now, event.place)
    return ids.message(conversation_id, sent_at(event, now), event.id, order)


def new(
    owner: Owner, conversation_id: str, event: base.Message, now: int, *, new_person: bool, moderate: bool = False
) -> Message:
    """A message that came in, not stored yet. It has only the beginning of a long text; `keep_whole` stores the whole.

    `new_person`: the person was recorded just now, so nobody asked the network for their name yet. `moderate`: rules of
    the brand may apply to the message.
    """
    id, at = id_of(conversation_id, event, now), sent_at(event, now)
    out = event.direction == "out"
    context = kept_context(event.context, history=is_history(event, now))
    message = Message(
        keys.within(owner.agency, conversation_id), keys.message(id), id=id, channel=owner.channel,
        brand=owner.brand, direction=event.direction, surface=event.surface, kind=event.kind or _kind(event),
        network_id=event.id, author={} if out else author_of(owner, event.person),
        attachments=[attachment_fields(attachment) for attachment in event.attachments] or None,
        reply_to=event.reply_to or None, hidden=event.hidden or None, status="sent" if out else "received",
        rank=marks.RANK["sent"] if out else 0, context=context or None, sent_at=at, received_at=now,
        todo=",".join(_todo_of_new(event, new_person=new_person, moderate=moderate)) or None,
        source="native_app" if out else None,
    )  # fmt: skip
    message.text, message.full_text = shortened(message, event.text)
    return message


def kept_context(context: base.Json, *, history: bool) -> base.Json:
    """The context that the network gives with a message, with `history` added for a message of the past."""
    return {**context, "history": True} if history else context


def author_of(owner: Owner, person: base.Person | None) -> Mapping[str, Any]:
    return {
        "contact": contacts.id_of(owner, person),
        "name": contacts.name_of(person),
        "network_id": person.id if person else "",
    }


def attachment_fields(attachment: base.Attachment) -> Mapping[str, Any]:
    """An attachment as its message keeps it: only the fields that have a value."""
    return {name: value for name, value in vars(attachment).items() if value}


def _kind(event: base.Message) -> str:
    return event.attachments[0].kind if event.attachments and not event.text else "text"


def todo(message: Message) -> list[str]:
    return message.todo.split(",") if message.todo else []


def _todo_of_new(event: base.Message, *, new_person: bool, moderate: bool) -> Iterator[str]:
    """The names of the work that a new message leaves, for its `todo`."""
    if moderate:
        yield MODERATE
    if any(attachment.expires for attachment in event.attachments):
        yield "fetch"
    if event.surface == "mention" and not event.text:
        yield "complete"
    elif new_person and event.person and event.person.id and not contacts.name_of(event.person):
        yield "profile"
    if event.kind == "postback":
        yield "acknowledge"


def is_history(event: base.Message, now: int) -> bool:
    return event.history or 0 < event.at < now - HISTORY_AGE


def shortened(message: Message, text: str) -> tuple[str, str | None]:
    """The text as the item holds it, and None. For a long text its first 10,000 characters, and the bucket's key for
    the whole.
    """
    if len(text.encode("utf-8", "replace")) <= LONGEST_TEXT_BYTES:
        return text, None
    agency = keys.agency_of(message.pk)
    return text[:LONGEST_INLINE_CHARACTERS], f"text/{agency}/{message.id}.{ids.digest(text)}.txt"


def keep_whole(message: Message, text: str) -> None:
    """Puts a long text in the bucket, unless the message has another text by now."""
    key = shortened(message, text)[1]
    if key and key == message.full_text:
        storage.put(key, text.encode("utf-8", "replace"), "text/plain; charset=utf-8", name="text.txt")


def find(agency: str, conversation_id: str, network_id: str, created: int = 0) -> Message | None:
    """The message with a network id: first `find_in_place`, then `search`.

    `created` is the network's time of the message (ms), 0 if unknown.
    """
    where = agency, conversation_id, network_id, created
    return find_in_place(*where) or search(*where)


def find_in_place(agency: str, conversation_id: str, network_id: str, created: int) -> Message | None:
    """The message, if it was sent at `created` or a pointer names it. Costs the same in a thread of any length."""
    partition = keys.within(agency, conversation_id)
    message = find_at(partition, created, network_id) if created else None
    if message:
        return message
    pointer = table.get(Pointer, partition, keys.pointer(network_id))
    return table.get(Message, partition, keys.message(pointer.message)) if pointer else None


def search(agency: str, conversation_id: str, network_id: str, created: int) -> Message | None:
    """The message, if it is within a minute of `created`; without that time, if it is among the newest 5000."""
    partition = keys.within(agency, conversation_id)
    searched = islice(_around(partition, created) if created else _newest(partition), _MOST_SEARCHED)
    return next((message for message in searched if message.network_id == network_id), None)


def _around(partition: str, at: int) -> Iterator[Message]:
    """The messages from a minute before to a minute after: a network may give two times for one message."""
    after, before = (keys.messages_at(at + minutes * clock.MINUTE) for minutes in (-1, 1))
    return table.query(Message, partition, keys.MESSAGES, after=after, before=before, consistent=True)


def _newest(partition: str) -> Iterator[Message]:
    """The messages of a conversation, newest first, read in growing portions: most events are about what is new."""
    before, size = "", _FIRST_PORTION
    while True:
        portion = list(
            table.query(Message, partition, keys.MESSAGES, newest=True, consistent=True, before=before, limit=size)
        )
        yield from portion
        if len(portion) < size - 1:  # of a portion `before` a message, that one may be left out
            return
        before, size = portion[-1].sk, size * 4


def find_at(partition: str, at: int, network_id: str) -> Message | None:
    """The message with that network id among those of one moment (ms)."""
    said = table.query(Message, partition, keys.messages_at(at), consistent=True)
    return next((message for message in said if message.network_id == network_id), None)


def find_in_second(partition: str, at: int, network_id: str) -> Message | None:
    """The message with that network id among those of the second that begins at `at` (ms)."""
    after, before = keys.messages_at(at), keys.messages_at(at + clock.SECOND)
    said = table.query(Message, partition, keys.MESSAGES, after=after, before=before, consistent=True)
    return next((message for message in said if message.network_id == network_id), None)


def latest(partition: str, direction: str) -> Message | None:
    """The newest message of a conversation's partition; `direction` is `in` or `out`."""
    newest = table.query(
        Message, partition, keys.MESSAGES, newest=True, consistent=True, where=Message.direction == direction
    )
    return next(newest, None)


def get(actor: Actor, id: str) -> Message:
    """Raises NotFound or Forbidden as `conversations.get` does for the conversation of the message."""
    return with_conversation(actor, id)[0]


def with_conversation(actor: Actor, id: str) -> tuple[Message, Conversation]:
    """Raises what `get` raises."""
    if not ids.is_id(id, "msg"):
        raise errors.NotFound
    return conversations.with_part(actor, Message, id, keys.message(id))
