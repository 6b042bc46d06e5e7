"""/v1: status, priority, assignment, participants and notes of conversations."""

from chalicelib.access import permissions
from chalicelib.api import schema
from chalicelib.api.http import Call, Json, route
from chalicelib.brands import brands
from chalicelib.inbox import conversations, presentation
from chalicelib.inbox import schemas as inbox_schemas
from chalicelib.store import quota
from chalicelib.teamwork import assignment, labels, notes, participants, schemas, triage

MOST_BULK_PER_MINUTE = 30  # of a member or key


@route(
    "PATCH",
    "/conversations/{id}",
    pays="work",
    permission=permissions.TRIAGE,
    body=schemas.CHANGE,
    answer=inbox_schemas.CONVERSATION,
    versioned=True,
)
def change_conversation(call: Call) -> Json:
    """Changes the status, priority, labels or attributes of a conversation."""
    conversation = conversations.get(call.actor, call.path["id"])
    call.matches(conversation.version)
    return presentation.conversation(call.actor, triage.change(call.actor, conversation, call.body, call.now))


@route(
    "POST",
    "/conversations/{id}/assign",
    pays="work",
    permission="conversation.assign",
    body=schemas.ASSIGN,
    answer=inbox_schemas.CONVERSATION,
)
def assign_conversation(call: Call) -> Json:
    """Assigns a conversation to a member or a team, or to nobody."""
    conversation = conversations.get(call.actor, call.path["id"])
    return presentation.conversation(call.actor, assignment.assign(call.actor, conversation, call.body["to"], call.now))


@route(
    "PUT",
    "/conversations/{id}/participants",
    pays="work",
    permission=("conversation.assign", "note.write"),
    body=schemas.PARTICIPANTS,
    answer=inbox_schemas.CONVERSATION,
    versioned=True,
)
def involve_members(call: Call) -> Json:
    """Sets which members take part in a conversation; each must be able to see it."""
    conversation = conversations.get(call.actor, call.path["id"])
    call.matches(conversation.version)
    involved = participants.involve(call.actor, conversation, call.body["members"], call.now)
    return presentation.conversation(call.actor, involved)


@route(
    "POST",
    "/conversations/bulk",
    pays="work",
    permission="conversation.bulk",
    body=schemas.BULK,
    answer=schemas.RESULTS,
)
def change_conversations(call: Call) -> Json:
    """Makes the same change to up to 100 conversations and gives a result for each."""
    quota.take(call.actor.agency, f"bulk#{call.actor.member}", MOST_BULK_PER_MINUTE, call.now)
    return {"items": triage.change_all(call.actor, call.body["ids"], call.body["change"], call.now)}


@route("GET", "/labels", permission=permissions.VIEW, query=schemas.LABELS, answer=schema.listing(schemas.LABEL))
def list_labels(call: Call) -> Json:
    """Lists the labels of your brands' conversations, by name."""
    brand_ids = brands.scopes(call.actor, call.query.get("brand", ()))
    return labels.listing(call.actor, brand_ids, call.query["limit"], call.query.get("cursor"))


@route(
    "GET",
    "/conversations/{id}/notes",
    permission=permissions.VIEW,
    query=schema.PAGE,
    answer=schema.listing(schemas.NOTE),
)
def list_notes(call: Call) -> Json:
    """Lists the notes about a conversation, newest first."""
    conversation = conversations.get(call.actor, call.path["id"])
    return notes.listing(conversation, call.query["limit"], call.query.get("cursor"))


@route(
    "POST",
    "/conversations/{id}/notes",
    pays="work",
    permission="note.write",
    body=schema.COMMENT,
    answer=schemas.NOTE,
    status=201,
)
def write_note(call: Call) -> Json:
    """Adds a note for colleagues to a conversation; the other side never sees it."""
    conversation = conversations.get(call.actor, call.path["id"])
    return notes.view(notes.write(call.actor, conversation, call.body["text"], call.now))
