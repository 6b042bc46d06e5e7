"""/v1: work on conversations: whose they are, how urgent, when they are done, and what colleagues say beside them."""

from collections.abc import Mapping
from typing import Any

from chalicelib.api import schema
from chalicelib.api.http import Call, route
from chalicelib.inbox import conversation, note, participant, schemas, work
from chalicelib.tenancy import role

Json = Mapping[str, Any]


@route("PATCH", "/conversations/{id}", permission=work.WORK, body=schemas.CHANGE, answer=schemas.CONVERSATION)
def change_conversation(call: Call) -> Json:
    """Set the status, priority, labels or attributes of a conversation."""
    found = conversation.get(call.actor, call.path["id"])
    call.matches(found.version)
    return conversation.view(work.change(call.actor, found, call.body, call.now))


@route(
    "POST",
    "/conversations/{id}/assign",
    permission="conversation.assign",
    body=schemas.ASSIGN,
    answer=schemas.CONVERSATION,
)
def assign_conversation(call: Call) -> Json:
    """Give a conversation to a member or a team, or to nobody."""
    found = conversation.get(call.actor, call.path["id"])
    return conversation.view(work.assign(call.actor, found, call.body["to"], call.now))


@route(
    "PUT",
    "/conversations/{id}/participants",
    permission=("conversation.assign", "note.write"),
    body=schemas.PARTICIPANTS,
    answer=schemas.CONVERSATION,
)
def involve_members(call: Call) -> Json:
    """Say which colleagues take part in a conversation; all of them could see it before."""
    found = conversation.get(call.actor, call.path["id"])
    call.matches(found.version)
    return conversation.view(participant.involve(call.actor, found, call.body["members"], call.now))


@route("POST", "/conversations/bulk", permission="conversation.bulk", body=schemas.BULK, answer=schemas.RESULTS)
def change_conversations(call: Call) -> Json:
    """The same change to up to 100 conversations; a result for each."""
    return {"items": work.bulk(call.actor, call.body["ids"], call.body["change"], call.now)}


@route("GET", "/conversations/{id}/notes", permission=role.VIEW, query=schema.PAGE, answer=schema.listing(schemas.NOTE))
def list_notes(call: Call) -> Json:
    """What colleagues noted beside a conversation, newest first."""
    return note.listing(conversation.get(call.actor, call.path["id"]), call.query["limit"], call.query.get("cursor"))


@route(
    "POST", "/conversations/{id}/notes", permission="note.write", body=schemas.COMMENT, answer=schemas.NOTE, status=201
)
def write_note(call: Call) -> Json:
    """Tell colleagues something; the other side never sees it."""
    return note.view(note.write(call.actor, conversation.get(call.actor, call.path["id"]), call.body["text"], call.now))
