"""A reply as the API shows it."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib import clock
from chalicelib.access.actors import Actor
from chalicelib.inbox import messages
from chalicelib.replies import replies, staleness
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.models.replies import Reply


def status_of(reply: Reply, parts: Sequence[Message], reasons: Sequence[str]) -> str:
    """How far it got: before it was queued its own state, after as far as the message that got least far."""
    if reply.state != "queued":
        return "stale" if reasons else reply.state
    states = [message.status for message in parts]
    for bad in ("failed", "unknown"):
        if bad in states:
            return bad
    return min(states, key=lambda state: messages.RANK[state]) if states else "queued"


def _approval(given: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"by": given["member"], **{name: given[name] for name in ("name", "roles", "at")}}


def view(actor: Actor, reply: Reply, conversation: Conversation, now: int) -> Mapping[str, Any]:
    """A reply as the API tells it."""
    messages, reasons = replies.messages_of(reply), staleness.reasons(actor, reply, conversation, now)
    return {
        "id": reply.id,
        "conversation": reply.conversation,
        "author": reply.author,
        "edited_by": last if (last := reply.writers[-1]["member"]) != reply.author else None,
        "official": bool(reply.official),
        "text": reply.text,
        "attachments": reply.attachments,
        "private": reply.private,
        "reply_to": reply.reply_to,
        "template": reply.template,
        "tag": reply.tag,
        "status": status_of(reply, messages, reasons),
        "stale": reasons,
        "hash": reply.hash,
        "needs": reply.needs or None,
        "approvals": [_approval(given) for given in reply.approvals],
        "comments": reply.comments,
        "reason": reply.reason,
        "error": next((message.error for message in messages if message.error), None),
        "messages": reply.messages,
        "send_at": clock.text(reply.send_at) if reply.send_at else None,
        "expires_at": clock.text(reply.expires_at) if reply.state == "pending" and reply.expires_at else None,
        "version": reply.version,
        "created_at": clock.text(reply.created_at),
        "updated_at": clock.text(reply.updated_at),
    }
