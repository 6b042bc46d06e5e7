"""How far a message of ours got. It only moves forward; what the network says in any order ends in the same state."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib import ids
from chalicelib.access import actors, audit
from chalicelib.channels.channels import Owner
from chalicelib.inbox import messages
from chalicelib.inbox.early_events import Early
from chalicelib.networks import base
from chalicelib.replies import lists
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Conversation, Message, Pointer

TOLD = ("sent", "failed", "unknown")
_RECENT = 20


def advance(message: Message, status: str, now: int, *, error: Mapping[str, Any] | None = None) -> bool:
    """Move a message on to a status, with its error or rid of an earlier one; False if it is already that far.

    What became of a reply is audited, and listed, with it. An answer that did not get through is none: who waited for
    it waits.
    """
    if status == "failed":
        _wait_again(message)
    actions = [Message.status.set(status), Message.rank.set(messages.RANK[status]), Message.version.add(1)]
    actions.append(Message.error.set(error) if error else Message.error.remove())
    further = Message.pk.exists() & (Message.rank < messages.RANK[status])
    also = lists.told(message, status, now)
    if message.reply and status in TOLD:
        also.append(_told(message, message.reply, status, now, error))
    if not also:
        return table.update(Message(message.pk, message.sk), actions, further)
    try:
        table.transact(table.changing(Message(message.pk, message.sk), actions, further), *also)
    except table.Refused:
        return False
    return True


def _wait_again(message: Message) -> None:
    """First, as it may come twice; nothing if they were answered since, or what they wanted is settled."""
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


def _told(message: Message, reply: str, status: str, now: int, error: Mapping[str, Any] | None) -> table.Write:
    after = {"state": status, "message": message.id, **({"code": error["code"]} if error else {})}
    agency = keys.agency_of(message.pk)
    return audit.entry(actors.system(agency), f"reply.{status}", reply, now, brand=message.brand, after=after)


def confirm(message: Message, network_id: str, now: int, also: Sequence[str] = ()) -> None:
    """The network has our message under `network_id`. If its echo was stored apart in the meantime, that one goes.

    `also` are ids of further parts: what is told about them is told about the message.
    """
    for id in also:
        part = Pointer(message.pk, keys.pointer(id), message=message.id)
        table.put(part, Pointer.pk.does_not_exist())
    if message.network_id == network_id:
        return
    pointer = Pointer(message.pk, keys.pointer(network_id), message=message.id)
    sent = [Message.network_id.set(network_id), Message.version.add(1), Message.todo.remove()]
    ours = table.changing(Message(message.pk, message.sk), sent, Message.pk.exists())
    try:
        table.transact(ours, table.putting(pointer, Pointer.pk.does_not_exist() | (Pointer.message == message.id)))
    except table.Refused:
        other = table.get(Pointer, pointer.pk, pointer.sk)
        if other is None or other.message == message.id:
            return
        echo = Message(message.pk, keys.message(other.message))
        table.transact(ours, table.putting(pointer, Pointer.message == other.message), table.deleting(echo))
    finally:
        advance(message, "sent", now)


def own(owner: Owner, conversation_id: str, said: base.Message) -> Message | None:
    """The message of ours that an echo repeats: by our own id, or one on its way with the very same words."""
    partition = keys.within(owner.agency, conversation_id)
    if ids.is_id(said.correlation, "msg"):
        return table.get(Message, partition, keys.message(said.correlation))
    on_its_way = Message.status.is_in("sending", "unknown", "sent") & (Message.network_id == "")
    newest = table.query(
        Message, partition, keys.MESSAGES, newest=True, consistent=True, where=on_its_way, limit=_RECENT
    )
    return next((message for message in newest if _same(message, said)), None)


def _same(message: Message, said: base.Message) -> bool:
    if said.text or message.text:
        return " ".join(message.text.split()) == " ".join(said.text.split())
    kinds = [entry["kind"] for entry in message.attachments or ()]
    return kinds == [attachment.kind for attachment in said.attachments]


def mark(owner: Owner, conversation_id: str, receipt: base.Receipt, now: int) -> None:
    """Take a receipt for one message, or for all of ours up to a watermark. Raises Early for a message unknown yet."""
    partition = keys.within(owner.agency, conversation_id)
    if not receipt.id:
        _mark_up_to(partition, receipt.status, receipt.watermark, now)
        return
    pointer = table.get(Pointer, partition, keys.pointer(receipt.id))
    id = pointer.message if pointer else receipt.correlation if ids.is_id(receipt.correlation, "msg") else ""
    message = table.get(Message, partition, keys.message(id)) if id else None
    if message is None:
        raise Early(conversation_id, receipt.id)
    if pointer is None:
        confirm(message, receipt.id, now)
    error = {"code": receipt.code, "text": receipt.error} if receipt.status == "failed" else None
    advance(message, receipt.status, now, error=error)
    if receipt.and_older:
        _mark_up_to(partition, receipt.status, message.sent_at, now)


def _mark_up_to(partition: str, status: str, watermark: int, now: int) -> None:
    mine = (Message.direction == "out") & (Message.sent_at <= watermark) & (Message.rank < messages.RANK[status])
    for message in table.query(Message, partition, keys.MESSAGES, newest=True, consistent=True, where=mine):
        if message.rank >= messages.RANK["sent"]:
            advance(message, status, now)
