"""/v1: canned replies, written by a brand's editors and used by everybody who answers."""

from chalicelib.access import permissions
from chalicelib.api import schema
from chalicelib.api.http import Call, Json, route
from chalicelib.brands import brands
from chalicelib.inbox import conversations
from chalicelib.replies import canned_replies, schemas

EDIT = "editorial_line.edit"
LISTED = schema.listing(schemas.CANNED_REPLY)


@route("GET", "/canned-replies", permission=permissions.ANSWER, query=schemas.CANNED_REPLIES, answer=LISTED)
def list_canned_replies(call: Call) -> Json:
    """Lists the canned replies of a brand, or of all you answer for; `q` searches shortcut, title and text."""
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
