"""/v1: what is delivered to webhook endpoints."""

from chalicelib import clock
from chalicelib.api import schema
from chalicelib.api.http import Call, Json, route
from chalicelib.deliveries import again, records, replays, schemas, trial, wakes
from chalicelib.store.models.webhooks import Endpoint
from chalicelib.webhooks import endpoints, states
from chalicelib.webhooks import schemas as webhooks_schemas
from chalicelib.webhooks.classes import PERMISSION

ONE = "/webhook-endpoints/{id}"


def _managed(call: Call) -> Endpoint:
    return endpoints.managed(call.actor, call.path["id"])


@route(
    "POST", f"{ONE}/enable", pays="grow", permission=PERMISSION, body=schemas.ENABLE, answer=webhooks_schemas.ENDPOINT
)
def enable_webhook_endpoint(call: Call) -> Json:
    """Enables a disabled webhook endpoint again, or retries a failing one at once."""
    replay = call.body.get("replay", False)
    endpoint = states.enable(call.actor, _managed(call), replay=replay, now=call.now)
    wakes.at_once(endpoint, call.now)
    return endpoints.view(endpoint)


@route("POST", f"{ONE}/test", pays="never", permission=PERMISSION, answer=schemas.TEST)
def test_webhook_endpoint(call: Call) -> Json:
    """Delivers a test event now, and shows what the receiver answered."""
    return trial.deliver(_managed(call), call.now)


@route(
    "GET",
    f"{ONE}/deliveries",
    permission=PERMISSION,
    query=schemas.DELIVERIES,
    answer=schema.listing(schemas.DELIVERY),
)
def list_webhook_deliveries(call: Call) -> Json:
    """Lists the deliveries to a webhook endpoint of the last 30 days, failed ones too, newest first."""
    asked = call.query
    return records.listing(_managed(call), asked["limit"], asked.get("cursor"), failed=asked["failed"])


@route(
    "POST",
    f"{ONE}/deliveries/{{event}}/redeliver",
    pays="never",
    permission=PERMISSION,
    answer=schema.NOTHING,
    status=202,
)
def redeliver_webhook_event(call: Call) -> Json:
    """Delivers an event again that was recently delivered or tried; its id stays the same."""
    again.ask(_managed(call), call.path["event"], call.now)
    return {}


@route(
    "POST",
    f"{ONE}/replay",
    pays="never",
    permission=PERMISSION,
    body=schemas.REPLAY,
    answer=schemas.REPLAYED,
    status=202,
)
def replay_webhook_events(call: Call) -> Json:
    """Delivers all events of a stretch of the last seven days again; their ids stay the same."""
    stretch = replays.ask(_managed(call), call.body["since"], call.body["until"], call.now)
    return {name: clock.text(stretch[name]) for name in ("since", "until")}
