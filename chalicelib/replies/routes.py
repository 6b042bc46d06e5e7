"""/v1: replies from draft to sent, canned replies, leases, and whether a conversation can be answered."""

from chalicelib.access import permissions
from chalicelib.api import pages, schema
from chalicelib.api.http import Call, Json, route
from chalicelib.brands import brands, moments
from chalicelib.inbox import conversations, outgoing_files
from chalicelib.inbox import schemas as inbox_schemas
from chalicelib.replies import (
    approvals,
    canned_replies,
    compose,
    leases,
    presentation,
    replies,
    schemas,
    sendability,
)
from chalicelib.replies.compose import Content, Draft
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.models.replies import Reply

OWN = (*permissions.ANSWER, "reply.approve")
JUDGE = ("reply.approve", "content.approve")
FEEDBACK = ("note.write", "content.approve")
EDIT = "editorial_line.edit"
LISTED = schema.listing(schemas.CANNED_REPLY)


def _view(call: Call, reply: Reply, conversation: Conversation) -> Json:
    return presentation.view(call.actor, reply, conversation, call.now)


@route(
    "POST",
    "/conversations/{id}/replies",
    pays="work",
    permission=permissions.ANSWER,
    body=schemas.REPLY_TO,
    answer=schemas.REPLY,
    status=202,
    repeatable=True,
)
def draft_reply(call: Call) -> Json:
    """Answers a conversation: at once, later, after approval or as a draft, as you and the brand's rules say."""
    conversation = conversations.get(call.actor, call.path["id"])
    key = call.headers.get("idempotency-key", "")
    return _view(call, replies.draft(call.actor, conversation, _draft(call, conversation), call.now, key), conversation)


def _draft(call: Call, conversation: Conversation) -> Draft:
    return Draft(
        content=compose.changed(Content(), _with_uploads(call)),
        official=call.body.get("official", False),
        keep=call.body.get("draft", False),
        send_at=_send_at(call, conversation),
        seen=call.body.get("seen"),
        external_id=call.body.get("external_id"),
    )


def _with_uploads(call: Call) -> Json:
    if "attachments" not in call.body:
        return call.body
    files = [outgoing_files.with_upload(call.actor.agency, entry, call.now) for entry in call.body["attachments"]]
    return {**call.body, "attachments": files}


def _send_at(call: Call, conversation: Conversation) -> int | None:
    """When the reply is to be sent (ms), None for at once."""
    moment = call.body.get("send_at")
    return moments.to_come(call.actor.agency, conversation.brand, moment, call.now, "send_at") if moment else None


@route(
    "PATCH",
    "/replies/{id}",
    pays="work",
    permission=permissions.ANSWER,
    body=schemas.EDIT_REPLY,
    answer=schemas.REPLY,
    versioned=True,
)
def edit_reply(call: Call) -> Json:
    """Changes the content of a reply that is not sent yet; earlier approvals no longer count."""
    reply, conversation = replies.with_conversation(call.actor, call.path["id"])
    call.matches(reply.version)
    changes = {**_with_uploads(call), **({"send_at": _send_at(call, conversation)} if "send_at" in call.body else {})}
    return _view(call, replies.edit(call.actor, reply, conversation, changes, call.now), conversation)


@route(
    "POST",
    "/replies/{id}/submit",
    pays="work",
    permission=permissions.ANSWER,
    body=schemas.SUBMIT,
    answer=schemas.REPLY,
    versioned=True,
)
def submit_reply(call: Call) -> Json:
    """Submits a draft: it is sent at once if you may send it, otherwise after its approval."""
    reply, conversation = replies.with_conversation(call.actor, call.path["id"])
    call.matches(reply.version)
    despite = call.body.get("despite")
    return _view(call, replies.submit(call.actor, reply, conversation, call.now, despite=despite), conversation)


@route(
    "POST",
    "/replies/{id}/approve",
    pays="outbound",
    permission=JUDGE,
    body=schemas.APPROVE,
    answer=schemas.REPLY,
    versioned=True,
)
def approve_reply(call: Call) -> Json:
    """Approves the reply that you read, by its hash; the last approval that it needs sends it."""
    reply, conversation = replies.with_conversation(call.actor, call.path["id"])
    call.matches(reply.version)
    return _view(call, approvals.approve(call.actor, reply, conversation, call.now, **call.body), conversation)


@route(
    "POST",
    "/replies/{id}/reject",
    pays="work",
    permission=JUDGE,
    body=schemas.REASON,
    answer=schemas.REPLY,
    versioned=True,
)
def reject_reply(call: Call) -> Json:
    """Sends a reply back to its author with a reason."""
    reply, conversation = replies.with_conversation(call.actor, call.path["id"])
    call.matches(reply.version)
    return _view(call, approvals.reject(call.actor, reply, conversation, call.body["reason"], call.now), conversation)


@route(
    "POST",
    "/replies/{id}/let-through",
    pays="work",
    permission=EDIT,
    body=schemas.TO_LET_THROUGH,
    answer=schemas.REPLY,
    versioned=True,
)
def let_reply_through(call: Call) -> Json:
    """Allows a reply that the brand's line objects to; you give a reason, and the hash of the reply."""
    reply, conversation = replies.with_conversation(call.actor, call.path["id"])
    call.matches(reply.version)
    return _view(call, approvals.let_through(call.actor, reply, conversation, now=call.now, **call.body), conversation)


@route(
    "POST",
    "/replies/{id}/withdraw",
    pays="protect",
    permission=OWN,
    body=schema.NOTHING,
    answer=schemas.REPLY,
    versioned=True,
)
def withdraw_reply(call: Call) -> Json:
    """Withdraws a reply before it is on its way: your own, or any reply if you approve replies."""
    reply, conversation = replies.with_conversation(call.actor, call.path["id"])
    call.matches(reply.version)
    return _view(call, approvals.withdraw(call.actor, reply, call.now), conversation)


@route("POST", "/replies/{id}/comments", pays="work", permission=FEEDBACK, body=schema.COMMENT, answer=schemas.REPLY)
def comment_on_reply(call: Call) -> Json:
    """Adds a comment to a reply, for its author."""
    reply, conversation = replies.with_conversation(call.actor, call.path["id"])
    return _view(call, approvals.comment(call.actor, reply, call.body["text"], call.now), conversation)


@route("GET", "/conversations/{id}/sendability", permission=permissions.VIEW, answer=schemas.SENDABILITY)
def show_sendability(call: Call) -> Json:
    """Shows whether, how and until when you can answer a conversation."""
    return sendability.whole_view(call.actor, conversations.get(call.actor, call.path["id"]), call.now)


@route(
    "POST",
    "/conversations/{id}/lease",
    pays="work",
    permission=permissions.ANSWER,
    body=schemas.TAKE,
    answer=inbox_schemas.LEASE,
)
def take_lease(call: Call) -> Json:
    """Shows others that you are answering a conversation, and keeps them from answering at the same time."""
    conversation = conversations.get(call.actor, call.path["id"])
    return leases.view(leases.take(call.actor, conversation, call.now, call.body.get("reason", "")))


@route("GET", "/conversations/{id}/lease", permission=permissions.VIEW, answer=schemas.HELD)
def show_lease(call: Call) -> Json:
    """Shows who is answering a conversation, if anybody."""
    lease = leases.current(conversations.get(call.actor, call.path["id"]), call.now)
    return {"lease": leases.view(lease) if lease else None}


@route("DELETE", "/conversations/{id}/lease", pays="never", permission=permissions.ANSWER, answer=schema.NOTHING)
def release_lease(call: Call) -> Json:
    """Shows others that you no longer answer a conversation."""
    leases.release(call.actor, conversations.get(call.actor, call.path["id"]))
    return {}


@route("GET", "/canned-replies", permission=permissions.ANSWER, query=schemas.CANNED_REPLIES, answer=LISTED)
def list_canned_replies(call: Call) -> Json:
    """Lists the canned replies of a brand, or of all you answer for; `q` searches shortcut, title and text."""
    if "external_id" in call.query:
        return pages.by_external_id(call, "canned-replies", canned_replies.get, canned_replies.view)
    brand_ids = brands.scope(call.actor, call.query.get("brand"))
    q = call.query.get("q", "")
    return canned_replies.listing(call.actor, brand_ids, q, call.query["limit"], call.query.get("cursor"))


@route(
    "POST",
    "/canned-replies",
    pays="work",
    permission=EDIT,
    body=schemas.NEW_CANNED_REPLY,
    answer=schemas.CANNED_REPLY,
    status=201,
)
def create_canned_reply(call: Call) -> Json:
    """Creates a canned reply."""
    return canned_replies.view(canned_replies.create(call.actor, call.now, **call.body))


@route("GET", "/canned-replies/{id}", permission=permissions.ANSWER, answer=schemas.CANNED_REPLY)
def show_canned_reply(call: Call) -> Json:
    """Shows a canned reply, with its variables."""
    return canned_replies.view(canned_replies.get(call.actor, call.path["id"]))


@route(
    "PATCH",
    "/canned-replies/{id}",
    pays="work",
    permission=EDIT,
    body=schemas.EDIT_CANNED_REPLY,
    answer=schemas.CANNED_REPLY,
    versioned=True,
)
def change_canned_reply(call: Call) -> Json:
    """Changes the text, title, language or shortcut of a canned reply."""
    canned_reply = canned_replies.get(call.actor, call.path["id"])
    call.matches(canned_reply.version)
    return canned_replies.view(canned_replies.change(call.actor, canned_reply, call.body, call.now))


@route("DELETE", "/canned-replies/{id}", pays="work", permission=EDIT, answer=schema.NOTHING, versioned=True)
def remove_canned_reply(call: Call) -> Json:
    """Removes a canned reply."""
    canned_reply = canned_replies.get(call.actor, call.path["id"])
    call.matches(canned_reply.version)
    canned_replies.remove(call.actor, canned_reply, call.now)
    return {}


@route(
    "POST",
    "/canned-replies/{id}/render",
    pays="work",
    permission=permissions.ANSWER,
    body=schemas.RENDER,
    answer=schemas.RENDERED,
)
def render_canned_reply(call: Call) -> Json:
    """Fills in a canned reply for a conversation, and names the variables without a value."""
    canned_reply = canned_replies.get(call.actor, call.path["id"])
    return canned_replies.render(call.actor, canned_reply, conversations.get(call.actor, call.body["conversation"]))
