"""/v1: replies, from draft to sent, and what others think of them."""

from collections.abc import Mapping
from typing import Any

from chalicelib.api import schema
from chalicelib.api.http import Call, route
from chalicelib.inbox import approval, conversation, reply, reply_list, reply_schemas, schemas, timing
from chalicelib.store.models import Conversation, Reply
from chalicelib.tenancy import brand, role

Json = Mapping[str, Any]
OWN = (*role.ANSWER, "reply.approve")
JUDGE = ("reply.approve", "content.approve")
FEEDBACK = ("note.write", "content.approve")


def _told(call: Call, item: Reply, found: Conversation) -> Json:
    return approval.view(call.actor, item, found, call.now)


@route(
    "POST",
    "/conversations/{id}/replies",
    permission=role.ANSWER,
    body=reply_schemas.REPLY_TO,
    answer=reply_schemas.REPLY,
    status=202,
)
def draft_reply(call: Call) -> Json:
    """Answer: said at once, or kept as a draft, for approval or for later, as asked and as the brand's policy is."""
    found = conversation.get(call.actor, call.path["id"])
    key = call.headers.get("idempotency-key", "")
    return _told(call, reply.draft(call.actor, found, _body(call, found), call.now, key), found)


def _body(call: Call, found: Conversation) -> Json:
    """What is asked, with the moment it is to be sent at."""
    if not call.body.get("send_at"):
        return call.body
    at = timing.departure(call.actor.agency, found.brand, call.body["send_at"], call.now)
    return {**call.body, "send_at": at}


@route("GET", "/replies", permission=role.VIEW, query=reply_schemas.REPLIES, answer=schema.listing(reply_schemas.REPLY))
def list_replies(call: Call) -> Json:
    """Replies that wait, that were given up, or that did not get through, by state."""
    brands = brand.scope(call.actor, call.query.get("brand"))
    items, more = reply_list.listing(
        call.actor, brands, call.query["state"], call.query["limit"], call.query.get("cursor")
    )
    found = [(item, conversation.find(call.actor.agency, item.conversation)) for item in items]
    seen = [(item, of) for item, of in found if of and conversation.visible(call.actor, of)]
    return {"items": [_told(call, item, of) for item, of in seen], "next": more}


@route("GET", "/replies/{id}", permission=role.VIEW, answer=reply_schemas.REPLY)
def show_reply(call: Call) -> Json:
    """A reply and how far it got."""
    return _told(call, *reply.get(call.actor, call.path["id"]))


@route("PATCH", "/replies/{id}", permission=role.ANSWER, body=reply_schemas.EDIT_REPLY, answer=reply_schemas.REPLY)
def edit_reply(call: Call) -> Json:
    """Change the words of a reply nobody sent yet; approvals given before no longer count."""
    item, found = reply.get(call.actor, call.path["id"])
    call.matches(item.version)
    return _told(call, reply.edit(call.actor, item, _body(call, found), call.now), found)


@route("POST", "/replies/{id}/submit", permission=role.ANSWER, body=reply_schemas.SUBMIT, answer=reply_schemas.REPLY)
def submit_reply(call: Call) -> Json:
    """Ask for a draft to be said: at once if one may, else once it is approved."""
    item, found = reply.get(call.actor, call.path["id"])
    call.matches(item.version)
    return _told(call, reply.submit(call.actor, item, call.body, call.now), found)


@route("POST", "/replies/{id}/approve", permission=JUDGE, body=reply_schemas.APPROVE, answer=reply_schemas.REPLY)
def approve_reply(call: Call) -> Json:
    """Approve the very reply one read; the last approval needed sends it."""
    item, found = reply.get(call.actor, call.path["id"])
    call.matches(item.version)
    return _told(call, approval.approve(call.actor, item, found, call.body, call.now), found)


@route("POST", "/replies/{id}/reject", permission=JUDGE, body=reply_schemas.REASON, answer=reply_schemas.REPLY)
def reject_reply(call: Call) -> Json:
    """Send a reply back to its author, saying why."""
    item, found = reply.get(call.actor, call.path["id"])
    call.matches(item.version)
    return _told(call, approval.reject(call.actor, item, call.body["reason"], call.now), found)


@route("POST", "/replies/{id}/withdraw", permission=OWN, body=schemas.NOTHING, answer=reply_schemas.REPLY)
def withdraw_reply(call: Call) -> Json:
    """Take back a reply that is not on its way yet: one's own, or as somebody who approves."""
    item, found = reply.get(call.actor, call.path["id"])
    call.matches(item.version)
    return _told(call, approval.withdraw(call.actor, item, call.now), found)


@route("POST", "/replies/{id}/comments", permission=FEEDBACK, body=schemas.COMMENT, answer=reply_schemas.REPLY)
def comment_on_reply(call: Call) -> Json:
    """Tell the author what one thinks of a reply."""
    item, found = reply.get(call.actor, call.path["id"])
    return _told(call, approval.comment(call.actor, item, call.body["text"], call.now), found)
