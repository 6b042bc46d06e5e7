"""A message as the API shows it."""

from collections.abc import Mapping
from typing import Any

from chalicelib import clock, ids, page
from chalicelib.access.actors import Actor
from chalicelib.aws import storage
from chalicelib.contacts import masks
from chalicelib.inbox import conversations
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Conversation, Message


def listing(actor: Actor, conversation: Conversation, order: str, limit: int, cursor: str | None) -> Mapping[str, Any]:
    """A page of the conversation's messages; `order` is `oldest` or `newest` first."""
    scope = f"{conversation.pk}|{order}"
    edge, newest = page.position(scope, cursor) or "", order == "newest"
    stored = table.query(
        Message, conversation.pk, keys.MESSAGES, newest=newest, limit=limit + 2, consistent=True,
        before=edge if newest else "", after="" if newest else edge,
    )  # fmt: skip
    messages, more = page.cut(stored, limit, scope, lambda message: message.sk)
    names = {conversation.contact: conversation.contact_name}
    return {"items": [view(actor, message, names) for message in messages], "next": more}


def row(actor: Actor, message: Message) -> Mapping[str, Any]:
    """What it takes to show a message in a list: the same values as in `view`, and the beginning of the text."""
    author = message.author or None
    return {
        "id": message.id,
        "direction": message.direction,
        "kind": message.kind,
        "preview": conversations.preview(message.text or ""),
        "author": author and masks.of(actor, message.brand).author(author),
        "reply": message.reply,
        "source": message.source,
        "status": message.status,
        "error": message.error,
        "edited_at": clock.text(message.edited_at) if message.edited_at else None,
        "deleted_at": clock.text(message.deleted_at) if message.deleted_at else None,
        "hidden": bool(message.hidden),
        "sent_at": clock.text(message.sent_at),
    }


def conversation_row(actor: Actor, conversation: Conversation) -> Mapping[str, Any]:
    """What changes in a list of conversations when something happens in one: the same values as in `view`."""
    return {
        "id": conversation.id,
        "channel": conversation.channel,
        "network": conversation.network,
        "surface": conversation.surface,
        "status": conversation.status,
        "contact": conversations.contact_row(actor, conversation),
        "assignee": conversation.assignee,
        "unread": conversation.unread,
        "waiting_since": clock.text(conversation.waiting_since) if conversation.waiting_since else None,
        "version": conversation.version,
    }


def view(actor: Actor, message: Message, names: Mapping[str, str] | None = None) -> Mapping[str, Any]:
    """A message as the API shows it. `names` (contact id -> name) is for authors that have no name of their own."""
    mask, author = masks.of(actor, message.brand), message.author or None
    if author and names and not author.get("name"):
        author = {**author, "name": names.get(author.get("contact", ""), "")}
    return {
        "id": message.id,
        "conversation": ids.conversation_of(message.id),
        "direction": message.direction,
        "surface": message.surface,
        "kind": message.kind,
        "text": message.text or "",
        "full_text": storage.link(message.full_text) if message.full_text else None,
        "attachments": [_view_attachment(entry) for entry in message.attachments or ()],
        "author": author and mask.author(author),
        "network_id": mask.message_id(message.network_id, message.surface) or None,
        "reply_to": message.reply_to and mask.message_id(message.reply_to, message.surface),
        "reply": message.reply,
        "source": message.source,
        "status": message.status,
        "error": message.error,
        "reactions": [mask.reaction(entry) for entry in message.reactions or () if entry["emoji"]],
        "revisions": message.revisions or [],
        "left_out": message.left_out or {},
        "context": message.context or {},
        "edited_at": clock.text(message.edited_at) if message.edited_at else None,
        "deleted_at": clock.text(message.deleted_at) if message.deleted_at else None,
        "hidden": bool(message.hidden),
        "sent_at": clock.text(message.sent_at),
        "received_at": clock.text(message.received_at),
    }


def _view_attachment(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    shown = {name: value for name, value in entry.items() if name not in ("media", "expires", "stored", "tries")}
    stored = entry.get("stored")
    return {
        "url": None,
        "mime": None,
        "name": None,
        "size": None,
        "inline": False,
        **shown,
        **({"url": storage.link(stored)} if stored else {}),
    }
