"""Changes of a message after it was sent: edits, deletions, hiding, reactions. Earlier texts are kept.

Each event has its own time; an event older than the latest known change changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chalicelib import clock, room
from chalicelib.channels.channels import Owner
from chalicelib.contacts import contacts
from chalicelib.inbox import conversations, early_events, messages, taken_back
from chalicelib.inbox.early_events import Early
from chalicelib.networks import base
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.table import Action

Change = Callable[[Message], Sequence[Action]]
Heard = Callable[[Message], Sequence[table.Write]]
Files = Sequence[Mapping[str, Any]]  # attachments as their message keeps them
MOST_REVISIONS, MOST_REVISION_BYTES = 50, 90_000
MOST_REACTIONS, MOST_REACTION_BYTES, LONGEST_EMOJI = 100, 30_000, 100
_MOST_ATTEMPTS = 10
_REVISED = (Conversation.heard.add(1), Conversation.revised.add(1))
_OF_COPY = ("state", "stored", "mime", "size", "inline", "tries")


def edit(owner: Owner, event: base.Edit, now: int, *, moderate: bool = False) -> None:
    """Replaces the text and keeps the earlier one. Raises Early if the message is not stored yet.

    `moderate`: rules of the brand may apply to the new text, if it came in. Files that the message had already keep
    their copies; new ones are fetched, like those of a new message.
    """
    at = event.at or now

    def change(message: Message) -> Sequence[Action]:
        files = _files(message, event)
        if message.deleted_at or _is_outdated(message, event.text, at):
            return []
        if _has_edit(message, event):
            # Keep the later time, so that an older edit that arrives after this one does not win.
            is_news = event.at and at > (message.edited_at or message.sent_at)
            return [Message.edited_at.set(at)] if is_news else []
        actions = _actions_for_text(message, event.text)
        # A message may arrive in two events: the second one completes it, and is no edit.
        if at != event.created or message.text not in ("", event.text):
            actions += [*_actions_for_earlier(message, event.text), Message.edited_at.set(at)]
        more = [messages.MODERATE] if moderate and message.direction == "in" else []
        return [*actions, *actions_for_files(message, files, more), *_actions_for_context(message, event)]

    def heard(message: Message) -> Sequence[table.Write]:
        return [] if _has_edit(message, event) else _hearing(message)

    message = _change_message(owner, event.surface, event.thread, event.id, event.created, change, heard)
    if messages.shortened(message, event.text)[1]:
        messages.keep_whole(table.get(Message, message.pk, message.sk) or message, event.text)


def _has_edit(message: Message, event: base.Edit) -> bool:
    """True if the message already has the text, files and context of the edit."""
    files = _files(message, event)
    has_words = messages.shortened(message, event.text) == (message.text, message.full_text)
    has_files = files is None or files == (message.attachments or [])
    return has_words and has_files and not _actions_for_context(message, event)


def _is_outdated(message: Message, words: str, at: int) -> bool:
    """True if the message had this text at that time, or has a later edit. Of two edits at one time the last to come
    wins.
    """
    text, _ = messages.shortened(message, words)
    was_there = {"text": text, "at": clock.text(at)} in (message.revisions or ())
    return was_there or bool(message.edited_at and at < message.edited_at)


def _actions_for_earlier(message: Message, text: str) -> list[Action]:
    """Keeps the earlier text as a revision if the text changes (an edit may change only the context). At most 50, the
    latest.
    """
    if messages.shortened(message, text) == (message.text, message.full_text):
        return []
    revisions = [
        *(message.revisions or ()),
        {"text": message.text, "at": clock.text(message.edited_at or message.sent_at)},
    ]
    kept = room.last(revisions, MOST_REVISIONS, MOST_REVISION_BYTES)
    return [Message.revisions.set(kept), *_left_out(message, "revisions", len(revisions) - len(kept))]


def _left_out(message: Message, name: str, count: int) -> list[Action]:
    """Counts how many entries were dropped for lack of room."""
    counts = message.left_out or {}
    return [Message.left_out.set({**counts, name: counts.get(name, 0) + count})] if count else []


def _actions_for_text(message: Message, text: str) -> list[Action]:
    beginning, whole = messages.shortened(message, text)
    return [Message.text.set(beginning), Message.full_text.set(whole) if whole else Message.full_text.remove()]


def _files(message: Message, event: base.Edit) -> Files | None:
    """The attachments after the edit, each with the state of its copy if the message has the file already."""
    if event.attachments is None:
        return None
    return [_with_copy(messages.attachment_fields(file), message.attachments or ()) for file in event.attachments]


def _with_copy(file: Mapping[str, Any], earlier: Files) -> Mapping[str, Any]:
    tried = (entry for entry in earlier if entry.get("state") or entry.get("tries"))
    copied = next((entry for entry in tried if _is_same(entry, file)), {})
    return {**file, **{name: copied[name] for name in _OF_COPY if name in copied}}


def _is_same(file: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """True if both are the same file: of one kind, with one id at the network or one address."""
    return file["kind"] == other["kind"] and any(file.get(by) and file[by] == other.get(by) for by in ("media", "url"))


def _actions_for_context(message: Message, event: base.Edit) -> list[Action]:
    earlier = message.context or {}
    if event.context is None:
        return []
    context = messages.kept_context(event.context, history="history" in earlier)
    return [] if context == earlier else [Message.context.set(context)]


def actions_for_files(message: Message, files: Files | None, more: Sequence[str] = ()) -> list[Action]:
    """Gives the message these files, and has those copied whose addresses expire; None leaves its files as they are.

    `more` are further names for the message's `todo`.
    """
    actions: list[Action] = [] if files is None else [Message.attachments.set(files)]
    is_to_copy = any(file.get("expires") and "state" not in file for file in files or ())
    todo, names = messages.todo(message), [*more, *(["fetch"] if is_to_copy else [])]
    if new := [name for name in names if name not in todo]:
        actions.append(Message.todo.set(",".join([*todo, *new])))
    return actions


def delete(owner: Owner, event: base.Delete, now: int) -> None:
    """Delete the content of the messages but keep the messages. Raises Early for one that is not stored yet."""

    def change(message: Message) -> Sequence[Action]:
        return actions_for_deletion(message, event.at or now)

    for id in event.ids:
        _change_message(owner, event.surface, event.thread, id, event.created, change, _taking_back)


def actions_for_deletion(message: Message, at: int) -> Sequence[Action]:
    """What deleting a message changes in it; nothing if it is deleted."""
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
    """Note that the network hides the message, or shows it again. Raises Early if it is not stored yet."""

    def change(message: Message) -> Sequence[Action]:
        return actions_for_hiding(message, hidden=event.hidden, at=event.at or now)

    _change_message(owner, event.surface, event.thread, event.id, event.created, change)


def actions_for_hiding(message: Message, *, hidden: bool, at: int) -> Sequence[Action]:
    """What hiding a message, or showing it again, changes in it; nothing if something later is known."""
    if at < (message.hidden_at or 0) or (bool(message.hidden), message.hidden_at) == (hidden, at):
        return []
    return [Message.hidden.set(hidden), Message.hidden_at.set(at)]


def react(owner: Owner, event: base.Reaction, now: int) -> None:
    """Set a person's reaction, which replaces their earlier one. Raises Early if the message is not stored yet."""
    person, at = event.by, event.at or now

    def change(message: Message) -> Sequence[Action]:
        if not event.at and _reaction(message, person.id).get("emoji") == event.emoji:
            return []
        return actions_for_reaction(message, person.name or person.id, person.id, event.emoji, at)

    _change_message(owner, event.surface, event.thread, event.id, 0, change)


def actions_for_reaction(message: Message, name: str, person_id: str, emoji: str, at: int) -> Sequence[Action]:
    """What a person's reaction changes in a message; nothing if they have a later one, or the same at that time.

    An empty emoji takes the reaction back. It is stored too, so that an older event cannot bring the reaction back. If
    the same reaction comes again, its later time is stored, so that an older removal cannot take it away. The last
    hundred are kept, and the others counted.
    """
    reactions, previous = message.reactions or [], _reaction(message, person_id)
    if previous and (previous["at"] > at or (previous["at"], previous["emoji"]) == (at, emoji)):
        return []
    new = {"emoji": emoji[:LONGEST_EMOJI], "by": contacts.short_name(name), "id": person_id, "at": at}
    every = sorted([*(entry for entry in reactions if entry["id"] != person_id), new], key=lambda entry: entry["at"])
    kept = room.last(every, MOST_REACTIONS, MOST_REACTION_BYTES)
    if new not in kept:
        return []
    dropped = sum(1 for entry in every[: len(every) - len(kept)] if entry["emoji"])
    return [Message.reactions.set(kept), *_left_out(message, "reactions", dropped)]


def _reaction(message: Message, person_id: str) -> Mapping[str, Any]:
    return next((entry for entry in message.reactions or () if entry["id"] == person_id), {})


def _change_message(
    owner: Owner, surface: str, thread: str, id: str, created: int, change: Change, heard: Heard | None = None
) -> Message:
    """Changes a message, and returns it as it was before. `heard` gives what else is written if the message came in."""
    conversation_id = conversations.find_id(owner, surface, thread)
    while True:
        message = _message(owner.agency, conversation_id, id, created)
        actions = change(message)
        if apply(message, actions, *(heard(message) if heard and actions and message.direction == "in" else [])):
            return message


def _message(agency: str, conversation_id: str, id: str, created: int) -> Message:
    """Raises Early, with the conversation's count from before the search, if the message is not stored yet."""
    where = agency, conversation_id, id, created
    message = messages.find_in_place(*where)
    if message is None:
        said = early_events.count_said(conversations.find(agency, conversation_id))
        message = messages.search(*where) if said else None
        if message is None:
            raise Early(conversation_id, id, said)
    return message


def _hearing(message: Message) -> Sequence[table.Write]:
    """For transact: count an edit as something that the customer said, so that replies that wait become stale."""
    conversation = Conversation(message.pk, keys.CONVERSATION)
    return [table.changing(conversation, _REVISED, Conversation.pk.exists())]


def _taking_back(message: Message) -> Sequence[table.Write]:
    return taken_back.writes(message, *_REVISED)


def apply(message: Message, actions: Sequence[Action], *writes: table.Write) -> Message | None:
    """Changes the message and makes the other `writes`, all or nothing. Returns the message after that.

    Returns None if the message changed since it was read: the caller reads it again. Files that it no longer has are
    deleted later, see `inbox.files`.
    """
    if not actions and not writes:
        _update_summary(message)  # whoever changed the message may have died before
        return message
    changes, unchanged = [*actions, Message.version.add(1)], Message.version == message.version
    if writes:
        try:
            table.transact(table.changing(Message(message.pk, message.sk), changes, unchanged), *writes)
        except table.Refused:
            return None
        message = table.get(Message, message.pk, message.sk) or message
    elif not table.update(message, changes, unchanged):
        return None
    _update_summary(message)
    return message


def stored_files(message: Message) -> set[str]:
    """Keys of the files that are stored for the message, and must be deleted with it."""
    files = {entry["stored"] for entry in message.attachments or () if entry.get("stored")}
    return files | ({message.full_text} if message.full_text else set())


def _update_summary(message: Message) -> None:
    """Update the conversation's summary if this is its last message and the summary changed."""
    summary = conversations.summary(message)
    for _ in range(_MOST_ATTEMPTS):
        conversation = table.get(Conversation, message.pk, keys.CONVERSATION)
        if conversation is None or (conversation.last_message or {}).get("id") != message.id:
            return
        if _without_name(conversation.last_message) == _without_name(summary):
            return
        actions = [Conversation.last_message.set(summary), Conversation.version.add(1)]
        if table.update(conversation, actions, Conversation.version == conversation.version):
            return
    raise conversations.busy()


def _without_name(summary: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """For comparing: a name that became known later does not change the summary, since the contact has it."""
    return {name: value for name, value in (summary or {}).items() if name != "name"}
