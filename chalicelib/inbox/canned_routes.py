"""/v1: words that a brand says often, written by its editors and used by all who answer."""

from collections.abc import Mapping
from typing import Any

from chalicelib.api import schema
from chalicelib.api.http import Call, route
from chalicelib.inbox import canned_reply, conversation, schemas
from chalicelib.tenancy import brand, role

Json = Mapping[str, Any]
EDIT = "editorial_line.edit"
LISTED = schema.listing(schemas.CANNED_REPLY)


@route("GET", "/canned-replies", permission=role.ANSWER, query=schemas.CANNED_REPLIES, answer=LISTED)
def list_canned_replies(call: Call) -> Json:
    """Words said often, of one brand or of all I answer for; `q` is looked for in shortcut, title and text."""
    brands = brand.scope(call.actor, call.query.get("brand"))
    q = call.query.get("q", "")
    return canned_reply.listing(call.actor, brands, q, call.query["limit"], call.query.get("cursor"))


@route(
    "POST",
    "/canned-replies",
    permission=EDIT,
    body=schemas.NEW_CANNED_REPLY,
    answer=schemas.CANNED_REPLY,
    status=201,
)
def create_canned_reply(call: Call) -> Json:
    """New words to say often."""
    return canned_reply.view(canned_reply.create(call.actor, call.body, call.now))


@route("GET", "/canned-replies/{id}", permission=role.ANSWER, answer=schemas.CANNED_REPLY)
def show_canned_reply(call: Call) -> Json:
    """Words said often, with their variables."""
    return canned_reply.view(canned_reply.get(call.actor, call.path["id"]))


@route("PATCH", "/canned-replies/{id}", permission=EDIT, body=schemas.EDIT_CANNED_REPLY, answer=schemas.CANNED_REPLY)
def change_canned_reply(call: Call) -> Json:
    """Other words, or another shortcut."""
    found = canned_reply.get(call.actor, call.path["id"])
    call.matches(found.version)
    return canned_reply.view(canned_reply.change(call.actor, found, call.body, call.now))


@route("DELETE", "/canned-replies/{id}", permission=EDIT, answer=schemas.NOTHING)
def remove_canned_reply(call: Call) -> Json:
    """Take the words away."""
    found = canned_reply.get(call.actor, call.path["id"])
    call.matches(found.version)
    canned_reply.remove(call.actor, found, call.now)
    return {}


@route("POST", "/canned-replies/{id}/render", permission=role.ANSWER, body=schemas.RENDER, answer=schemas.RENDERED)
def render_canned_reply(call: Call) -> Json:
    """The words with their variables filled in for a conversation, and the names of those that have no value."""
    found = canned_reply.get(call.actor, call.path["id"])
    return canned_reply.render(call.actor, found, conversation.get(call.actor, call.body["conversation"]))
