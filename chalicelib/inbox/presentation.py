"""Conversations and messages as the API shows them."""

from collections.abc import Mapping
from typing import Any

from chalicelib import clock, ids
from chalicelib.access.actors import Actor
from chalicelib.aws import storage
from chalicelib.contacts import masks
from chalicelib.contacts.masks import Mask
from chalicelib.inbox import conversations
from chalicelib.networks import origins
from chalicelib.store.models.inbox import Conversation, Message

Names = Mapping[str, str] | None  # contact id -> name, for authors that have no name of their own
Row = Mapping[str, str | None]
_SPEAKERS = {"ctc": "contact", "mbr": "member", "key": "key"}


def row(actor: Actor, message: Message, names: Names = None) -> Mapping[str, Any]:
    """A message in a short form for lists: the same values as in `view`, and the beginning of the text.

    `names` are for authors that have no name of their own.
    """
    mask, author = masks.of(actor, message.brand), _author(message, names)
    return {
        "id": message.id,
        "direction": message.direction,
        "kind": message.kind,
        "preview": mask.words(conversations.preview(message.text or ""), message.severity),
        "author": author and mask.author(author),
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
        "paid": bool(conversation.paid),
        "contact": contact_row(conversation, masks.of(actor, conversation.brand)),
        "assignee": conversation.assignee,
        "unread": conversation.unread,
        "waiting_since": clock.text(conversation.waiting_since) if conversation.waiting_since else None,
        "version": conversation.version,
    }


def conversation(actor: Actor, conversation: Conversation, mask: Mask | None = None) -> Mapping[str, Any]:
    """A conversation; `mask` is how the actor sees the people of its brand, if the caller knows it already."""
    mask = mask or masks.of(actor, conversation.brand)
    contact = contact_row(conversation, mask)
    return {
        "id": conversation.id,
        "brand": conversation.brand,
        "external_id": conversation.external_id,
        "channel": conversation.channel,
        "network": conversation.network,
        "surface": conversation.surface,
        "status": conversation.status,
        "origin": origins.view(conversation.origin) if conversation.origin else None,
        "paid": bool(conversation.paid),
        "contact": contact,
        "assignee": conversation.assignee,
        "participants": conversation.participants or [],
        "priority": conversation.priority or "normal",
        "labels": conversation.labels or [],
        "attributes": conversation.attributes or {},
        "approval_required": bool(conversation.approval_required),
        "snoozed_until": clock.text(conversation.snoozed_until) if conversation.snoozed_until else None,
        "waiting_since": clock.text(conversation.waiting_since) if conversation.waiting_since else None,
        "clocks": [
            _clock(name, *conversation.clocks[name])
            for name in conversations.SERVICE_LEVELS
            if name in (conversation.clocks or {})
        ],
        "unread": conversation.unread,
        "last_message": _last_message(conversation, contact, mask),
        "context": conversation.context or {},
        "version": conversation.version,
        "created_at": clock.text(conversation.created_at),
        "updated_at": clock.text(conversation.updated_at),
    }


def _last_message(conversation: Conversation, contact: Row | None, mask: Mask) -> Mapping[str, Any]:
    """The beginning of the last message, and its author: a contact, a member, a key, or None if we do not know them."""
    last = {**(conversation.last_message or {})}
    by, name, severity = last.pop("by", ""), last.pop("name", ""), last.pop("severity", None)
    last |= {"text": mask.words(last.get("text", ""), severity)}
    return {**last, "author": _speaker(by, name, contact, mask), "sent_at": clock.text(conversation.last_at)}


def _speaker(by: str, name: str, contact: Row | None, mask: Mask) -> Row | None:
    kind = _SPEAKERS.get(by[:3])
    if kind is None:
        return None
    if contact and contact["id"] == by:
        return {**contact, "kind": kind}
    if kind == "contact":
        return {"id": by, "kind": kind, "name": mask.name(name), "display_name": mask.display_name(name, by)}
    return {"id": by, "kind": kind, "name": name or None, "display_name": name}


def _clock(name: str, due: int, reached: int) -> Mapping[str, Any]:
    return {"name": name, "due_at": clock.text(due), "reached": reached}


def contact_row(conversation: Conversation, mask: Mask) -> Row | None:
    if not conversation.contact:
        return None
    name, id = conversation.contact_name, conversation.contact
    shown = mask.name(name)
    return {"id": id, "name": shown, "display_name": shown or mask.display_name(name, id, conversation.to)}


def view(actor: Actor, message: Message, names: Names = None, mask: Mask | None = None) -> Mapping[str, Any]:
    """A message as the API shows it. `names` are as in `row`.

    `mask` is how the actor sees the people of the brand, if the caller knows it already.
    """
    mask, author = mask or masks.of(actor, message.brand), _author(message, names)
    return {
        "id": message.id,
        "conversation": ids.conversation_of(message.id),
        "direction": message.direction,
        "surface": message.surface,
        "kind": message.kind,
        "text": message.text or "",
        "masked": False,
        "severity": message.severity,
        "full_text": storage.link(message.full_text) if message.full_text else None,
        "attachments": [attachment(mask.attachment(entry)) for entry in message.attachments or ()],
        "author": author and mask.author(author),
        "network_id": mask.message_id(message.network_id, message.surface) or None,
        "reply_to": message.reply_to and mask.message_id(message.reply_to, message.surface),
        "in_reply_to": None,
        "interactive": _interactive(message),
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
        "reported_at": clock.text(message.reported_at) if message.reported_at else None,
        "sent_at": clock.text(message.sent_at),
        "received_at": clock.text(message.received_at),
    }


def listed(actor: Actor, message: Message, names: Names = None, mask: Mask | None = None) -> Mapping[str, Any]:
    """A message in a list: as in `view`, but of words of a severity that is hidden from the actor only the first
    letters.
    """
    mask = mask or masks.of(actor, message.brand)
    shown = view(actor, message, names, mask)
    if not mask.hides(message.severity):
        return shown
    hidden: dict[str, Any] = {"text": masks.first_letters(shown["text"]), "masked": True, "full_text": None}
    earlier = [{**revision, "text": masks.first_letters(revision.get("text") or "")} for revision in shown["revisions"]]
    return {**shown, **hidden, "revisions": earlier, "interactive": None, "context": {}}


def names_in(conversation: Conversation) -> Mapping[str, str]:
    """The name of the conversation's person, by contact id."""
    return {conversation.contact: conversation.contact_name}


def _author(message: Message, names: Names) -> Mapping[str, Any] | None:
    author: Mapping[str, Any] | None = message.author or None
    if author and names and not author.get("name"):
        return {**author, "name": names.get(author.get("contact", ""), "")}
    return author


def is_choice(message: Message) -> bool:
    """True if the message is a choice among options that the brand offered."""
    return message.direction == "in" and bool((message.context or {}).get("payload"))


def _interactive(message: Message) -> Mapping[str, Any] | None:
    if not is_choice(message):
        offered: Mapping[str, Any] | None = (message.say or {}).get("interactive")
        return offered
    chosen = {"id": (message.context or {})["payload"], "title": message.text or ""}
    return {"kind": "choice", "options": [], "chosen": chosen}


def attachment(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """A file of a message, at the address of our copy if there is one."""
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
