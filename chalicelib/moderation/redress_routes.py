"""What counts against somebody, what they are told of it, how they object, and who is banned."""

from collections.abc import Iterator

from chalicelib.access import permissions
from chalicelib.api import pages, schema
from chalicelib.api.http import Call, Json, route
from chalicelib.brands import brands
from chalicelib.contacts import contacts
from chalicelib.moderation import appeals, bans, cases, decisions, schemas, standings, statements
from chalicelib.store.models.contacts import Contact
from chalicelib.store.models.moderation import Ban, Decision, Standing

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
    """Files the author's objection to a decision, once; somebody else must decide it."""
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
    """Upholds the decision, or overturns it: then the decision is undone and its strike removed."""
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
    """Tells the author what was done, by whom, for which words and clause, and how to object."""
    return statements.of(call.actor.agency, _decision(call), call.query.get("language"))


def _standing(call: Call, standing: Standing) -> Json:
    said = cases.verdicts(call.actor.agency, standing.pk.partition("#")[2])
    return {**standings.view(standing, call.now), "verdicts": said}


def _contact(call: Call) -> Contact:
    return contacts.visible(call.actor, call.path["id"])


@route("GET", "/contacts/{id}/standing", permission="contact.view", answer=schemas.STANDING)
def show_standing(call: Call) -> Json:
    """Shows the strikes that count against a contact, and their total."""
    return _standing(call, standings.load(call.actor.agency, _contact(call).id))


@route(
    "POST",
    "/contacts/{id}/standing/reset",
    pays="never",
    permission=BAN,
    body=schemas.RESET,
    answer=schemas.STANDING,
)
def reset_standing(call: Call) -> Json:
    """Removes all strikes of a contact, with a reason."""
    return _standing(call, standings.reset(call.actor, _contact(call), call.body["reason"], call.now))


def _ban(call: Call) -> Ban:
    return bans.get(call.actor, call.path["id"])


@route(
    "POST",
    "/contacts/{id}/bans",
    pays="protect",
    permission=HIDE,
    body=schemas.NEW_BAN,
    answer=schemas.BAN,
    status=201,
)
def propose_ban(call: Call) -> Json:
    """Proposes to ban a contact; the ban begins when somebody else approves it."""
    contact, body = contacts.visible(call.actor, call.path["id"]), call.body
    extent, until = body.get("extent", "ban"), body.get("until")
    return bans.view(
        bans.propose(call.actor, contact, body["clause"], body["reason"], call.now, until=until, extent=extent)
    )


@route("GET", "/bans", permission=HIDE, query=schemas.BANS, answer=schema.listing(schemas.BAN))
def list_bans(call: Call) -> Json:
    """Lists bans, the last proposed first."""
    chosen = brands.scope(call.actor, call.query.get("brand"))

    def before(edge: str) -> Iterator[Ban]:
        return bans.listing(call.actor.agency, chosen, call.query.get("state"), edge)

    return pages.answer(call, "bans", before, bans.view)


@route("GET", "/bans/{id}", permission=HIDE, answer=schemas.BAN)
def show_ban(call: Call) -> Json:
    """Shows a ban."""
    return bans.view(_ban(call))


@route("POST", "/bans/{id}/approve", pays="protect", permission=BAN, body=schema.NOTHING, answer=schemas.BAN)
def approve_ban(call: Call) -> Json:
    """Begins a ban that somebody else proposed."""
    return bans.view(bans.approve(call.actor, _ban(call), call.now))


@route("POST", "/bans/{id}/reject", pays="protect", permission=BAN, body=schemas.BAN_REASON, answer=schemas.BAN)
def reject_ban(call: Call) -> Json:
    """Rejects a ban that was proposed."""
    return bans.view(bans.reject(call.actor, _ban(call), call.body["reason"], call.now))


@route("POST", "/bans/{id}/lift", pays="never", permission=BAN, body=schemas.BAN_REASON, answer=schemas.BAN)
def lift_ban(call: Call) -> Json:
    """Ends a ban before its time."""
    return bans.view(bans.lift(call.actor, _ban(call), call.body["reason"], call.now))
