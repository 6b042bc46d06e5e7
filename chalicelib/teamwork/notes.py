"""What colleagues tell each other beside a conversation; the other side never sees it. Notes are only added."""

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

from chalicelib import clock, errors, ids, page
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.inbox import conversations
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.models.teamwork import Note
from chalicelib.teamwork import participants

_TRIES = 10
_MENTION = re.compile(r"@((?:mbr|tem)_[0-9a-z]{1,60})")


def write(actor: Actor, found: Conversation, text: str, now: int) -> Note:
    """Add a note; members and teams are mentioned as `@mbr_...` and `@tem_...`. Members so named take part."""
    id = ids.inside(found.id, "not")
    mentions = list(dict.fromkeys(_MENTION.findall(text)))
    made = Note(
        found.pk, keys.NOTES + id, id=id, conversation=found.id, author=actor.member, author_name=actor.name, text=text,
        mentions=mentions, created_at=now,
    )  # fmt: skip
    told = audit.entry(actor, "note.write", id, now, brand=found.brand, after={"mentions": mentions})
    for _ in range(_TRIES):
        joining = participants.joining(actor, found, mentions, now)
        try:
            table.transact(table.putting(made, Note.pk.does_not_exist()), told, *joining)
        except table.Refused:  # others joined or left meanwhile
            found = conversations.find(actor.agency, found.id) or found
            continue
        return made
    raise errors.Unavailable("The conversation is too busy.")


def listing(found: Conversation, limit: int, cursor: str | None) -> Mapping[str, Any]:
    """A page of a conversation's notes, newest first."""
    scope = f"notes|{found.pk}"
    before = page.position(scope, cursor) or ""
    notes = table.query(Note, found.pk, keys.NOTES, newest=True, before=before, limit=limit + 2, consistent=True)
    items = list(islice(notes, limit + 1))
    more = page.cursor(scope, items[limit - 1].sk) if len(items) > limit else None
    return {"items": [view(item) for item in items[:limit]], "next": more}


def view(found: Note) -> Mapping[str, Any]:
    """A note as the API tells it."""
    return {
        "id": found.id,
        "conversation": found.conversation,
        "author": {"member": found.author, "name": found.author_name},
        "text": found.text,
        "mentions": found.mentions,
        "created_at": clock.text(int(found.created_at)),
    }
