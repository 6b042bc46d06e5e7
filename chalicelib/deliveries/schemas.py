"""What the routes of this area take and give."""

from chalicelib.api import schema

ENABLE = schema.body(
    "WebhookEnabling",
    (),
    replay={"type": "boolean", "description": "Deliver what it missed, as far as that is kept."},
)
_ATTEMPT = {
    "delivered": {"type": "boolean"},
    "status": {"type": ["integer", "null"], "description": "The status of the answer, if there was one."},
    "reason": schema.TEXT_OR_NULL,
    "ms": {"type": "integer"},
    "answer": {"type": "string", "description": "The first KB of what came back."},
}
TEST = schema.body("WebhookTest", ("event", "delivered", "ms"), event=schema.id_of("evt"), **_ATTEMPT)
DELIVERY = schema.body(
    "WebhookDelivery",
    ("event", "type", "at", "attempt", "delivered", "ms"),
    event=schema.id_of("evt"),
    type={"type": "string"},
    at=schema.TIME,
    attempt={"type": "integer"},
    **_ATTEMPT,
)
DELIVERIES = {**schema.PAGE, "failed": {"type": "boolean", "default": False, "description": "Only what failed."}}
REPLAY = schema.body("WebhookReplay", ("since", "until"), since=schema.TIME, until=schema.TIME)
REPLAYED = schema.body("WebhookReplayed", ("since", "until"), since=schema.TIME, until=schema.TIME)
