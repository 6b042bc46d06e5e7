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

    def change(item: Message) -> Sequence[Action]:
        if item.deleted_at or _is_known(item, event, at):
            return []
        earlier = {"text": item.text, "at": clock.text(int(item.edited_at or item.sent_at))}
        actions: list[Action] = [Message.text.set(event.text)]
        # the rest of a message that came in two halves is no new version of it
        if at != event.created or item.text not in ("", event.text):
            actions += [Message.revisions.set([*(item.revisions or ()), earlier]), Message.edited_at.set(at)]
        if event.attachments is not None:
            actions.append(Message.attachments.set([messages.kept(entry) for entry in event.attachments]))
        return actions

    _change(owner, event.surface, event.thread, event.id, event.created, change)


def _is_known(item: Message, event: base.Edit, at: int) -> bool:
    """True for words that are there, were there, or are older; of two edits in one second the later to come counts."""
    is_there = item.text == event.text and not event.attachments
    was_there = {"text": event.text, "at": clock.text(at)} in (item.revisions or ())
    return is_there or was_there or bool(item.edited_at and at < item.edited_at)


def delete(owner: Owner, event: base.Delete, now: int) -> None:
    """Leave a tombstone: that something was said stays, what was said goes. Raises Early for a message not here."""
    for id in event.ids:
        _change(owner, event.surface, event.thread, id, event.created, lambda item: tombstone(item, event.at or now))


def tombstone(item: Message, at: int) -> Sequence[Action]:
    """What taking a message back changes in it."""
    if item.deleted_at:
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
        lambda item: [] if bool(item.hidden) == event.hidden else [Message.hidden.set(event.hidden)],
    )  # fmt: skip


def react(owner: Owner, event: base.Reaction, now: int) -> None:
    """Each person has one reaction, the latest. Raises Early if the message is not here."""
    _change(
        owner, event.surface, event.thread, event.id, 0,
        lambda item: with_reaction(item, event.by.name or event.by.id, event.by.id, event.emoji, event.at or now),
    )  # fmt: skip


def with_reaction(item: Message, name: str, by: str, emoji: str, at: int) -> Sequence[Action]:
    """What somebody's reaction changes; one taken away stays as empty, so a late arrival cannot bring it back."""
    old = item.reactions or []
    mine = next((entry for entry in old if entry["id"] == by), None)
    if mine and (mine["at"] > at or mine["emoji"] == emoji):
        return []
    others = [entry for entry in old if entry["id"] != by]
    return [Message.reactions.set([*others, {"emoji": emoji, "by": name, "id": by, "at": at}])]


def _change(owner: Owner, surface: str, thread: str, id: str, created: int, change: Change) -> None:
    conversation_id = conversations.locate(owner, surface, thread)
    while True:
        item = messages.find(owner.agency, conversation_id, id, created)
        if item is None:
            raise Early(conversation_id, id)
        if apply(item, change(item)):
            return


def apply(item: Message, actions: Sequence[Action], *writes: table.Write) -> bool:
    """Change the message unless it changed since it was read; False asks to read again.

    `writes` happen with it or not at all. Nothing to change and nothing to write is done at once.
    """
    if not actions and not writes:
        return True
    changes, same = [*actions, Message.version.add(1)], Message.version == item.version
    files = stored_files(item)
    if writes:
        try:
            table.transact(table.changing(Message(item.pk, item.sk), changes, same), *writes)
        except table.Refused:
            return False
        item = table.get(Message, item.pk, item.sk) or item
    elif not table.update(item, changes, same):
        return False
    for key in files - stored_files(item):
        storage.delete(key)
    _refresh(item)
    return True


def stored_files(item: Message) -> set[str]:
    """Keys of the files that are kept for the message, and must go when it goes."""
    kept = {entry["stored"] for entry in item.attachments or () if entry.get("stored")}
    return kept | ({item.full_text} if item.full_text else set())


def _refresh(item: Message) -> None:
    """Show the change in the conversation's summary, if this is its last message and it shows there at all."""
    last, summary = table.get(Conversation, item.pk, keys.CONVERSATION), conversations.summary(item)
    if last and (last.last_message or {}).get("id") == item.id and last.last_message != summary:
        actions = [Conversation.last_message.set(summary), Conversation.version.add(1)]
        if item.deleted_at and last.waiting_since == item.sent_at:  # all they waited for is taken back
            actions.append(Conversation.waiting_since.remove())
        table.update(last, actions, Conversation.version == last.version)
