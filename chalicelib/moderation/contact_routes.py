"""/v1/contacts/{id}/standing: what somebody did before."""

from chalicelib.api.http import Call, Json, route
from chalicelib.contacts import contacts
from chalicelib.moderation import schemas, standings
from chalicelib.store.models.contacts import Contact

BAN = "moderation.ban"


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
