"""What the routes of this area take and give."""

from chalicelib.api import schema
from chalicelib.brands.moments import MOMENT
from chalicelib.inbox import schemas as inbox_schemas

_ATTRIBUTES = {
    "type": "object",
    "maxProperties": 50,
    "propertyNames": {"pattern": "^[a-z][a-z0-9_]{0,49}$"},
    "additionalProperties": {"type": ["string", "number", "boolean", "null"], "maxLength": 1000},
}
_ASSIGNEE = {
    "type": ["string", "null"],
    "pattern": "^(mbr|tem)_[0-9a-z]{1,60}$|^me$",
    "description": "A member or a team; `me`; null for nobody.",
}
_WORK = {
    "status": inbox_schemas.STATUS,
    "snoozed_until": MOMENT,
    "priority": inbox_schemas.PRIORITY,
    "labels": {"type": "array", "maxItems": 20, "items": inbox_schemas.LABEL},
    "attributes": _ATTRIBUTES,
    "approval_required": {"type": "boolean"},
}
CHANGE = schema.body("ConversationChange", (), **_WORK)
ASSIGN = schema.body("Assignment", ("to",), to=_ASSIGNEE)
PARTICIPANTS = schema.body(
    "Participants",
    ("members",),
    members={"type": "array", "maxItems": 10, "uniqueItems": True, "items": schema.id_of("mbr")},
)
BULK = schema.body(
    "BulkChange",
    ("ids", "change"),
    ids={"type": "array", "minItems": 1, "maxItems": 100, "items": {"type": "string", "maxLength": 80}},
    change={**schema.body("ConversationBulkChange", (), **_WORK, assignee=_ASSIGNEE), "minProperties": 1},
)
RESULTS = schema.body(
    "BulkResults",
    ("items",),
    items={
        "type": "array",
        "items": schema.body(
            "BulkResult",
            ("id", "ok", "code", "version"),
            id={"type": "string"},
            ok={"type": "boolean"},
            code=schema.TEXT_OR_NULL,
            version={"type": ["integer", "null"]},
        ),
    },
)
LABEL = schema.body(
    "Label",
    ("name", "conversations"),
    name={"type": "string"},
    conversations={
        "type": ["integer", "null"],
        "description": "How many conversations have it; null unless you can see all conversations of these brands.",
    },
)
LABELS = {"brand": schema.several(schema.id_of("brd"), 50), **schema.PAGE}
NOTE = schema.body(
    "Note",
    ("id", "conversation", "author", "text", "mentions", "created_at"),
    id=schema.id_of("not"),
    conversation=schema.id_of("cnv"),
    author=schema.body("NoteAuthor", ("member", "name"), member={"type": "string"}, name={"type": "string"}),
    text={"type": "string"},
    mentions={"type": "array", "items": {"type": "string"}},
    created_at=schema.TIME,
)
