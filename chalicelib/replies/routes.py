"""/v1: replies from draft to sent, leases, and whether a conversation can be answered."""

from chalicelib.access import permissions
from chalicelib.api import schema
from chalicelib.api.http import Call, Json, route
from chalicelib.brands import brands
from chalicelib.inbox import conversations
from chalicelib.replies import approvals, leases, lists, presentation, replies, schedule, schemas, sendability
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.models.replies import Reply

OWN = (*permissions.ANSWER, "reply.approve")
JUDGE = ("reply.approve", "content.approve")
FEEDBACK = ("note.write", "content.approve")


def _told(call: Call, item: Reply, found: Conversation) -> Json:
    return presentation.view(call.actor, item, found, call.now)


@route(
    "POST",
    "/conversations/{id}/replies",
    permission=permissions.ANSWER,
    body=schemas.REPLY_TO,
    answer=schemas.REPLY,
    status=202,
)
def draft_reply(call: Call) -> Json:
    """Answer: said at once, or kept as a draft, for approval or for later, as asked and as the brand's policy is."""
    found = conversations.get(call.actor, call.path["id"])
    key = call.headers.get("idempotency-key", "")
    return _told(call, replies.draft(call.actor, found, _body(call, found), call.now, key), found)


def _body(call: Call, found: Conversation) -> Json:
    """What is asked, with the moment it is to be sent at."""
    if not call.body.get("send_at"):
        return call.body
    at = schedule.departure(call.actor.agency, found.brand, call.body["send_at"], call.now)
    return {**call.body, "send_at": at}


@route("GET", "/replies", permission=permissions.VIEW, query=schemas.REPLIES, answer=schema.listing(schemas.REPLY))
def list_replies(call: Call) -> Json:
    """Replies that wait, that were given up, or that did not get through, by state."""
    brand_ids = brands.scope(call.actor, call.query.get("brand"))
    items, more = lists.listing(
        call.actor, brand_ids, call.query["state"], call.query["limit"], call.query.get("cursor")
    )
    found = [(item, conversations.find(call.actor.agency, item.conversation)) for item in items]
    seen = [(item, of) for item, of in found if of and conversations.visible(call.actor, of)]
    return {"items": [_told(call, item, of) for item, of in seen], "next": more}


@route("GET", "/replies/{id}", permission=permissions.VIEW, answer=schemas.REPLY)
def show_reply(call: Call) -> Json:
    """A reply and how far it got."""
    return _told(call, *replies.get(call.actor, call.path["id"]))


@route("PATCH", "/replies/{id}", permission=permissions.ANSWER, body=schemas.EDIT_REPLY, answer=schemas.REPLY)
def edit_reply(call: Call) -> Json:
    """Change the words of a reply nobody sent yet; approvals given before no longer count."""
    item, found = replies.get(call.actor, call.path["id"])
    call.matches(item.version)
    return _told(call, replies.edit(call.actor, item, _body(call, found), call.now), found)


@route("POST", "/replies/{id}/submit", permission=permissions.ANSWER, body=schemas.SUBMIT, answer=schemas.REPLY)
def submit_reply(call: Call) -> Json:
    """Ask for a draft to be said: at once if one may, else once it is approved."""
    item, found = replies.get(call.actor, call.path["id"])
    call.matches(item.version)
    return _told(call, replies.submit(call.actor, item, call.body, call.now), found)


@route("POST", "/replies/{id}/approve", permission=JUDGE, body=schemas.APPROVE, answer=schemas.REPLY)
def approve_reply(call: Call) -> Json:
    """Approve the very reply one read; the last approval needed sends it."""
    item, found = replies.get(call.actor, call.path["id"])
    call.matches(item.version)
    return _told(call, approvals.approve(call.actor, item, found, call.body, call.now), found)


@route("POST", "/replies/{id}/reject", permission=JUDGE, body=schemas.REASON, answer=schemas.REPLY)
def reject_reply(call: Call) -> Json:
    """Send a reply back to its author, saying why."""
    item, found = replies.get(call.actor, call.path["id"])
    call.matches(item.version)
    return _told(call, approvals.reject(call.actor, item, call.body["reason"], call.now), found)


@route("POST", "/replies/{id}/withdraw", permission=OWN, body=schema.NOTHING, answer=schemas.REPLY)
def withdraw_reply(call: Call) -> Json:
    """Take back a reply that is not on its way yet: one's own, or as somebody who approves."""
    item, found = replies.get(call.actor, call.path["id"])
    call.matches(item.version)
    return _told(call, approvals.withdraw(call.actor, item, call.now), found)


@route("POST", "/replies/{id}/comments", permission=FEEDBACK, body=schema.COMMENT, answer=schemas.REPLY)
def comment_on_reply(call: Call) -> Json:
    """Tell the author what one thinks of a reply."""
    item, found = replies.get(call.actor, call.path["id"])
    return _told(call, approvals.comment(call.actor, item, call.body["text"], call.now), found)


@route("GET", "/conversations/{id}/sendability", permission=permissions.VIEW, answer=schemas.SENDABILITY)
def show_sendability(call: Call) -> Json:
    """Whether, how and until when a conversation can be answered."""
    found = conversations.get(call.actor, call.path["id"])
    return sendability.view(
        conversations.network_of(found).capabilities, sendability.place_of(call.actor, found), call.now
    )


@route("POST", "/conversations/{id}/lease", permission=permissions.ANSWER, body=schemas.TAKE, answer=schemas.LEASE)
def take_lease(call: Call) -> Json:
    """Show that I am answering; others are kept from answering at once."""
    return leases.view(
        leases.take(call.actor, conversations.get(call.actor, call.path["id"]), call.now, call.body.get("reason", ""))
    )


@route("GET", "/conversations/{id}/lease", permission=permissions.VIEW, answer=schemas.HELD)
def show_lease(call: Call) -> Json:
    """Who is answering, if anybody."""
    found = leases.held(conversations.get(call.actor, call.path["id"]), call.now)
    return {"lease": leases.view(found) if found else None}


@route("DELETE", "/conversations/{id}/lease", permission=permissions.ANSWER, answer=schema.NOTHING)
def release_lease(call: Call) -> Json:
    """I am no longer answering."""
    leases.release(call.actor, conversations.get(call.actor, call.path["id"]))
    return {}
