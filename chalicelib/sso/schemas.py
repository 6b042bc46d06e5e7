"""What the routes of this area take and give."""

from chalicelib.api import schema

NEW_DOMAIN = schema.body("NewSignInDomain", ("domain",), domain=schema.text(253))
RECORD = schema.body(
    "SignInRecord",
    ("type", "name", "value"),
    type=schema.one_of(["TXT"]),
    name={"type": "string"},
    value={"type": "string"},
)
DOMAIN = schema.body(
    "SignInDomain",
    ("id", "domain", "record", "proven_at", "created_at"),
    id=schema.id_of("dom"),
    domain={"type": "string"},
    record={**RECORD, "description": "What to write where the domain's name servers are told."},
    proven_at={**schema.TIME_OR_NULL, "description": "Null until the record was seen."},
    created_at=schema.TIME,
)
