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


def _told(call: Call, reply: Reply, conversation: Conversation) -> Json:
    return presentation.view(call.actor, reply, conversation, call.now)


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
    conversation = conversations.get(call.actor, call.path["id"])
    key = call.headers.get("idempotency-key", "")
    return _told(call, replies.draft(call.actor, conversation, _body(call, conversation), call.now, key), conversation)


def _body(call: Call, conversation: Conversation) -> Json:
    """What is asked, with the moment it is to be sent at."""
    if not call.body.get("send_at"):
        return call.body
    at = schedule.departure(call.actor.agency, conversation.brand, call.body["send_at"], call.now)
    return {**call.body, "send_at": at}


@route("GET", "/replies", permission=permissions.VIEW, query=schemas.REPLIES, answer=schema.listing(schemas.REPLY))
def list_replies(call: Call) -> Json:
    """Replies that wait, that were given up, or that did not get through, by state."""
    brand_ids = brands.scope(call.actor, call.query.get("brand"))
    items, more = lists.listing(
        call.actor, brand_ids, call.query["status"], call.query["limit"], call.query.get("cursor")
    )
    found = [(reply, conversations.find(call.actor.agency, reply.conversation)) for reply in items]
    seen = [
        (reply, conversation)
        for reply, conversation in found
        if conversation and conversations.visible(call.actor, conversation)
    ]
    return {"items": [_told(call, reply, conversation) for reply, conversation in seen], "next": more}


@route("GET", "/replies/{id}", permission=permissions.VIEW, answer=schemas.REPLY)
def show_reply(call: Call) -> Json:
    """A reply and how far it got."""
    return _told(call, *replies.get(call.actor, call.path["id"]))


@route(
    "PATCH",
    "/replies/{id}",
    permission=permissions.ANSWER,
    body=schemas.EDIT_REPLY,
    answer=schemas.REPLY,
    versioned=True,
)
def edit_reply(call: Call) -> Json:
    """Change the words of a reply nobody sent yet; approvals given before no longer count."""
    reply, conversation = replies.get(call.actor, call.path["id"])
    call.matches(reply.version)
    return _told(call, replies.edit(call.actor, reply, _body(call, conversation), call.now), conversation)


@route(
    "POST",
    "/replies/{id}/submit",
    permission=permissions.ANSWER,
    body=schemas.SUBMIT,
    answer=schemas.REPLY,
    versioned=True,
)
def submit_reply(call: Call) -> Json:
    """Ask for a draft to be said: at once if one may, else once it is approved."""
    reply, conversation = replies.get(call.actor, call.path["id"])
    call.matches(reply.version)
    return _told(call, replies.submit(call.actor, reply, call.body, call.now), conversation)


@route("POST", "/replies/{id}/approve", permission=JUDGE, body=schemas.APPROVE, answer=schemas.REPLY, versioned=True)
def approve_reply(call: Call) -> Json:
    """Approve the very reply one read; the last approval needed sends it."""
    reply, conversation = replies.get(call.actor, call.path["id"])
    call.matches(reply.version)
    return _told(call, approvals.approve(call.actor, reply, conversation, call.body, call.now), conversation)


@route("POST", "/replies/{id}/reject", permission=JUDGE, body=schemas.REASON, answer=schemas.REPLY, versioned=True)
def reject_reply(call: Call) -> Json:
    """Send a reply back to its author, saying why."""
    reply, conversation = replies.get(call.actor, call.path["id"])
    call.matches(reply.version)
    return _told(call, approvals.reject(call.actor, reply, call.body["reason"], call.now), conversation)


@route("POST", "/replies/{id}/withdraw", permission=OWN, body=schema.NOTHING, answer=schemas.REPLY, versioned=True)
def withdraw_reply(call: Call) -> Json:
    """Take back a reply that is not on its way yet: one's own, or as somebody who approves."""
    reply, conversation = replies.get(call.actor, call.path["id"])
    call.matches(reply.version)
    return _told(call, approvals.withdraw(call.actor, reply, call.now), conversation)


@route("POST", "/replies/{id}/comments", permission=FEEDBACK, body=schema.COMMENT, answer=schemas.REPLY)
def comment_on_reply(call: Call) -> Json:
    """Tell the author what one thinks of a reply."""
    reply, conversation = replies.get(call.actor, call.path["id"])
    return _told(call, approvals.comment(call.actor, reply, call.body["text"], call.now), conversation)


@route("GET", "/conversations/{id}/sendability", permission=permissions.VIEW, answer=schemas.SENDABILITY)
def show_sendability(call: Call) -> Json:
    """Whether, how and until when a conversation can be answered."""
    conversation = conversations.get(call.actor, call.path["id"])
    return sendability.view(
        conversations.network_of(conversation).capabilities, sendability.place_of(call.actor, conversation), call.now
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
    lease = leases.held(conversations.get(call.actor, call.path["id"]), call.now)
    return {"lease": leases.view(lease) if lease else None}


@route("DELETE", "/conversations/{id}/lease", permission=permissions.ANSWER, answer=schema.NOTHING)
def release_lease(call: Call) -> Json:
    """I am no longer answering."""
    leases.release(call.actor, conversations.get(call.actor, call.path["id"]))
    return {}
