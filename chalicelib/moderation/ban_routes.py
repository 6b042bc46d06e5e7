"""/v1/bans: what somebody proposes about a contact, and somebody else approves."""

from collections.abc import Iterator

from chalicelib.api import pages, schema
from chalicelib.api.http import Call, Json, route
from chalicelib.brands import brands
from chalicelib.contacts import contacts
from chalicelib.moderation import bans, schemas
from chalicelib.store.models.moderation import Ban

PROPOSE, DECIDE = "moderation.hide", "moderation.ban"


def _ban(call: Call) -> Ban:
    return bans.get(call.actor, call.path["id"])


@route(
    "POST",
    "/contacts/{id}/bans",
    pays="protect",
    permission=PROPOSE,
    body=schemas.NEW_BAN,
    answer=schemas.BAN,
    status=201,
)
def propose_ban(call: Call) -> Json:
    """Proposes to ban a contact; it begins once somebody else approves."""
    contact, body = contacts.visible(call.actor, call.path["id"]), call.body
    return bans.view(
        bans.propose(
            call.actor, contact, body["clause"], body["reason"], body.get("until"), call.now, body.get("extent", "ban")
        )
    )  # fmt: skip


@route("GET", "/bans", permission=PROPOSE, query=schemas.BANS, answer=schema.listing(schemas.BAN))
def list_bans(call: Call) -> Json:
    """Lists bans, those proposed last first."""
    chosen = brands.scope(call.actor, call.query.get("brand"))

    def before(edge: str) -> Iterator[Ban]:
        return bans.listing(call.actor.agency, chosen, call.query.get("state"), edge)

    return pages.answer(call, "bans", before, bans.view)


@route("GET", "/bans/{id}", permission=PROPOSE, answer=schemas.BAN)
def show_ban(call: Call) -> Json:
    """Shows a ban."""
    return bans.view(_ban(call))


@route("POST", "/bans/{id}/approve", pays="protect", permission=DECIDE, body=schema.NOTHING, answer=schemas.BAN)
def approve_ban(call: Call) -> Json:
    """Begins a ban that somebody else proposed."""
    return bans.view(bans.approve(call.actor, _ban(call), call.now))


@route("POST", "/bans/{id}/reject", pays="protect", permission=DECIDE, body=schemas.BAN_REASON, answer=schemas.BAN)
def reject_ban(call: Call) -> Json:
    """Rejects a ban that was proposed."""
    return bans.view(bans.reject(call.actor, _ban(call), call.body["reason"], call.now))


@route("POST", "/bans/{id}/lift", pays="never", permission=DECIDE, body=schemas.BAN_REASON, answer=schemas.BAN)
def lift_ban(call: Call) -> Json:
    """Ends a ban before its time."""
    return bans.view(bans.lift(call.actor, _ban(call), call.body["reason"], call.now))
