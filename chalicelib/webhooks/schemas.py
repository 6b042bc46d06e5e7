"""What the routes of this area take and give."""

from collections.abc import Mapping
from typing import Any, get_args

from chalicelib import patterns
from chalicelib.api import schema
from chalicelib.inbox import schemas as inbox_schemas
from chalicelib.outside import addresses
from chalicelib.webhooks import sealing
from chalicelib.webhooks.classes import CLASSES
from chalicelib.webhooks.signatures import Scheme
from chalicelib.webhooks.states import Reason

_SEVEN_DAYS = 7 * 24 * 3600


def _some(inner: Mapping[str, Any], most: int, description: str) -> dict[str, Any]:
    items = {"type": "array", "minItems": 1, "maxItems": most, "uniqueItems": True, "items": inner}
    return {**schema.nullable(items), "description": f"{description}; null for all."}


_TYPE = {"type": "string", "pattern": "^[a-z_]{1,40}([.][a-z_]{1,40})?$"}
_URL = {
    "type": "string", "minLength": 9, "maxLength": addresses.LONGEST, "pattern": "^[^\\s\\u0000-\\u001f\\u007f]+$",
    "description": "An https address on the public internet, with port 443 or 8443.",
}  # fmt: skip
_SIGNATURE = schema.one_of(get_args(Scheme), description="v1: HMAC-SHA256; v1a: Ed25519.")
_DETAIL = schema.one_of(("thin", "full"), description="With `full`, each event contains the thing that it is about.")
_CLASSES = {
    "type": "array", "minItems": 1, "maxItems": len(CLASSES), "uniqueItems": True, "items": schema.one_of(CLASSES),
    "description": "The classes of data that the endpoint gets. You need the permissions for all of them.",
}  # fmt: skip
_CHOSEN = {
    "url": _URL,
    "description": {**schema.text(200), "minLength": 0, "allOf": [{"pattern": patterns.PLAIN}]},
    "events": _some(_TYPE, 100, "Types of events, or their first parts"),
    "brands": _some(schema.id_of("brd"), 100, "Brands"),
    "channels": _some(schema.id_of("chn"), 50, "Channels"),
    "networks": _some(schema.NETWORK, 20, "Networks"),
    "surfaces": _some(inbox_schemas.SURFACE, 4, "Surfaces"),
    "classes": _CLASSES,
    "detail": _DETAIL,
    "headers": {
        "type": "object",
        "maxProperties": sealing.MOST_HEADERS,
        "additionalProperties": {"type": "string", "maxLength": sealing.LONGEST_VALUE},
        "description": "Further headers of its deliveries. Their values are never shown again.",
    },
}
NEW_ENDPOINT = schema.body("NewWebhookEndpoint", ("url", "classes"), **_CHOSEN, signature=_SIGNATURE)
EDIT_ENDPOINT = schema.body("WebhookEndpointChange", (), **_CHOSEN)
_SECRET = {
    "type": "string", schema.SECRET: True,
    "description": "What a receiver verifies deliveries with: the secret, or for v1a the public key.",
}  # fmt: skip
ENDPOINT = schema.body(
    "WebhookEndpoint",
    ("id", "url", "classes", "detail", "signature", "header_names", "state", "created_by", "created_at", "version"),
    id=schema.id_of("whk"),
    **{name: value for name, value in _CHOSEN.items() if name not in ("headers", "description")},
    description={"type": "string"},
    signature=_SIGNATURE,
    header_names={"type": "array", "items": {"type": "string"}},
    state=schema.one_of(("listening", "failing", "disabled")),
    disabled_reason=schema.nullable(schema.one_of(get_args(Reason))),
    failing_since=schema.TIME_OR_NULL,
    next_try_at=schema.TIME_OR_NULL,
    created_by={"type": "string"},
    created_at=schema.TIME,
    version={"type": "integer"},
    secret=_SECRET,
)
ROTATE = schema.body(
    "SecretRotation",
    (),
    overlap_seconds={
        "type": "integer",
        "minimum": 0,
        "maximum": _SEVEN_DAYS,
        "default": 86400,
        "description": "How many seconds the present secrets still sign as well.",
    },
    signature=_SIGNATURE,
)
SECRETS = schema.body(
    "WebhookSecrets",
    ("secret", "previous_secrets"),
    secret=_SECRET,
    previous_secrets={
        "type": "array",
        "items": {"type": "string"},
        schema.SECRET: True,
        "description": "Older secrets that still sign.",
    },
)
