"""What the routes of this area take and give."""

from chalicelib.api import schema

IDENTITY = schema.body(
    "ContactIdentity",
    ("network", "id", "username", "phone"),
    network={"type": "string"},
    id={"type": "string", "description": "The network's own; dots if you may not see it."},
    username={"type": "string", "description": "Empty if the network tells none."},
    phone={"type": "string", "description": "Empty if the network tells none; some digits only if you may not see it."},
)
CONTACT = schema.body(
    "Contact",
    ("id", "brand", "name", "display_name", "identities", "reachable"),
    id=schema.id_of("ctc"),
    brand=schema.id_of("brd"),
    external_id=schema.EXTERNAL_ID_OR_NULL,
    name={**schema.TEXT_OR_NULL, "description": "Null if the network tells none, or you may not see it."},
    display_name={"type": "string", "description": "What may be shown: a name, username, number, id, or a code."},
    avatar=schema.TEXT_OR_NULL,
    identities={"type": "array", "items": IDENTITY},
    reachable={"type": "boolean"},
    created_at=schema.TIME,
    updated_at=schema.TIME,
)
