"""What counts against somebody, what they are told of it, and how they object: standings, statements, appeals."""

from chalicelib.access import permissions
from chalicelib.api.http import Call, Json, route
from chalicelib.contacts import contacts
from chalicelib.moderation import appeals, decisions, schemas, standings, statements
from chalicelib.store.models.contacts import Contact
from chalicelib.store.models.moderation import Decision

HIDE, APPEAL, BAN = "moderation.hide", "moderation.appeal", "moderation.ban"


def _decision(call: Call) -> Decision:
    return decisions.get(call.actor, call.path["id"])


@route(
    "POST",
    "/decisions/{id}/appeals",
    pays="protect",
    permission=HIDE,
    body=schemas.NEW_APPEAL,
    answer=schemas.DECISION,
)
def file_appeal(call: Call) -> Json:
    """Files what the author says against a decision, once; somebody else has to decide about it."""
    body = call.body
    return decisions.view(appeals.file(call.actor, _decision(call), body["text"], body.get("said_in"), call.now))


@route(
    "POST",
    "/appeals/{id}/decide",
    pays="protect",
    permission=APPEAL,
    body=schemas.DECIDE_APPEAL,
    answer=schemas.DECISION,
)
def decide_appeal(call: Call) -> Json:
    """Upholds the decision, or overturns it: what it did is taken back, and its strike."""
    body = call.body
    return decisions.view(appeals.decide(call.actor, call.path["id"], body["outcome"], body["reason"], call.now))


@route(
    "GET",
    "/decisions/{id}/statement",
    permission=permissions.VIEW,
    query=schemas.IN_LANGUAGE,
    answer=schemas.STATEMENT,
)
def show_statement(call: Call) -> Json:
    """Says for the author what was done, because of which words and which clause, by whom, and how to object."""
    return statements.of(call.actor.agency, _decision(call), call.query.get("language"))


def _contact(call: Call) -> Contact:
    return contacts.visible(call.actor, call.path["id"])


@route("GET", "/contacts/{id}/standing", permission="contact.view", answer=schemas.STANDING)
def show_standing(call: Call) -> Json:
    """Shows the strikes that count against a contact, and what they come to."""
    return standings.view(standings.load(call.actor.agency, _contact(call).id), call.now)


@route(
    "POST",
    "/contacts/{id}/standing/reset",
    pays="never",
    permission=BAN,
    body=schemas.RESET,
    answer=schemas.STANDING,
)
def reset_standing(call: Call) -> Json:
    """Takes all strikes of a contact back, with a reason."""
    return standings.view(standings.reset(call.actor, _contact(call), call.body["reason"], call.now), call.now)
