"""A reply as the API shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from chalicelib import clock
from chalicelib.access.actors import Actor
from chalicelib.inbox import marks, outgoing_files
from chalicelib.replies import compose, replies, requirements, staleness
from chalicelib.replies.sendability import Place
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.models.replies import Reply


def status_of(reply: Reply, parts: Sequence[Message], reasons: Sequence[str]) -> str:
    """The reply's own state until it is queued, or `stale` if there are reasons; then the status of its least advanced
    message.

    If any message is failed or unknown, that is the status.
    """
    if reply.state != "queued":
        return "stale" if reasons else reply.state
    states = [message.status for message in parts]
    for bad in ("failed", "unknown"):
        if bad in states:
            return bad
    return min(states, key=lambda state: marks.RANK[state]) if states else "queued"


def _approval(approval: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"by": approval["member"], **{name: approval[name] for name in ("name", "roles", "at")}}


def _content(reply: Reply) -> Mapping[str, Any]:
    return {
        "text": reply.text,
        "attachments": [asdict(outgoing_files.shown(file)) for file in compose.content_of(reply).attachments],
        "private": reply.private,
        "reply_to": reply.reply_to,
        "template": reply.template,
        "tag": reply.tag,
        "interactive": reply.interactive,
        "purposes": list(reply.purposes or ()),
    }


def _let_through(reply: Reply) -> Mapping[str, Any] | None:
    kept = requirements.let_through(reply)
    return {name: kept[name] for name in ("by", "reason", "at")} if kept else None


def view(
    actor: Actor,
    reply: Reply,
    conversation: Conversation,
    now: int,
    parts: Sequence[Message] | None = None,
    place: Place | None = None,
) -> Mapping[str, Any]:
    """The reply. Its messages, and the `place` that decides whether it can be sent, are read unless they are given."""
    parts = replies.messages_of(reply) if parts is None else parts
    reasons = staleness.reasons(actor, reply, conversation, now, place)
    last_writer = reply.writers[-1]["member"]
    return {
        "id": reply.id,
        "conversation": reply.conversation,
        "author": reply.author,
        "edited_by": last_writer if last_writer != reply.author else None,
        "official": bool(reply.official),
        "external_id": reply.external_id,
        **_content(reply),
        "status": status_of(reply, parts, reasons),
        "stale": reasons,
        "latest": staleness.latest(conversation),
        "hash": reply.hash,
        "needs": reply.needs or None,
        "let_through": _let_through(reply),
        "approvals": [_approval(approval) for approval in reply.approvals],
        "comments": reply.comments,
        "reason": reply.reason,
        "because": reply.because or [],
        "error": next((part.error for part in parts if part.error), None),
        "messages": reply.messages,
        "send_at": clock.text(reply.send_at) if reply.send_at else None,
        "expires_at": clock.text(reply.expires_at) if reply.state == "pending" and reply.expires_at else None,
        "version": reply.version,
        "created_at": clock.text(reply.created_at),
        "updated_at": clock.text(reply.updated_at),
    }
