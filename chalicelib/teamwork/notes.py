"""Notes of colleagues about a conversation; the other side never sees them. Notes are never changed or removed."""

import re
from collections.abc import Mapping
from typing import Any

from chalicelib import clock, errors, ids, page
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.inbox import conversations
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.models.work import Note
from chalicelib.teamwork import participants

_MOST_ATTEMPTS = 10
MOST_MENTIONS = 20  # each is looked up
_MENTION = re.compile(r"@((?:mbr|tem)_[0-9a-z]{1,60})")


def write(actor: Actor, conversation: Conversation, text: str, now: int) -> Note:
    """Adds a note. `@mbr_...` and `@tem_...` in the text mention members and teams. Mentioned members become
    participants if they can see the conversation.

    Raises Invalid for more than 20 mentions.
    """
    id = ids.inside(conversation.id, "not")
    mentions = list(dict.fromkeys(_MENTION.findall(text)))
    if len(mentions) > MOST_MENTIONS:
        raise errors.Invalid(f"A note takes at most {MOST_MENTIONS} mentions.", code="too_many_mentions", field="text")
    note = Note(
        conversation.pk, keys.NOTES + id, id=id, conversation=conversation.id, author=actor.member,
        author_name=actor.name, text=text, mentions=mentions, created_at=now,
    )  # fmt: skip
    entry = audit.entry(actor, "note.write", id, now, brand=conversation.brand, after={"mentions": mentions})
    for _ in range(_MOST_ATTEMPTS):
        joining = participants.joining(actor, conversation, mentions, now)
        try:
            table.transact(table.putting(note, Note.pk.does_not_exist()), entry, *joining)
        except table.Refused:  # others joined or left meanwhile
            conversation = conversations.find(actor.agency, conversation.id) or conversation
            continue
        return note
    raise conversations.busy()


def listing(conversation: Conversation, limit: int, cursor: str | None) -> Mapping[str, Any]:
    """A page of a conversation's notes, newest first."""
    scope = f"notes|{conversation.pk}"
    before = page.position(scope, cursor) or ""
    notes = table.query(
        Note, conversation.pk, keys.NOTES, newest=True, before=before, limit=limit + 2, consistent=True,
        only_readable=True,
    )  # fmt: skip
    items, more = page.cut(notes, limit, scope, lambda note: note.sk)
    return {"items": [view(note) for note in items], "next": more}


def view(note: Note) -> Mapping[str, Any]:
    return {
        "id": note.id,
        "conversation": note.conversation,
        "author": {"member": note.author, "name": note.author_name},
        "text": note.text,
        "mentions": note.mentions,
        "created_at": clock.text(note.created_at),
    }
