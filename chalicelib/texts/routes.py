"""/v1: search, and contacts by their names."""

from chalicelib.access import permissions
from chalicelib.api import schema
from chalicelib.api.http import Call, Json, route
from chalicelib.contacts import schemas as contacts_schemas
from chalicelib.texts import asking, schemas


@route("GET", "/search", permission=permissions.VIEW, query=schemas.SEARCH, answer=schema.listing(schemas.RESULT))
def search(call: Call) -> Json:
    """Finds messages, conversations or contacts by words, newest first; a page may be short and still have a next."""
    return asking.anything(call.actor, call.query)


@route(
    "GET",
    "/contacts",
    permission="contact.view",
    query=schemas.CONTACTS,
    answer=schema.listing(contacts_schemas.CONTACT),
)
def list_contacts(call: Call) -> Json:
    """Lists contacts, newest first, or those with a name, username or telephone number that you may see."""
    return asking.contacts(call.actor, call.query)
