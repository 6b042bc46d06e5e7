"""What the routes of this area take and give."""

from chalicelib.api import schema

CONTACT = schema.body(
    "Contact",
    ("id", "brand", "name", "display_name", "identities", "reachable"),
    id=schema.id_of("ctc"),
    brand=schema.id_of("brd"),
    external_id=schema.EXTERNAL_ID_OR_NULL,
    name={**schema.TEXT_OR_NULL, "description": "Null if the network tells none, or you may not see it."},
    display_name={"type": "string", "description": "What may be shown: a name, username, number, id, or a code."},
    avatar=schema.TEXT_OR_NULL,
    identities={"type": "array", "items": {"type": "object"}},
    reachable={"type": "boolean"},
    created_at=schema.TIME,
    updated_at=schema.TIME,
)
