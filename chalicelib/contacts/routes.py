"""/v1: contacts."""

from chalicelib.api.http import Call, Json, route
from chalicelib.contacts import contacts, schemas


@route("GET", "/contacts/{id}", permission="contact.view", answer=schemas.CONTACT)
def show_contact(call: Call) -> Json:
    """The person behind one or more network identities."""
    return contacts.view(contacts.visible(call.actor, call.path["id"]))
