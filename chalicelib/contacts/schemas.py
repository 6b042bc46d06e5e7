"""What the routes of this area take and give."""

from chalicelib.api import schema

IDENTITY = schema.body(
    "ContactIdentity",
    ("network", "id", "username", "phone"),
    network={"type": "string"},
    id={"type": "string", "description": "The network's own id; dots if you may not see it."},
    username={"type": "string", "description": "Empty if the network gives none."},
    phone={"type": "string", "description": "Empty if the network gives none; only some digits if you may not see it."},
    followers={
        "type": "integer",
        "description": "The contact's number of followers when the network last described them, if it says so.",
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
    name={**schema.TEXT_OR_NULL, "description": "Null if the network gives none, or if you may not see it."},
    display_name={
        "type": "string",
        "description": "Your agency's name for the contact, their own name, a username, number, id, or a code.",
    },
    own_name={
        **schema.TEXT_OR_NULL,
        "description": "Your agency's name for the contact; null if there is none, or if you may not see it.",
    },
    labels=LABELS,
    note={**schema.TEXT_OR_NULL, "description": "A note, for members with `contact.view_pii`; null if there is none."},
    avatar=schema.TEXT_OR_NULL,
    identities={"type": "array", "items": IDENTITY},
    reachable={"type": "boolean"},
    version={"type": "integer"},
    created_at=schema.TIME,
    updated_at=schema.TIME,
)
