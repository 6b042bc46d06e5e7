"""What the routes of this area take and give."""

from chalicelib.api import schema

CONTACT = schema.body(
    "Contact",
    ("id", "brand", "name", "identities", "reachable"),
    id=schema.id_of("ctc"),
    brand=schema.id_of("brd"),
    name={"type": "string"},
    avatar=schema.TEXT_OR_NULL,
    identities={"type": "array", "items": {"type": "object"}},
    reachable={"type": "boolean"},
    created_at=schema.TIME,
    updated_at=schema.TIME,
)
