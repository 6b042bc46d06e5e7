"""How far a message of ours got. Its status only moves forward, in whatever order the network reports."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib import ids
from chalicelib.access import actors, audit
from chalicelib.channels.channels import Owner
from chalicelib.inbox import marks
from chalicelib.inbox.early_events import Early
from chalicelib.networks import base
from chalicelib.replies import lists
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Conversation, Message, Pointer

AUDITED = ("sent", "failed", "unknown")
_MOST_SEARCHED = 50
_ON_ITS_WAY = ("sending", "unknown", "sent")


def advance(message: Message, status: str, now: int, *, error: Mapping[str, Any] | None = None) -> bool:
    """Moves a message forward to a status and sets or removes its error. Returns False if it got that far already.

    An audit entry and the lists of the message's reply are written in the same transaction. After a failure the person
    waits for an answer again.
    """
    if status == "failed":
        _wait_again(message)
    actions = [Message.status.set(status), Message.rank.set(marks.RANK[status]), Message.version.add(1)]
    actions.append(Message.error.set(error) if error else Message.error.remove())
    further = Message.pk.exists() & (Message.rank < marks.RANK[status])
    writes = lists.writes_for_status(message, status, now)
    if message.reply and status in AUDITED:
        writes.append(_entry(message, message.reply, status, now, error))
    if not writes:
        return table.update(Message(message.pk, message.sk), actions, further)
    return _write(table.changing(Message(message.pk, message.sk), actions, further), *writes)


def _write(*writes: table.Write) -> bool:
    """Make all of the writes or none; False if the condition of one does not hold."""
    try:
        table.transact(*writes)
    except table.Refused:
        return False
    return True


def _wait_again(message: Message) -> None:
    """Restart the waiting clock, unless a later answer got through or the conversation is resolved.

    This comes first: the caller may die after it, and repeating it changes nothing.
    """
    later = (Message.direction == "out") & (Message.status != "failed")
    later &= Message.reply.does_not_exist() | (Message.reply != message.reply)
    while message.waited_since:
        conversation = table.get(Conversation, message.pk, keys.CONVERSATION)
        answers = table.query(Message, message.pk, keys.MESSAGES, after=message.sk, where=later, consistent=True)
        if conversation is None or conversation.status == "resolved" or next(answers, None):
            return
        since = min(message.waited_since, (conversation.waiting_since or message.waited_since))
        again = [Conversation.waiting_since.set(since), Conversation.version.add(1)]
        if table.update(conversation, again, Conversation.version == conversation.version):
            return


def _entry(message: Message, reply: str, status: str, now: int, error: Mapping[str, Any] | None) -> table.Write:
    after = {"state": status, "message": message.id, **({"code": error["code"]} if error else {})}
    agency = keys.agency_of(message.pk)
    return audit.entry(actors.system(agency), f"reply.{status}", reply, now, brand=message.brand, after=after)


def confirm(message: Message, network_id: str, now: int, also: Sequence[str] = ()) -> None:
    """Record that the network has our message, under `network_id`, and mark it as sent.

    `also` are the network's ids of further parts: receipts for them count for the message.
    """
    for id in also:
        part = Pointer(message.pk, keys.pointer(id), message=message.id)
        table.put(part, Pointer.pk.does_not_exist())
    try:
        if message.network_id != network_id:
            _record_network_id(message, network_id)
    finally:
        if message.rank < marks.RANK["sent"]:
            advance(message, "sent", now)  # the network has it, whatever failed here
        marks.catch_up(message)


def _record_network_id(message: Message, network_id: str) -> None:
    """Give our message its network id. If its echo was stored as a message of its own, ours takes its place."""
    pointer = Pointer(message.pk, keys.pointer(network_id), message=message.id)
    sent = [Message.network_id.set(network_id), Message.version.add(1), Message.todo.remove()]
    change = table.changing(Message(message.pk, message.sk), sent, Message.pk.exists())
    is_free = Pointer.pk.does_not_exist() | (Pointer.message == message.id)
    if _write(change, table.putting(pointer, is_free)):
        return
    taken = table.get(Pointer, pointer.pk, pointer.sk)
    if taken and taken.message != message.id:
        echo = Message(message.pk, keys.message(taken.message))
        is_unchanged = Pointer.message == taken.message
        table.transact(change, table.putting(pointer, is_unchanged), table.deleting(echo))


def find_own(owner: Owner, conversation_id: str, echo: base.Message) -> Message | None:
    """The message of ours that the network echoes: by our own id, or one on its way with the same content.

    Without our id it looks through the newest messages only, so that it costs the same in a long thread.
    """
    partition = keys.within(owner.agency, conversation_id)
    if ids.is_id(echo.correlation, "msg"):
        return table.get(Message, partition, keys.message(echo.correlation))
    newest = table.query(Message, partition, keys.MESSAGES, newest=True, consistent=True, limit=_MOST_SEARCHED)
    on_their_way = (message for message in newest if message.status in _ON_ITS_WAY and not message.network_id)
    return next((message for message in on_their_way if _has_same_content(message, echo)), None)


def _has_same_content(message: Message, echo: base.Message) -> bool:
    """Compares texts without regard to white space; if neither has a text, compares the kinds of attachments."""
    if echo.text or message.text:
        return message.text.split() == echo.text.split()
    kinds = [entry["kind"] for entry in message.attachments or ()]
    return kinds == [attachment.kind for attachment in echo.attachments]


def apply_receipt(owner: Owner, conversation_id: str, receipt: base.Receipt, now: int) -> None:
    """Apply a receipt for one message, or for all of ours up to a watermark.

    Raises Early for a message that is not stored yet.
    """
    partition = keys.within(owner.agency, conversation_id)
    if not receipt.id:
        marks.hold(partition, receipt.status, receipt.watermark, now)
        return
    pointer = table.get(Pointer, partition, keys.pointer(receipt.id))
    id = pointer.message if pointer else receipt.correlation
    message = table.get(Message, partition, keys.message(id)) if ids.is_id(id, "msg") else None
    if message is None:
        raise Early(conversation_id, receipt.id)
    if pointer is None:
        confirm(message, receipt.id, now)
    error = {"code": receipt.code, "text": receipt.error} if receipt.status == "failed" else None
    advance(message, receipt.status, now, error=error)
    if receipt.status == "sent":
        marks.catch_up(message)
    if receipt.and_older:
        marks.hold(partition, receipt.status, marks.went_at(message), now)
