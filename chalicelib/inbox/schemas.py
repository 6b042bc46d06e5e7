"""What the routes of this area take and give."""

from typing import get_args

from chalicelib.access.actors import Source
from chalicelib.api import schema
from chalicelib.inbox import attributes, conversations, marks, messages
from chalicelib.networks import base

BRANDS_OR_ALL = schema.nullable(
    {"type": "array", "minItems": 1, "maxItems": 500, "uniqueItems": True, "items": schema.id_of("brd")}
)
CHOICES = {"type": "array", "minItems": 1, "maxItems": 50, "uniqueItems": True, "items": schema.text(100)}
DEFINE = schema.body(
    "AttributeDefinition",
    ("title", "type"),
    title=schema.text(100),
    type=schema.one_of(attributes.FITS),
    choices=CHOICES,
    brands={**BRANDS_OR_ALL, "description": "The brands it is for; null for all."},
    required_on_resolve={"type": "boolean", "description": "No conversation is resolved without it."},
)
ATTRIBUTE = schema.body(
    "Attribute",
    ("name", "title", "type", "brands", "required_on_resolve", "version"),
    name={"type": "string"},
    title={"type": "string"},
    type=DEFINE["properties"]["type"],
    choices=schema.nullable(CHOICES),
    brands=BRANDS_OR_ALL,
    required_on_resolve={"type": "boolean"},
    version={"type": "integer"},
)
SURFACE = schema.one_of(get_args(base.Surface))
STATUS = schema.one_of(conversations.STATUSES)
PRIORITY = schema.one_of(conversations.PRIORITIES)
DELIVERY = schema.one_of(("received", *marks.RANK))
CLOCK = schema.body(
    "Clock",
    ("name", "due_at", "reached"),
    name=schema.one_of(conversations.SERVICE_LEVELS),
    due_at=schema.TIME,
    reached={"type": "integer", "description": "Percent of the time that a warning was given for: 0, 50, 80, 100."},
)
CONVERSATION = schema.body(
    "Conversation",
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
    priority=PRIORITY,
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
    "title": "Attachment",
    "type": "object",
    "properties": {
        "kind": schema.one_of(get_args(base.AttachmentKind)),
        "url": schema.TEXT_OR_NULL,
        "mime": schema.TEXT_OR_NULL,
        "name": schema.TEXT_OR_NULL,
        "size": {"type": ["integer", "null"]},
        "inline": {
            "type": "boolean",
            "description": "The address is of a copy that a browser may show; any other copy is saved as a file.",
        },
        "state": schema.one_of(messages.COPIED),
    },
    "required": ["kind", "url", "mime", "name", "size", "inline"],
}
REACTION = schema.body("Reaction", ("emoji", "by"), emoji={"type": "string"}, by={"type": "string"})
REVISION = schema.body("Revision", ("text", "at"), text={"type": "string"}, at=schema.TIME)
MESSAGE = schema.body(
    "Message",
    ("id", "conversation", "direction", "surface", "kind", "text", "attachments", "status", "sent_at", "received_at"),
    id=schema.id_of("msg"),
    conversation=schema.id_of("cnv"),
    direction=schema.one_of(get_args(base.Direction)),
    surface=SURFACE,
    kind={"type": "string"},
    text={"type": "string"},
    full_text=schema.TEXT_OR_NULL,
    attachments={"type": "array", "items": ATTACHMENT},
    author={"type": ["object", "null"]},
    network_id=schema.TEXT_OR_NULL,
    reply_to=schema.TEXT_OR_NULL,
    reply=schema.nullable(schema.id_of("rpl")),
    source=schema.nullable(
        schema.one_of(get_args(Source), description="Why it was sent; null for what the customer wrote.")
    ),
    status=DELIVERY,
    error={"type": ["object", "null"]},
    reactions={"type": "array", "items": REACTION},
    revisions={"type": "array", "items": REVISION},
    left_out=schema.body(
        "LeftOut",
        (),
        reactions={"type": "integer", "description": "Earlier reactions, which are counted only."},
        revisions={"type": "integer", "description": "Earlier wordings, which are counted only."},
    ),
    context={"type": "object"},
    edited_at=schema.TIME_OR_NULL,
    deleted_at=schema.TIME_OR_NULL,
    hidden={"type": "boolean"},
    sent_at=schema.TIME,
    received_at=schema.TIME,
)
LABEL = {"type": "string", "pattern": "^[\\w-]{1,50}$"}
READ = schema.body(
    "ReadMark",
    (),
    up_to=schema.id_of("msg"),
    receipt={
        "type": "boolean",
        "description": "False: the customer is not told. True: refused where they cannot be. Without it, as the "
        "brand's setting `receipts` says, where the network can.",
    },
)
REACT = schema.body("NewReaction", ("emoji",), emoji={"type": "string", "maxLength": 32})
THREAD = {"order": schema.one_of(("oldest", "newest"), default="newest"), **schema.PAGE}
