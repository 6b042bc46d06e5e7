"""/v1: webhook endpoints, their secrets, and what was delivered to them."""

from functools import partial

from chalicelib.api import pages, schema
from chalicelib.api.http import Call, Json, route
from chalicelib.store.models.webhooks import Endpoint
from chalicelib.webhooks import endpoints, schemas, states
from chalicelib.webhooks.classes import PERMISSION

ENDPOINTS = "/webhook-endpoints"
ONE = f"{ENDPOINTS}/{{id}}"


def _managed(call: Call) -> Endpoint:
    return endpoints.managed(call.actor, call.path["id"])


@route("GET", ENDPOINTS, permission=PERMISSION, query=schema.PAGE, answer=schema.listing(schemas.ENDPOINT))
def list_webhook_endpoints(call: Call) -> Json:
    """Lists the webhook endpoints, oldest first, and how well each of them answers."""
    return pages.answer(call, "webhooks", partial(endpoints.visible, call.actor), endpoints.view)


@route(
    "POST",
    ENDPOINTS,
    pays="grow",
    permission=PERMISSION,
    body=schemas.NEW_ENDPOINT,
    answer=schemas.ENDPOINT,
    status=201,
)
def create_webhook_endpoint(call: Call) -> Json:
    """Creates an endpoint that gets events from now on; the answer has the secret or key to verify them."""
    endpoint, secret = endpoints.create(call.actor, now=call.now, **call.body)
    return {**endpoints.view(endpoint), "secret": secret}


@route("GET", ONE, permission=PERMISSION, answer=schemas.ENDPOINT)
def show_webhook_endpoint(call: Call) -> Json:
    """Shows a webhook endpoint, and how well it answers."""
    return endpoints.view(endpoints.get(call.actor, call.path["id"]))


@route(
    "PATCH",
    ONE,
    pays="work",
    permission=PERMISSION,
    body=schemas.EDIT_ENDPOINT,
    answer=schemas.ENDPOINT,
    versioned=True,
)
def change_webhook_endpoint(call: Call) -> Json:
    """Changes the address, the events or other fields of a webhook endpoint; `headers` replaces all headers."""
    endpoint = _managed(call)
    call.matches(endpoint.version)
    return endpoints.view(endpoints.change(call.actor, endpoint, call.body, call.now))


@route("DELETE", ONE, pays="never", permission=PERMISSION, answer=schema.NOTHING, versioned=True)
def remove_webhook_endpoint(call: Call) -> Json:
    """Removes a webhook endpoint; nothing more is delivered to it."""
    endpoint = _managed(call)
    call.matches(endpoint.version)
    endpoints.remove(call.actor, endpoint, call.now)
    return {}


@route(
    "POST", f"{ONE}/rotate-secret", pays="never", permission=PERMISSION, body=schemas.ROTATE, answer=schemas.ENDPOINT
)
def rotate_webhook_secret(call: Call) -> Json:
    """Gives a webhook endpoint a new secret; the old one also signs for a day, or as long as you say."""
    asked = {"overlap_seconds": 86_400, "signature": None, **call.body}
    endpoint, secret = states.rotate(call.actor, _managed(call), **asked, now=call.now)
    return {**endpoints.view(endpoint), "secret": secret}


@route("GET", f"{ONE}/secret", permission=PERMISSION, answer=schemas.SECRETS)
def show_webhook_secret(call: Call) -> Json:
    """Shows the secret or key that verifies deliveries, and older ones that still sign."""
    return states.secrets(_managed(call), call.now)


@route("POST", f"{ONE}/disable", pays="never", permission=PERMISSION, answer=schemas.ENDPOINT)
def disable_webhook_endpoint(call: Call) -> Json:
    """Stops deliveries to a webhook endpoint until it is enabled."""
    return endpoints.view(states.disable(call.actor, _managed(call), call.now))
