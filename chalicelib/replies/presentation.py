"""A reply as the API shows it."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib import clock
from chalicelib.access.actors import Actor
from chalicelib.inbox import messages
from chalicelib.replies import replies, staleness
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.models.replies import Reply


def status_of(item: Reply, parts: Sequence[Message], reasons: Sequence[str]) -> str:
    """How far it got: before it was queued its own state, after as far as the message that got least far."""
    if item.state != "queued":
        return "stale" if reasons else item.state
    states = [message.status for message in parts]
    for bad in ("failed", "unknown"):
        if bad in states:
            return bad
    return min(states, key=lambda state: messages.RANK[state]) if states else "queued"


def _approval(given: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"by": given["member"], **{name: given[name] for name in ("name", "roles", "at")}}


def view(actor: Actor, item: Reply, found: Conversation, now: int) -> Mapping[str, Any]:
    """A reply as the API tells it."""
    messages, reasons = replies.messages_of(item), staleness.reasons(actor, item, found, now)
    return {
        "id": item.id,
        "conversation": item.conversation,
        "author": item.author,
        "edited_by": last if (last := item.writers[-1]["member"]) != item.author else None,
        "official": bool(item.official),
        "text": item.text,
        "attachments": item.attachments,
        "private": item.private,
        "reply_to": item.reply_to,
        "template": item.template,
        "tag": item.tag,
        "status": status_of(item, messages, reasons),
        "stale": reasons,
        "hash": item.hash,
        "needs": item.needs or None,
        "approvals": [_approval(given) for given in item.approvals],
        "comments": item.comments,
        "reason": item.reason,
        "error": next((message.error for message in messages if message.error), None),
        "messages": item.messages,
        "send_at": clock.text(int(item.send_at)) if item.send_at else None,
        "expires_at": clock.text(int(item.expires_at)) if item.state == "pending" and item.expires_at else None,
        "version": int(item.version),
        "created_at": clock.text(int(item.created_at)),
        "updated_at": clock.text(int(item.updated_at)),
    }
