"""One thing said in a conversation. Receiving is one transaction: the message if it is new, and its conversation.

Order is the network's time, never arrival. A network id is stored once; what is already there is not counted again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib import clock, errors, ids, page
from chalicelib.access.actors import Actor
from chalicelib.aws import storage
from chalicelib.channels.channels import Owner
from chalicelib.contacts import contacts
from chalicelib.inbox import conversations
from chalicelib.networks import base
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Conversation, Message, Pointer
from chalicelib.store.table import Condition

# `failed` stands between sent and delivered: a message that was delivered did not fail, whatever came late.
RANK = {"queued": 10, "sending": 20, "unknown": 25, "sent": 30, "failed": 35, "delivered": 40, "read": 50}
AHEAD = 5 * 60 * 1000
OLD = 8 * 24 * 3600 * 1000
LONGEST_TEXT = 60_000
LONGEST_INLINE = 10_000
_TRIES = 10
_SEARCHED = 5_000


@dataclass(frozen=True)
class Received:
    """What became of something said; `waiting` if events about it came first and are parked."""

    id: str
    new: bool
    waiting: bool = False


def receive(owner: Owner, said: base.Message, now: int) -> Received:
    """Store something said, once, and tell its conversation.

    The usual case, a known person in a known conversation, is one transaction that reads nothing; what it takes for
    granted is in its conditions, and made true when one of them fails.
    """
    conversation_id = ids.conversation(owner.channel, said.surface, said.thread)
    newest, waiting, stranger = True, False, False
    for _ in range(_TRIES):
        message = _item(owner, conversation_id, said, now, stranger=stranger)
        try:
            table.transact(*_writes(owner, message, said, newest=newest, waiting=waiting, now=now))
            return Received(message.id, new=True, waiting=waiting)
        except table.Refused as refused:
            if refused.failed[0] or any(refused.failed[2:]):
                return Received(message.id, new=False)
        conversation = conversations.find(owner.agency, conversation_id)
        if conversation is None:
            conversation_id = conversations.begin(owner, said, now)
            waiting = stranger = True
            continue
        if said.person and contacts.fingerprint(said.person) not in (conversation.people or ()):
            conversations.meet(owner, conversation, said.person, now)
            stranger = True
        newest, waiting = conversation.last_at <= message.sent_at, waiting or bool(conversation.parked)
    raise errors.Unavailable("The conversation is too busy.")


def _writes(
    owner: Owner, message: Message, said: base.Message, *, newest: bool, waiting: bool, now: int
) -> list[table.Write]:
    taken_for_granted: Condition = Conversation.pk.exists()
    if newest:
        taken_for_granted &= Conversation.last_at <= message.sent_at
    if said.person:
        taken_for_granted &= Conversation.people.contains(contacts.fingerprint(said.person))
    if not waiting:
        taken_for_granted &= Conversation.parked.does_not_exist()
    unread = said.direction == "in" and not _is_history(said, now)
    writes = [
        table.putting(message, Message.pk.does_not_exist()),
        table.changing(
            Conversation(message.pk, keys.CONVERSATION),
            conversations.heard(message, owner.agency, newest=newest, unread=unread, now=now),
            taken_for_granted,
        ),
    ]
    if said.direction == "out" or not said.exact:
        pointer = Pointer(message.pk, keys.pointer(said.id), message=message.id)
        writes.append(table.putting(pointer, Pointer.pk.does_not_exist()))
    return writes


def _item(owner: Owner, conversation_id: str, said: base.Message, now: int, *, stranger: bool) -> Message:
    at = min(said.at, now + AHEAD) if said.at > 0 else now
    id = ids.message(conversation_id, at, said.id)
    out = said.direction == "out"
    author = {"name": contacts.name_of(said.person), "network_id": said.person.id if said.person else ""}
    attachments = [kept(attachment) for attachment in said.attachments]
    context = {**said.context, **({"history": True} if _is_history(said, now) else {})}
    message = Message(
        keys.within(owner.agency, conversation_id), keys.message(id), id=id, channel=owner.channel, brand=owner.brand,
        direction=said.direction, surface=said.surface, kind=said.kind or _kind(said), network_id=said.id,
        author={} if out else {"contact": contacts.id_of(owner, said.person), **author},
        attachments=attachments or None, reply_to=said.reply_to or None, hidden=said.hidden or None,
        status="sent" if out else "received", rank=RANK["sent"] if out else 0, context=context or None,
        sent_at=at, received_at=now, todo=",".join(_todo(said, stranger=stranger)) or None,
    )  # fmt: skip
    _write_text(message, said.text)
    return message


def kept(attachment: base.Attachment) -> Mapping[str, Any]:
    """An attachment as its message keeps it."""
    return {name: value for name, value in vars(attachment).items() if value}


def _kind(said: base.Message) -> str:
    return said.attachments[0].kind if said.attachments and not said.text else "text"


def _todo(said: base.Message, *, stranger: bool) -> Iterator[str]:
    """What is left to do in the background, by followup's names."""
    if any(attachment.expires for attachment in said.attachments):
        yield "fetch"
    if said.surface == "mention" and not said.text:
        yield "complete"
    elif stranger and said.person and said.person.id and not contacts.name_of(said.person):
        yield "profile"
    if said.kind == "postback":
        yield "acknowledge"


def _is_history(said: base.Message, now: int) -> bool:
    return said.history or 0 < said.at < now - OLD


def _write_text(message: Message, text: str) -> None:
    message.text = text
    if len(text.encode("utf-8", "replace")) > LONGEST_TEXT:
        agency = keys.agency_of(message.pk)
        message.full_text = f"text/{agency}/{message.id}.{ids.digest(text)}.txt"
        storage.put(message.full_text, text.encode("utf-8", "replace"), "text/plain; charset=utf-8", name="text")
        message.text = text[:LONGEST_INLINE]


def find(agency: str, conversation_id: str, network_id: str, created: int = 0) -> Message | None:
    """The message of a network id: where its time says, where its pointer says, or by looking through the newest."""
    partition = keys.within(agency, conversation_id)
    if created:
        found = table.get(Message, partition, keys.message(ids.message(conversation_id, created, network_id)))
        if found:
            return found
    pointer = table.get(Pointer, partition, keys.pointer(network_id))
    if pointer:
        return table.get(Message, partition, keys.message(pointer.message))
    newest = table.query(Message, partition, keys.MESSAGES, newest=True, consistent=True)
    for _, message in zip(range(_SEARCHED), newest, strict=False):
        if message.network_id == network_id:
            return message
    return None


def latest(partition: str, direction: str) -> Message | None:
    """The newest message of a conversation's partition that came in, or that went out."""
    newest = table.query(
        Message, partition, keys.MESSAGES, newest=True, consistent=True, where=Message.direction == direction
    )
    return next(newest, None)


def get(actor: Actor, id: str) -> tuple[Message, Conversation]:
    """A message and its conversation; NotFound unless the actor may see them, Forbidden if they may see them only."""
    if not ids.is_id(id, "msg"):
        raise errors.NotFound
    conversation = conversations.get(actor, ids.conversation_of(id))
    message = table.get(Message, conversation.pk, keys.message(id))
    if message is None:
        raise errors.NotFound
    return message, conversation


def listing(conversation: Conversation, order: str, limit: int, cursor: str | None) -> Mapping[str, Any]:
    """A page of the conversation's messages, from the oldest or from the newest on."""
    scope = f"{conversation.pk}|{order}"
    edge, newest = page.position(scope, cursor) or "", order == "newest"
    some = table.query(
        Message, conversation.pk, keys.MESSAGES, newest=newest, limit=limit + 2, consistent=True,
        before=edge if newest else "", after="" if newest else edge,
    )  # fmt: skip
    messages, more = page.cut(some, limit, scope, lambda message: message.sk)
    names = {conversation.contact: conversation.contact_name}
    return {"items": [view(message, names) for message in messages], "next": more}


def view(message: Message, names: Mapping[str, str] | None = None) -> Mapping[str, Any]:
    """A message as the API tells it; `names` of contacts fill in for authors the network left nameless."""
    author = message.author or None
    if author and names and not author.get("name"):
        author = {**author, "name": names.get(author.get("contact", ""), "")}
    return {
        "id": message.id,
        "conversation": ids.conversation_of(message.id),
        "direction": message.direction,
        "surface": message.surface,
        "kind": message.kind,
        "text": message.text or "",
        "full_text": storage.link(message.full_text) if message.full_text else None,
        "attachments": [_view_attachment(entry) for entry in message.attachments or ()],
        "author": author,
        "network_id": message.network_id or None,
        "reply_to": message.reply_to,
        "reply": message.reply,
        "status": message.status,
        "error": message.error,
        "reactions": [
            {"emoji": entry["emoji"], "by": entry["by"]} for entry in message.reactions or () if entry["emoji"]
        ],
        "revisions": message.revisions or [],
        "context": message.context or {},
        "edited_at": clock.text(message.edited_at) if message.edited_at else None,
        "deleted_at": clock.text(message.deleted_at) if message.deleted_at else None,
        "hidden": bool(message.hidden),
        "sent_at": clock.text(message.sent_at),
        "received_at": clock.text(message.received_at),
    }


def _view_attachment(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    shown = {name: value for name, value in entry.items() if name not in ("media", "expires", "stored")}
    stored = entry.get("stored")
    return {
        "url": None,
        "mime": None,
        "name": None,
        "size": None,
        **shown,
        **({"url": storage.link(stored)} if stored else {}),
    }
