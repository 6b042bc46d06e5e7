"""What a conversation no longer asks of the brand when the customer takes back what they said."""

from collections.abc import Sequence
from itertools import islice

from chalicelib import ids
from chalicelib.inbox import conversations
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.table import Action


def writes(message: Message, *more: Action) -> Sequence[table.Write]:
    """For transact, with the message's deletion: it is neither unread nor waited for. `more` is done besides."""
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
    """One less if it is among the unread, which are the last ones."""
    later = islice(conversations.said_after(message.pk, message.sk), conversation.unread)
    is_unread = sum(1 for _ in later) < conversation.unread
    return [Conversation.unread.set(conversation.unread - 1)] if is_unread else []


def _waiting(conversation: Conversation, message: Message) -> list[Action]:
    """They wait since what they said next; if there is nothing, they wait no longer."""
    if conversation.waiting_since != message.sent_at:
        return []
    moment = message.sk.removesuffix(ids.digest(message.network_id))  # of one second, some may sort before it
    others = (other for other in conversations.said_after(message.pk, moment) if other.id != message.id)
    other = next(others, None)
    if other is None:
        return [Conversation.waiting_since.remove()]
    was_first = conversation.opened_at == conversation.waiting_since
    opened = [Conversation.opened_at.set(other.sent_at)] if was_first else []
    return [Conversation.waiting_since.set(other.sent_at), *opened]
