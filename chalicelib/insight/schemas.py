"""What the routes of this area take and give."""

from chalicelib.api import schema

ENTRY = schema.body(
    "AuditEntry",
    ("id", "at", "performed_by", "action", "target"),
    id=schema.id_of("aud"),
    at=schema.TIME,
    performed_by=schema.PERFORMER,
    action={"type": "string"},
    target={"type": "string"},
    brand=schema.nullable(schema.id_of("brd")),
    before=schema.open_object(
        "The values before the change, under the names of the target's fields.", type=["object", "null"]
    ),
    after=schema.open_object("The values after the change.", type=["object", "null"]),
    source=schema.TEXT_OR_NULL,
)
AUDIT = {
    "brand": schema.id_of("brd"),
    "actor": {"type": "string", "pattern": "^(mbr|key|cnl)_[0-9a-z]{1,60}$"},
    "action": {"type": "string", "pattern": "^[a-z_]{1,40}[.][a-z_]{1,40}$"},
    "target": {"type": "string", "pattern": "^[a-z]{3}_[0-9a-z]{1,60}$"},
    "since": schema.TIME,
    "until": schema.TIME,
    **schema.PAGE,
}
PROOF = {"cursor": schema.PAGE["cursor"]}
CHAIN = schema.body(
    "AuditVerification",
    ("intact", "sealed", "waiting", "overdue", "broken_at", "next"),
    intact={"type": "boolean"},
    sealed={"type": "integer"},
    waiting={"type": "integer", "description": "The number of entries of this part that are not sealed yet."},
    overdue={
        "type": "array",
        "items": schema.id_of("aud"),
        "description": "The entries of this part that should have been sealed over an hour ago, but are not.",
    },
    broken_at={
        "type": ["integer", "null"],
        "description": "The first link that is missing or does not match its entry, the link before it or its anchor.",
    },
    next=schema.TEXT_OR_NULL,
)
