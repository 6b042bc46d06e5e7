"""/v1: contacts."""

from chalicelib.api.http import Call, Json, route
from chalicelib.contacts import contacts, schemas


@route("GET", "/contacts/{id}", permission="contact.view", answer=schemas.CONTACT)
def show_contact(call: Call) -> Json:
    """Gives a contact: a person, and their identities on networks."""
    return contacts.view(call.actor, contacts.visible(call.actor, call.path["id"]))
