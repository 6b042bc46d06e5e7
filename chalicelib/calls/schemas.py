"""What the routes of this area take and give."""

from chalicelib.api import schema

CALLS = {
    "request": {
        "type": "string",
        "pattern": "^[0-9A-Za-z-]{1,64}$",
        "description": "The `Request-Id` header of the answer.",
    },
    "actor": {
        "type": "string",
        "pattern": "^(mbr|key)_[0-9a-z]{1,60}$",
        "description": "The member or key that made the request.",
    },
    "route": {
        "type": "string",
        "pattern": "^(POST|PUT|PATCH|DELETE) /[a-z0-9_/{}-]{1,100}$",
        "description": "Method and path as in this document: `POST /conversations/{id}/replies`.",
    },
    "status": {"type": "integer", "minimum": 200, "maximum": 599},
    "thing": {
        "type": "string",
        "pattern": "^[a-z]{3}_[0-9a-z]{1,60}$",
        "description": "The id of something that the request was about or that it made.",
    },
    **schema.PAGE,
}
_OF_CALL = {
    "request": {"type": "string"},
    "at": schema.TIME,
    "route": {"type": "string"},
    "status": {"type": "integer"},
    "code": {**schema.TEXT_OR_NULL, "description": "The code of the problem, if the request was refused."},
    "performed_by": schema.PERFORMER,
    "things": {"type": "array", "items": {"type": "string"}},
    "ms": {"type": "integer"},
}
CALL = schema.body("Request", tuple(_OF_CALL), **_OF_CALL)
MESSAGE = schema.body(
    "SentMessage",
    ("id", "status", "attempts", "tried_at", "error"),
    id=schema.id_of("msg"),
    status={"type": "string"},
    attempts={"type": "integer"},
    tried_at=schema.TIME_OR_NULL,
    error={**schema.TEXT_OR_NULL, "description": "The code of the error that the network reported or we found."},
)
REPLY = schema.body(
    "CausedReply",
    ("id", "state", "text", "messages"),
    id=schema.id_of("rpl"),
    state={"type": "string"},
    text={**schema.TEXT_OR_NULL, "description": "Null if you cannot see the conversation."},
    messages={"type": "array", "items": MESSAGE},
)
EVENT = schema.body(
    "CausedEvent",
    ("id", "type", "at", "target"),
    id=schema.id_of("evt"),
    type={"type": "string"},
    at=schema.TIME,
    target={"type": "string"},
)
DELIVERY = schema.body(
    "CausedDelivery",
    ("endpoint", "event", "at", "attempt", "delivered", "status", "reason", "ms"),
    endpoint=schema.id_of("whk"),
    event=schema.id_of("evt"),
    at=schema.TIME,
    attempt={"type": "integer"},
    delivered={"type": "boolean"},
    status={"type": ["integer", "null"]},
    reason=schema.TEXT_OR_NULL,
    ms={"type": "integer"},
)
TRAIL = schema.body(
    "RequestTrail",
    (*_OF_CALL, "replies", "events", "deliveries"),
    **_OF_CALL,
    replies={"type": "array", "items": REPLY},
    events={"type": "array", "items": EVENT, "description": "Events of the last seven days that you can see."},
    deliveries={
        "type": "array",
        "items": DELIVERY,
        "description": "Deliveries to webhook endpoints, if you manage webhooks.",
    },
)
