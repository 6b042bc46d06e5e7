"""/v1: words that a brand says often, written by its editors and used by all who answer."""

from chalicelib.access import permissions
from chalicelib.api import schema
from chalicelib.api.http import Call, Json, route
from chalicelib.brands import brands
from chalicelib.inbox import conversations
from chalicelib.replies import canned_replies, canned_schemas

EDIT = "editorial_line.edit"
LISTED = schema.listing(canned_schemas.CANNED_REPLY)


@route("GET", "/canned-replies", permission=permissions.ANSWER, query=canned_schemas.CANNED_REPLIES, answer=LISTED)
def list_canned_replies(call: Call) -> Json:
    """Words said often, of one brand or of all I answer for; `q` is looked for in shortcut, title and text."""
    brand_ids = brands.scope(call.actor, call.query.get("brand"))
    q = call.query.get("q", "")
    return canned_replies.listing(call.actor, brand_ids, q, call.query["limit"], call.query.get("cursor"))


@route(
    "POST",
    "/canned-replies",
    permission=EDIT,
    body=canned_schemas.NEW_CANNED_REPLY,
    answer=canned_schemas.CANNED_REPLY,
    status=201,
)
def create_canned_reply(call: Call) -> Json:
    """New words to say often."""
    return canned_replies.view(canned_replies.create(call.actor, call.body, call.now))


@route("GET", "/canned-replies/{id}", permission=permissions.ANSWER, answer=canned_schemas.CANNED_REPLY)
def show_canned_reply(call: Call) -> Json:
    """Words said often, with their variables."""
    return canned_replies.view(canned_replies.get(call.actor, call.path["id"]))


@route(
    "PATCH",
    "/canned-replies/{id}",
    permission=EDIT,
    body=canned_schemas.EDIT_CANNED_REPLY,
    answer=canned_schemas.CANNED_REPLY,
    versioned=True,
)
def change_canned_reply(call: Call) -> Json:
    """Other words, or another shortcut."""
    canned_reply = canned_replies.get(call.actor, call.path["id"])
    call.matches(canned_reply.version)
    return canned_replies.view(canned_replies.change(call.actor, canned_reply, call.body, call.now))


@route("DELETE", "/canned-replies/{id}", permission=EDIT, answer=schema.NOTHING, versioned=True)
def remove_canned_reply(call: Call) -> Json:
    """Take the words away."""
    canned_reply = canned_replies.get(call.actor, call.path["id"])
    call.matches(canned_reply.version)
    canned_replies.remove(call.actor, canned_reply, call.now)
    return {}


@route(
    "POST",
    "/canned-replies/{id}/render",
    permission=permissions.ANSWER,
    body=canned_schemas.RENDER,
    answer=canned_schemas.RENDERED,
)
def render_canned_reply(call: Call) -> Json:
    """The words with their variables filled in for a conversation, and the names of those that have no value."""
    canned_reply = canned_replies.get(call.actor, call.path["id"])
    return canned_replies.render(call.actor, canned_reply, conversations.get(call.actor, call.body["conversation"]))
