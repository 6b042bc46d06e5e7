"""What the routes of canned replies take and give."""

from chalicelib.api import schema

CANNED_REPLY = schema.body(
    "CannedReply",
    ("id", "brand", "shortcut", "title", "text", "language", "version", "created_at", "updated_at"),
    id=schema.id_of("can"),
    brand=schema.id_of("brd"),
    shortcut={"type": "string"},
    title={"type": "string"},
    text={"type": "string"},
    language=schema.TEXT_OR_NULL,
    version={"type": "integer"},
    created_at=schema.TIME,
    updated_at=schema.TIME,
)
_CANNED = {
    "shortcut": {"type": "string", "maxLength": 50, "pattern": "^[^\\s\\u0000-\\u001f\\u007f]+$"},
    "title": schema.text(100),
    "text": {
        "type": "string",
        "maxLength": 10_000,
        "pattern": "\\S",
        "description": "May hold variables: {{contact.first_name}}, or with a fallback {{contact.first_name|there}}.",
    },
    "language": schema.nullable({"type": "string", "pattern": "^[a-z]{2,3}(-[A-Z]{2})?$"}),
}
NEW_CANNED_REPLY = schema.body(
    "NewCannedReply", ("brand", "shortcut", "title", "text"), brand=schema.id_of("brd"), **_CANNED
)
EDIT_CANNED_REPLY = schema.body("CannedReplyChange", (), **_CANNED)
CANNED_REPLIES = {"brand": schema.id_of("brd"), "q": {"type": "string", "maxLength": 100}, **schema.PAGE}
RENDER = schema.body("RenderRequest", ("conversation",), conversation=schema.id_of("cnv"))
RENDERED = schema.body(
    "RenderedReply",
    ("text", "missing"),
    text={"type": "string"},
    missing={"type": "array", "items": {"type": "string"}},
)
