"""What the routes of this area take and give."""

from chalicelib.api import schema
from chalicelib.inbox.conversation import PRIORITIES

TIME = {"type": "string", "format": "date-time"}
TIME_OR_NULL = {"type": ["string", "null"], "format": "date-time"}
TEXT_OR_NULL = {"type": ["string", "null"]}
SURFACE = {"enum": ["dm", "comment", "mention", "review"]}
STATUS = {"enum": ["open", "pending", "snoozed", "resolved"]}
DELIVERY = {"enum": ["received", "queued", "sending", "sent", "delivered", "read", "failed", "unknown"]}
CLOCK = schema.body(
    ("name", "due_at", "reached"),
    name={"enum": ["first_response", "next_response", "resolution"]},
    due_at=TIME,
    reached={"type": "integer", "description": "Percent of the time that a warning was given for: 0, 50, 80, 100."},
)
CONVERSATION = schema.body(
    ("id", "brand", "channel", "network", "surface", "status", "unread", "last_message", "version"),
    id=schema.id_of("cnv"),
    brand=schema.id_of("brd"),
    channel=schema.id_of("chn"),
    network={"type": "string"},
    surface=SURFACE,
    status=STATUS,
    origin={"type": ["object", "null"]},
    contact={"type": ["object", "null"]},
    assignee=TEXT_OR_NULL,
    participants={"type": "array", "items": schema.id_of("mbr")},
    priority={"enum": list(PRIORITIES)},
    labels={"type": "array", "items": {"type": "string"}},
    attributes={"type": "object"},
    snoozed_until=TIME_OR_NULL,
    waiting_since=TIME_OR_NULL,
    clocks={"type": "array", "items": CLOCK},
    unread={"type": "integer", "minimum": 0},
    last_message={"type": ["object", "null"]},
    context={"type": "object"},
    version={"type": "integer"},
    created_at=TIME,
    updated_at=TIME,
)
ATTACHMENT = {
    "type": "object",
    "properties": {
        "kind": {
            "enum": [
                "image", "video", "audio", "file", "location", "contact", "sticker", "link", "template", "order",
                "unsupported",
            ]
        },
        "url": TEXT_OR_NULL,
        "mime": TEXT_OR_NULL,
        "name": TEXT_OR_NULL,
        "size": {"type": ["integer", "null"]},
    },
    "required": ["kind", "url", "mime", "name", "size"],
}  # fmt: skip
MESSAGE = schema.body(
    ("id", "conversation", "direction", "surface", "kind", "text", "attachments", "status", "sent_at", "received_at"),
    id=schema.id_of("msg"),
    conversation=schema.id_of("cnv"),
    direction={"enum": ["in", "out"]},
    surface=SURFACE,
    kind={"type": "string"},
    text={"type": "string"},
    full_text=TEXT_OR_NULL,
    attachments={"type": "array", "items": ATTACHMENT},
    author={"type": ["object", "null"]},
    network_id=TEXT_OR_NULL,
    reply_to=TEXT_OR_NULL,
    reply=schema.nullable(schema.id_of("rpl")),
    status=DELIVERY,
    error={"type": ["object", "null"]},
    reactions={"type": "array", "items": schema.body(("emoji", "by"), emoji={"type": "string"}, by={"type": "string"})},
    revisions={"type": "array", "items": schema.body(("text", "at"), text={"type": "string"}, at=TIME)},
    context={"type": "object"},
    edited_at=TIME_OR_NULL,
    deleted_at=TIME_OR_NULL,
    hidden={"type": "boolean"},
    sent_at=TIME,
    received_at=TIME,
)
CANNED_REPLY = schema.body(
    ("id", "brand", "shortcut", "title", "text", "language", "version", "created_at", "updated_at"),
    id=schema.id_of("can"),
    brand=schema.id_of("brd"),
    shortcut={"type": "string"},
    title={"type": "string"},
    text={"type": "string"},
    language=TEXT_OR_NULL,
    version={"type": "integer"},
    created_at=TIME,
    updated_at=TIME,
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
NEW_CANNED_REPLY = schema.body(("brand", "shortcut", "title", "text"), brand=schema.id_of("brd"), **_CANNED)
EDIT_CANNED_REPLY = schema.body((), **_CANNED)
CANNED_REPLIES = {"brand": schema.id_of("brd"), "q": {"type": "string", "maxLength": 100}, **schema.PAGE}
RENDER = schema.body(("conversation",), conversation=schema.id_of("cnv"))
RENDERED = schema.body(
    ("text", "missing"), text={"type": "string"}, missing={"type": "array", "items": {"type": "string"}}
)
COMMENT = schema.body(("text",), text=schema.prose(4000))
COST = schema.body(
    ("cost", "unit", "note"), cost={"enum": ["free", "paid"]}, unit={"enum": ["message"]}, note=TEXT_OR_NULL
)
SENDABILITY = schema.body(
    ("can", "ways", "until", "why", "reopens"),
    can={"type": "boolean"},
    ways={"type": "array", "items": {"enum": ["reply", "private_reply", "tag", "template"]}},
    until=TIME_OR_NULL,
    until_by_way={"type": "object", "additionalProperties": TIME_OR_NULL},
    tags={"type": "array", "items": {"type": "string"}},
    costs={"type": "object", "additionalProperties": COST},
    why=TEXT_OR_NULL,
    reopens=TEXT_OR_NULL,
    kinds={"type": "array", "items": {"enum": ["text", "image", "video", "audio", "file", "sticker"]}},
    text={"type": ["integer", "null"]},
    caption={"type": ["integer", "null"]},
    media={"type": "object"},
)
_LABEL = {"type": "string", "pattern": "^[\\w-]{1,50}$"}
_ATTRIBUTES = {
    "type": "object",
    "maxProperties": 50,
    "propertyNames": {"pattern": "^[a-z][a-z0-9_]{0,49}$"},
    "additionalProperties": {"type": ["string", "number", "boolean", "null"], "maxLength": 1000},
}
_ASSIGNEE = {"type": ["string", "null"], "pattern": "^(mbr|tem)_[0-9a-z]{1,60}$"}
_WORK = {
    "status": STATUS,
    "snoozed_until": TIME,
    "priority": {"enum": list(PRIORITIES)},
    "labels": {"type": "array", "maxItems": 20, "items": _LABEL},
    "attributes": _ATTRIBUTES,
}
CHANGE = schema.body((), **_WORK)
ASSIGN = schema.body(("to",), to=_ASSIGNEE)
PARTICIPANTS = schema.body(
    ("members",), members={"type": "array", "maxItems": 10, "uniqueItems": True, "items": schema.id_of("mbr")}
)
BULK = schema.body(
    ("ids", "change"),
    ids={"type": "array", "minItems": 1, "maxItems": 100, "items": {"type": "string", "maxLength": 80}},
    change={**schema.body((), **_WORK, assignee=_ASSIGNEE), "minProperties": 1},
)
RESULTS = schema.body(
    ("items",),
    items={
        "type": "array",
        "items": schema.body(("id", "ok", "code"), id={"type": "string"}, ok={"type": "boolean"}, code=TEXT_OR_NULL),
    },
)
NOTE = schema.body(
    ("id", "conversation", "author", "text", "mentions", "created_at"),
    id=schema.id_of("not"),
    conversation=schema.id_of("cnv"),
    author={"type": "object"},
    text={"type": "string"},
    mentions={"type": "array", "items": {"type": "string"}},
    created_at=TIME,
)
TAKE = schema.body((), reason=schema.text(500))
LEASE = schema.body(("holder", "name", "until"), holder={"type": "string"}, name={"type": "string"}, until=TIME)
HELD = schema.body(("lease",), lease=schema.nullable(LEASE))
CONTACT = schema.body(
    ("id", "brand", "name", "identities", "reachable"),
    id=schema.id_of("ctc"),
    brand=schema.id_of("brd"),
    name={"type": "string"},
    avatar=TEXT_OR_NULL,
    identities={"type": "array", "items": {"type": "object"}},
    reachable={"type": "boolean"},
    created_at=TIME,
    updated_at=TIME,
)
READ = schema.body((), up_to=schema.id_of("msg"), receipt={"type": "boolean"})
REACT = schema.body(("emoji",), emoji={"type": "string", "maxLength": 32})
NOTHING = schema.body()
FILTERS = {
    "brand": schema.id_of("brd"),
    "status": {**STATUS, "description": "What is open, unless this or the closing window says otherwise."},
    "channel": schema.id_of("chn"),
    "network": {"type": "string", "pattern": "^[a-z]{1,30}$"},
    "surface": SURFACE,
    "assignee": {"type": "string", "pattern": "^((mbr|tem)_[0-9a-z]{1,60}|me|none)$"},
    "priority": {"enum": list(PRIORITIES)},
    "label": _LABEL,
    "waiting": {"type": "boolean", "description": "Whether the other side spoke last and waits for an answer."},
    "window_closes_within": {
        "type": "integer",
        "minimum": 1,
        "maximum": 24,
        "description": "Open or pending, and to be answered freely for no longer than these hours.",
    },
}
INBOX = {**FILTERS, **schema.PAGE}
COUNT = schema.body(
    ("count", "more"),
    count={"type": "integer", "minimum": 0},
    more={"type": "boolean", "description": "There may be more: only so many were looked through."},
)
THREAD = {"order": {"enum": ["oldest", "newest"], "default": "newest"}, **schema.PAGE}
