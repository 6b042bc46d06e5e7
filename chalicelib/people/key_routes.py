"""/v1/api-keys: keys for programs."""

from functools import partial

from chalicelib.api import pages, schema
from chalicelib.api.http import Call, Json, route
from chalicelib.people import api_keys, schemas


@route("GET", "/api-keys", permission="api_key.manage", query=schema.PAGE, answer=schema.listing(schemas.API_KEY))
def list_keys(call: Call) -> Json:
    """Lists the API keys of the agency, and when each was last used."""
    return pages.answer(call, "api-keys", partial(api_keys.visible, call.actor), api_keys.used_view)


@route(
    "POST",
    "/api-keys",
    pays="grow",
    permission="api_key.manage",
    body=schemas.NEW_KEY,
    answer=schemas.API_KEY,
    status=201,
)
def create_key(call: Call) -> Json:
    """Creates an API key; only this answer contains the key itself."""
    asked = {"expires_at": None, "ranges": (), **call.body}
    api_key, secret = api_keys.create(call.actor, **asked, now=call.now)
    return {**api_keys.view(api_key), "key": secret}


@route("DELETE", "/api-keys/{id}", pays="never", permission="api_key.manage", answer=schema.NOTHING)
def revoke_key(call: Call) -> Json:
    """Revokes an API key; it stops working at once."""
    api_keys.revoke(call.actor, call.path["id"], call.now)
    return {}
