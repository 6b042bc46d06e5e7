"""What the routes of this area take and give."""

from chalicelib.api import schema

IDENTITY = schema.body(
    "ContactIdentity",
    ("network", "id", "username", "phone"),
    network={"type": "string"},
    id={"type": "string", "description": "The network's own; dots if you may not see it."},
    username={"type": "string", "description": "Empty if the network tells none."},
    phone={"type": "string", "description": "Empty if the network tells none; some digits only if you may not see it."},
    followers={
        "type": "integer",
        "description": "How many followed them when the network told who they are, if it tells.",
    },
)
LABELS = {"type": "array", "maxItems": 20, "items": {"type": "string", "pattern": "^[\\w-]{1,50}$"}}
CHANGE = {
    **schema.body(
        "ContactChange",
        (),
        own_name=schema.nullable(schema.text(200)),
        labels=LABELS,
        note=schema.nullable(schema.prose(4000)),
    ),
    "minProperties": 1,
}
CONTACT = schema.body(
    "Contact",
    ("id", "brand", "name", "own_name", "display_name", "labels", "note", "identities", "reachable", "version"),
    id=schema.id_of("ctc"),
    brand=schema.id_of("brd"),
    external_id=schema.EXTERNAL_ID_OR_NULL,
    name={**schema.TEXT_OR_NULL, "description": "Null if the network tells none, or you may not see it."},
    display_name={
        "type": "string",
        "description": "Your name of them, theirs, a username, number, id, or a code.",
    },
    own_name={**schema.TEXT_OR_NULL, "description": "What your agency calls them; null if nothing, or not for you."},
    labels=LABELS,
    note={**schema.TEXT_OR_NULL, "description": "For who has `contact.view_pii`; null if there is none."},
    avatar=schema.TEXT_OR_NULL,
    identities={"type": "array", "items": IDENTITY},
    reachable={"type": "boolean"},
    version={"type": "integer"},
    created_at=schema.TIME,
    updated_at=schema.TIME,
)
