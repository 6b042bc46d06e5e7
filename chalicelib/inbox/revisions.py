"""What happens to a message after it was said: edits, deletions, hiding, reactions. What was there stays traceable.

Each event has its own time; one that is older than what is already known changes nothing.
"""

from collections.abc import Callable, Sequence

from chalicelib import clock
from chalicelib.aws import storage
from chalicelib.channels.channels import Owner
from chalicelib.inbox import conversations, messages
from chalicelib.inbox.early_events import Early
from chalicelib.networks import base
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.table import Action

Change = Callable[[Message], Sequence[Action]]


def edit(owner: Owner, event: base.Edit, now: int) -> None:
    """Replace the words, keep the earlier ones. Raises Early if the message is not here."""
    at = event.at or now

    def change(message: Message) -> Sequence[Action]:
        if message.deleted_at or _is_known(message, event, at):
            return []
        earlier = {"text": message.text, "at": clock.text(message.edited_at or message.sent_at)}
        actions: list[Action] = [Message.text.set(event.text)]
        # the rest of a message that came in two halves is no new version of it
        if at != event.created or message.text not in ("", event.text):
            actions += [Message.revisions.set([*(message.revisions or ()), earlier]), Message.edited_at.set(at)]
        if event.attachments is not None:
            actions.append(Message.attachments.set([messages.kept(entry) for entry in event.attachments]))
        return actions

    _change(owner, event.surface, event.thread, event.id, event.created, change)


def _is_known(message: Message, event: base.Edit, at: int) -> bool:
    """True for words that are there, were there, or are older; of two edits in one second the later to come counts."""
    is_there = message.text == event.text and not event.attachments
    was_there = {"text": event.text, "at": clock.text(at)} in (message.revisions or ())
    return is_there or was_there or bool(message.edited_at and at < message.edited_at)


def delete(owner: Owner, event: base.Delete, now: int) -> None:
    """Leave a tombstone: that something was said stays, what was said goes. Raises Early for a message not here."""
    for id in event.ids:
        _change(
            owner, event.surface, event.thread, id, event.created, lambda message: tombstone(message, event.at or now)
        )


def tombstone(message: Message, at: int) -> Sequence[Action]:
    """What taking a message back changes in it."""
    if message.deleted_at:
        return []
    return [
        Message.deleted_at.set(at),
        Message.text.set(""),
        Message.attachments.remove(),
        Message.revisions.remove(),
        Message.full_text.remove(),
        Message.todo.remove(),
    ]


def hide(owner: Owner, event: base.Hide, now: int) -> None:
    """Note that the network shows it no more, or again. Raises Early if the message is not here."""
    _change(
        owner, event.surface, event.thread, event.id, event.created,
        lambda message: [] if bool(message.hidden) == event.hidden else [Message.hidden.set(event.hidden)],
    )  # fmt: skip


def react(owner: Owner, event: base.Reaction, now: int) -> None:
    """Each person has one reaction, the latest. Raises Early if the message is not here."""
    _change(
        owner, event.surface, event.thread, event.id, 0,
        lambda message: with_reaction(message, event.by.name or event.by.id, event.by.id, event.emoji, event.at or now),
    )  # fmt: skip


def with_reaction(message: Message, name: str, by: str, emoji: str, at: int) -> Sequence[Action]:
    """What somebody's reaction changes; one taken away stays as empty, so a late arrival cannot bring it back."""
    old = message.reactions or []
    mine = next((entry for entry in old if entry["id"] == by), None)
    if mine and (mine["at"] > at or mine["emoji"] == emoji):
        return []
    others = [entry for entry in old if entry["id"] != by]
    return [Message.reactions.set([*others, {"emoji": emoji, "by": name, "id": by, "at": at}])]


def _change(owner: Owner, surface: str, thread: str, id: str, created: int, change: Change) -> None:
    conversation_id = conversations.locate(owner, surface, thread)
    while True:
        message = messages.find(owner.agency, conversation_id, id, created)
        if message is None:
            raise Early(conversation_id, id)
        if apply(message, change(message)):
            return


def apply(message: Message, actions: Sequence[Action], *writes: table.Write) -> bool:
    """Change the message unless it changed since it was read; False asks to read again.

    `writes` happen with it or not at all. Nothing to change and nothing to write is done at once.
    """
    if not actions and not writes:
        return True
    changes, same = [*actions, Message.version.add(1)], Message.version == message.version
    files = stored_files(message)
    if writes:
        try:
            table.transact(table.changing(Message(message.pk, message.sk), changes, same), *writes)
        except table.Refused:
            return False
        message = table.get(Message, message.pk, message.sk) or message
    elif not table.update(message, changes, same):
        return False
    for key in files - stored_files(message):
        storage.delete(key)
    _refresh(message)
    return True


def stored_files(message: Message) -> set[str]:
    """Keys of the files that are kept for the message, and must go when it goes."""
    kept = {entry["stored"] for entry in message.attachments or () if entry.get("stored")}
    return kept | ({message.full_text} if message.full_text else set())


def _refresh(message: Message) -> None:
    """Show the change in the conversation's summary, if this is its last message and it shows there at all."""
    last, summary = table.get(Conversation, message.pk, keys.CONVERSATION), conversations.summary(message)
    if last and (last.last_message or {}).get("id") == message.id and last.last_message != summary:
        actions = [Conversation.last_message.set(summary), Conversation.version.add(1)]
        if message.deleted_at and last.waiting_since == message.sent_at:  # all they waited for is taken back
            actions.append(Conversation.waiting_since.remove())
        table.update(last, actions, Conversation.version == last.version)
