"""What the routes of this area take and give."""

from chalicelib.api import schema

ENABLE = schema.body(
    "WebhookEnabling",
    (),
    replay={
        "type": "boolean",
        "description": "If true, the endpoint also gets the events that it missed, as far as they are kept.",
    },
)
_ATTEMPT = {
    "delivered": {"type": "boolean"},
    "status": {
        "type": ["integer", "null"],
        "description": "The HTTP status of the receiver's answer, if there was one.",
    },
    "reason": schema.TEXT_OR_NULL,
    "ms": {"type": "integer"},
    "answer": {"type": "string", "description": "The first KB of the receiver's answer."},
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
DELIVERIES = {
    **schema.PAGE,
    "failed": {"type": "boolean", "default": False, "description": "If true, only failed deliveries are listed."},
}
REPLAY = schema.body("WebhookReplay", ("since", "until"), since=schema.TIME, until=schema.TIME)
REPLAYED = schema.body("WebhookReplayed", ("since", "until"), since=schema.TIME, until=schema.TIME)
