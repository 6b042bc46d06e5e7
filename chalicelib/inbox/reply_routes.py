"""/v1: replies, from draft to sent, and what others think of them."""

from collections.abc import Mapping
from typing import Any

from chalicelib import errors
from chalicelib.api import schema
from chalicelib.api.http import Call, route
from chalicelib.inbox import approval, conversation, reply, schemas, timing
from chalicelib.store.models import Conversation, Reply
from chalicelib.tenancy import brand, role

Json = Mapping[str, Any]
OWN = (*role.ANSWER, "reply.approve")
FEEDBACK = ("note.write", "content.approve")


def _told(call: Call, item: Reply, found: Conversation) -> Json:
    return approval.view(call.actor, item, found, call.now)


@route(
    "POST",
    "/conversations/{id}/replies",
    permission=role.ANSWER,
    body=schemas.REPLY_TO,
    answer=schemas.REPLY,
    status=202,
)
def draft_reply(call: Call) -> Json:
    """Answer: said at once, or kept as a draft, for approval or for later, as asked and as the brand's policy is."""
    found = conversation.get(call.actor, call.path["id"])
    item = reply.draft(call.actor, found, {**call.body, **_later(call, found)}, call.now)
    return _told(call, item, found)


def _later(call: Call, found: Conversation) -> dict[str, int]:
    if "send_at" not in call.body:
        return {}
    return {"send_at": timing.departure(call.actor.agency, found.brand, call.body["send_at"], call.now)}


@route("GET", "/replies", permission=role.VIEW, query=schemas.REPLIES, answer=schema.listing(schemas.REPLY))
def list_replies(call: Call) -> Json:
    """Replies that wait: drafts, for approval, for their time, or sent back."""
    brands = brand.scope(call.actor, call.query.get("brand"))
    items, more = reply.listing(call.actor, brands, call.query["state"], call.query["limit"], call.query.get("cursor"))
    found = [(item, conversation.find(call.actor.agency, item.conversation)) for item in items]
    seen = [(item, of) for item, of in found if of and conversation.visible(call.actor, of)]
    return {"items": [_told(call, item, of) for item, of in seen], "next": more}


@route("GET", "/replies/{id}", permission=role.VIEW, answer=schemas.REPLY)
def show_reply(call: Call) -> Json:
    """A reply and how far it got."""
    return _told(call, *reply.get(call.actor, call.path["id"]))


@route("PATCH", "/replies/{id}", permission=role.ANSWER, body=schemas.EDIT_REPLY, answer=schemas.REPLY)
def edit_reply(call: Call) -> Json:
    """Change the words of a reply nobody sent yet; approvals given before no longer count."""
    item, found = reply.get(call.actor, call.path["id"])
    call.matches(item.version)
    return _told(call, reply.edit(call.actor, item, call.body, call.now), found)


@route("POST", "/replies/{id}/submit", permission=role.ANSWER, body=schemas.NOTHING, answer=schemas.REPLY)
def submit_reply(call: Call) -> Json:
    """Ask for a draft to be said: at once if one may, else once it is approved."""
    item, found = reply.get(call.actor, call.path["id"])
    return _told(call, reply.submit(call.actor, item, call.now), found)


@route("POST", "/replies/{id}/approve", permission="reply.approve", body=schemas.APPROVE, answer=schemas.REPLY)
def approve_reply(call: Call) -> Json:
    """Approve the very reply one read; the last approval needed sends it."""
    item, found = reply.get(call.actor, call.path["id"])
    return _told(call, approval.approve(call.actor, item, found, call.body, call.now), found)


@route("POST", "/replies/{id}/reject", permission="reply.approve", body=schemas.REASON, answer=schemas.REPLY)
def reject_reply(call: Call) -> Json:
    """Send a reply back to its author, saying why."""
    item, found = reply.get(call.actor, call.path["id"])
    reason = [Reply.reason.set(call.body["reason"])]
    return _told(call, reply.move(call.actor, item, "reject", call.now, reason), found)


@route("POST", "/replies/{id}/withdraw", permission=OWN, body=schemas.NOTHING, answer=schemas.REPLY)
def withdraw_reply(call: Call) -> Json:
    """Take back a reply that is not on its way yet: one's own, or as somebody who approves."""
    item, found = reply.get(call.actor, call.path["id"])
    if item.author != call.actor.member and not call.actor.may("reply.approve", brand=item.brand):
        raise errors.Forbidden("It is somebody else's reply.", code="not_yours")
    return _told(call, reply.move(call.actor, item, "withdraw", call.now), found)


@route("POST", "/replies/{id}/comments", permission=FEEDBACK, body=schemas.COMMENT, answer=schemas.REPLY)
def comment_on_reply(call: Call) -> Json:
    """Tell the author what one thinks of a reply."""
    item, found = reply.get(call.actor, call.path["id"])
    return _told(call, approval.comment(call.actor, item, call.body["text"], call.now), found)
