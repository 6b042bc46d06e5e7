"""What the routes of this area take and give."""

from chalicelib.api import schema

ENTRY = schema.body(
    ("id", "at", "performed_by", "action", "target"),
    id=schema.id_of("aud"),
    at={"type": "string", "format": "date-time"},
    performed_by=schema.body(("id", "kind"), id={"type": "string"}, kind={"enum": ["member", "key", "system"]}),
    action={"type": "string"},
    target={"type": "string"},
    brand=schema.nullable(schema.id_of("brd")),
    before={},
    after={},
    source={"type": ["string", "null"]},
)
AUDIT = {
    "brand": schema.id_of("brd"),
    "actor": {"type": "string", "pattern": "^(mbr|key)_[0-9a-z]{1,60}$"},
    "action": {"type": "string", "pattern": "^[a-z_]{1,40}[.][a-z_]{1,40}$"},
    "target": {"type": "string", "pattern": "^[a-z]{3}_[0-9a-z]{1,60}$"},
    **schema.PAGE,
}
PROOF = {"cursor": schema.PAGE["cursor"]}
CHAIN = schema.body(
    ("intact", "sealed", "waiting", "broken_at", "next"),
    intact={"type": "boolean"},
    sealed={"type": "integer"},
    waiting={"type": "integer"},
    broken_at={"type": ["integer", "null"]},
    next={"type": ["string", "null"]},
)
