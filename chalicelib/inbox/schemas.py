"""What the routes of this area take and give."""

from chalicelib.api import schema
from chalicelib.inbox.conversations import PRIORITIES

BRANDS_OR_ALL = schema.nullable(
    {"type": "array", "minItems": 1, "maxItems": 500, "uniqueItems": True, "items": schema.id_of("brd")}
)
CHOICES = {"type": "array", "minItems": 1, "maxItems": 50, "uniqueItems": True, "items": schema.text(100)}
DEFINE = schema.body(
    ("title", "type"),
    title=schema.text(100),
    type={"enum": ["text", "number", "boolean", "date", "choice"]},
    choices=CHOICES,
    brands={**BRANDS_OR_ALL, "description": "The brands it is for; null for all."},
    required_on_resolve={"type": "boolean", "description": "No conversation is resolved without it."},
)
ATTRIBUTE = schema.body(
    ("name", "title", "type", "brands", "required_on_resolve", "version"),
    name={"type": "string"},
    title={"type": "string"},
    type=DEFINE["properties"]["type"],
    choices=schema.nullable(CHOICES),
    brands=BRANDS_OR_ALL,
    required_on_resolve={"type": "boolean"},
    version={"type": "integer"},
)
SURFACE = {"enum": ["dm", "comment", "mention", "review"]}
STATUS = {"enum": ["open", "pending", "snoozed", "resolved"]}
DELIVERY = {"enum": ["received", "queued", "sending", "sent", "delivered", "read", "failed", "unknown"]}
CLOCK = schema.body(
    ("name", "due_at", "reached"),
    name={"enum": ["first_response", "next_response", "resolution"]},
    due_at=schema.TIME,
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
    assignee=schema.TEXT_OR_NULL,
    participants={"type": "array", "items": schema.id_of("mbr")},
    priority={"enum": list(PRIORITIES)},
    labels={"type": "array", "items": {"type": "string"}},
    attributes={"type": "object"},
    snoozed_until=schema.TIME_OR_NULL,
    waiting_since=schema.TIME_OR_NULL,
    clocks={"type": "array", "items": CLOCK},
    unread={"type": "integer", "minimum": 0},
    last_message={"type": ["object", "null"]},
    context={"type": "object"},
    version={"type": "integer"},
    created_at=schema.TIME,
    updated_at=schema.TIME,
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
        "url": schema.TEXT_OR_NULL,
        "mime": schema.TEXT_OR_NULL,
        "name": schema.TEXT_OR_NULL,
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
    full_text=schema.TEXT_OR_NULL,
    attachments={"type": "array", "items": ATTACHMENT},
    author={"type": ["object", "null"]},
    network_id=schema.TEXT_OR_NULL,
    reply_to=schema.TEXT_OR_NULL,
    reply=schema.nullable(schema.id_of("rpl")),
    status=DELIVERY,
    error={"type": ["object", "null"]},
    reactions={"type": "array", "items": schema.body(("emoji", "by"), emoji={"type": "string"}, by={"type": "string"})},
    revisions={"type": "array", "items": schema.body(("text", "at"), text={"type": "string"}, at=schema.TIME)},
    context={"type": "object"},
    edited_at=schema.TIME_OR_NULL,
    deleted_at=schema.TIME_OR_NULL,
    hidden={"type": "boolean"},
    sent_at=schema.TIME,
    received_at=schema.TIME,
)
LABEL = {"type": "string", "pattern": "^[\\w-]{1,50}$"}
READ = schema.body((), up_to=schema.id_of("msg"), receipt={"type": "boolean"})
REACT = schema.body(("emoji",), emoji={"type": "string", "maxLength": 32})
THREAD = {"order": {"enum": ["oldest", "newest"], "default": "newest"}, **schema.PAGE}
