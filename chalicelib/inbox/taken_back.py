"""When a customer deletes a message of theirs, it no longer counts as unread or as waiting for an answer."""

from collections.abc import Iterator, Sequence
from itertools import islice

from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.table import Action

_LOOKED_AT = 200  # of the newest messages: one request


def writes(message: Message, *more: Action) -> Sequence[table.Write]:
    """For transact, together with the deletion: the change of the conversation, with the actions `more`."""
    conversation = table.get(Conversation, message.pk, keys.CONVERSATION)
    if conversation is None or message.deleted_at or message.direction == "out":
        return []
    counts = not (message.context or {}).get("history")
    actions = [*_unread(conversation, message), *_waiting(conversation, message)] if counts else []
    changes = [*actions, *more]
    if not changes:
        return []
    is_unchanged = Conversation.version == conversation.version
    return [
        table.changing(
            Conversation(message.pk, keys.CONVERSATION), [*changes, Conversation.version.add(1)], is_unchanged
        )
    ]


def _unread(conversation: Conversation, message: Message) -> list[Action]:
    """Counts one less if the message is among the unread ones, which are the last ones that came in."""
    last = islice((said for said in _newest(message.pk) if _is_counted(said)), conversation.unread)
    is_unread = any(said.sk == message.sk for said in last)
    return [Conversation.unread.set(conversation.unread - 1)] if is_unread else []


def _waiting(conversation: Conversation, message: Message) -> list[Action]:
    """The customer waits since the first of their other unanswered messages; if there is none, no longer."""
    if conversation.waiting_since != message.sent_at:
        return []
    others = [other.sent_at for other in _unanswered(message.pk) if other.id != message.id]
    if not others:
        return [Conversation.waiting_since.remove()]
    was_first = conversation.opened_at == conversation.waiting_since
    opened = [Conversation.opened_at.set(min(others))] if was_first else []
    return [Conversation.waiting_since.set(min(others)), *opened]


def _unanswered(partition: str) -> Iterator[Message]:
    """The customer's messages since the last answer, without deleted and imported ones, among the newest 200."""
    for message in _newest(partition):
        if message.direction == "out" and message.status != "failed":
            return
        if _is_counted(message):
            yield message


def _newest(partition: str) -> Iterator[Message]:
    return table.query(Message, partition, keys.MESSAGES, newest=True, limit=_LOOKED_AT, consistent=True)


def _is_counted(message: Message) -> bool:
    return message.direction == "in" and not message.deleted_at and not (message.context or {}).get("history")
