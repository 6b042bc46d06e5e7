"""How many messages of a conversation nobody has read yet."""

from collections.abc import Iterator
from itertools import islice

from chalicelib import errors, ids
from chalicelib.inbox import conversations
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Conversation, Message


def mark_read(conversation: Conversation, up_to: str, now: int) -> Conversation:
    """Mark the messages up to and including `up_to` as read; later ones stay unread.

    Raises NotFound if `up_to` is a message of another conversation.
    """
    if ids.conversation_of(up_to) != conversation.id:
        raise errors.NotFound
    agency = keys.agency_of(conversation.pk)
    while conversation.unread:
        unread = sum(1 for _ in islice(said_after(conversation.pk, keys.message(up_to)), conversation.unread))
        actions = [Conversation.unread.set(unread), Conversation.version.add(1), Conversation.updated_at.set(now)]
        if table.update(conversation, actions, Conversation.version == conversation.version):
            break
        conversation = conversations.find(agency, conversation.id) or conversation
    return conversation


def said_after(partition: str, sk: str) -> Iterator[Message]:
    """The messages that came in after that sort key, oldest first, without those imported or deleted."""
    still_there = (Message.direction == "in") & Message.deleted_at.does_not_exist()
    later = table.query(Message, partition, keys.MESSAGES, after=sk, where=still_there, consistent=True)
    return (message for message in later if not (message.context or {}).get("history"))
