"""/v1/search: what was said, found by its words."""

from chalicelib.access import permissions
from chalicelib.api import schema
from chalicelib.api.http import Call, Json, route
from chalicelib.texts import asking, schemas


@route("GET", "/search", permission=permissions.VIEW, query=schemas.SEARCH, answer=schema.listing(schemas.RESULT))
def search(call: Call) -> Json:
    """Finds messages, conversations or contacts by words, newest first; a short page may still have a `next`."""
    return asking.results_page(call.actor, call.query)
