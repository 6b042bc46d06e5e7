"""/v1: what an agency notes down about contacts."""

from chalicelib.api.http import Call, Json, route
from chalicelib.contacts import contacts, profiles, schemas


@route(
    "PATCH",
    "/contacts/{id}",
    pays="work",
    permission="contact.view",
    body=schemas.CHANGE,
    answer=schemas.CONTACT,
    versioned=True,
)
def change_contact(call: Call) -> Json:
    """Changes what you call a contact, their labels, or your note about them."""
    contact = contacts.visible(call.actor, call.path["id"])
    call.matches(contact.version)
    return contacts.view(call.actor, profiles.change(call.actor, contact, call.body, call.now))
