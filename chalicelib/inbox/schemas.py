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
    brands={**BRANDS_OR_ALL, "description": "The brands that have this attribute; null for all."},
    required_on_resolve={"type": "boolean", "description": "If true, no conversation can be resolved without a value."},
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
    reached={
        "type": "integer",
        "description": "The percentage of the time at which the last warning was given: 0, 50, 80 or 100.",
    },
)
AVATAR = {**schema.TEXT_OR_NULL, "description": "With `include=contact`: the address of the contact's picture."}
SPEAKER = schema.body(
    "Speaker",
    ("id", "kind", "name", "display_name"),
    id={"type": "string"},
    kind=schema.one_of(("contact", "member", "key")),
    name=schema.TEXT_OR_NULL,
    avatar=AVATAR,
    display_name={"type": "string"},
)
CONTACT_ROW = schema.body(
    "ContactRow",
    ("id", "name", "display_name"),
    id=schema.id_of("ctc"),
    name={**schema.TEXT_OR_NULL, "description": "Null if the network gives none, or if you may not see it."},
    avatar=AVATAR,
    display_name={
        "type": "string",
        "description": "The name that you may see: a name, username, number, id, or a code.",
    },
)
AUTHOR = schema.body(
    "Author",
    ("name", "display_name"),
    contact={"type": "string"},
    member={"type": "string", "description": "A member or key."},
    name=schema.TEXT_OR_NULL,
    display_name={"type": "string"},
    network_id={"type": "string"},
)
ATTACHMENT = schema.body(
    "Attachment",
    ("kind", "url", "mime", "name", "size", "inline"),
    kind=schema.one_of(get_args(base.AttachmentKind)),
    url=schema.TEXT_OR_NULL,
    mime=schema.TEXT_OR_NULL,
    name=schema.TEXT_OR_NULL,
    size={"type": ["integer", "null"]},
    title={"type": "string"},
    inline={
        "type": "boolean",
        "description": "If true, `url` leads to a copy that a browser may show; other copies are downloaded as a file.",
    },
    state=schema.one_of(messages.COPIED),
    details=schema.open_object("Fields that only this kind has, under the network's names, such as a place or a card."),
)
LAST_MESSAGE = schema.body(
    "LastMessage",
    ("id", "direction", "kind", "text", "author", "sent_at"),
    id=schema.id_of("msg"),
    direction=schema.one_of(get_args(base.Direction)),
    kind={"type": "string"},
    text={"type": "string", "description": "The beginning of the text."},
    author={
        **schema.nullable(SPEAKER),
        "description": "Null if the brand wrote the message elsewhere, or if it is older than this field.",
    },
    attachment={
        **schema.nullable(ATTACHMENT),
        "description": "With `include=attachment`: the message's first file, as a small picture; null if there is "
        "none.",
    },
    sent_at=schema.TIME,
)
ALLOWED = {
    "type": "array",
    "items": {"type": "string"},
    "description": "What you may do with it now, with `include=allowed`.",
}
LEASE = schema.body(
    "Lease", ("holder", "name", "until"), holder={"type": "string"}, name={"type": "string"}, until=schema.TIME
)
AD = schema.body(
    "Ad",
    ("id", "title", "placement", "creative"),
    id={**schema.TEXT_OR_NULL, "description": "The network's id of the advertisement."},
    title=schema.TEXT_OR_NULL,
    placement=schema.TEXT_OR_NULL,
    creative={**schema.TEXT_OR_NULL, "description": "The network's id of the advertisement's creative."},
)
ORIGIN = schema.body(
    "Origin",
    ("id",),
    id={"type": "string", "description": "The network's id of the publication."},
    url=schema.TEXT_OR_NULL,
    kind=schema.TEXT_OR_NULL,
    title=schema.TEXT_OR_NULL,
    text=schema.TEXT_OR_NULL,
    picture={**schema.TEXT_OR_NULL, "description": "The address of our copy, valid for a quarter of an hour."},
    author=schema.TEXT_OR_NULL,
    posted_at=schema.TIME_OR_NULL,
    ad={
        **schema.nullable(AD),
        "description": "The advertisement, if the publication is known to be one; null otherwise.",
    },
)
PAID = {
    "type": "boolean",
    "description": "Whether the conversation belongs to an advertisement, as far as the network says.",
}
CONTEXT = schema.open_object("Further data of the network, under its own names; empty if there is none.")
ATTRIBUTES = schema.map_of(
    {"type": ["string", "number", "boolean", "null"]},
    "The conversation's values, by the keys of the agency's attributes.",
)
DELIVERY_ERROR = schema.body(
    "DeliveryError",
    ("code", "text"),
    code={"type": "string", "description": "The network's own code, or ours."},
    text={"type": "string", "description": "The network's message, in its own words, for people of the brand."},
    **{"class": {"type": "string", "description": "The kind of error, the same on all networks."}},
)
CONVERSATION = schema.body(
    "Conversation",
    ("id", "brand", "channel", "network", "surface", "status", "unread", "last_message", "version"),
    id=schema.id_of("cnv"),
    brand=schema.id_of("brd"),
    external_id=schema.EXTERNAL_ID_OR_NULL,
    channel=schema.id_of("chn"),
    network={"type": "string"},
    surface=SURFACE,
    status=STATUS,
    origin={
        **schema.nullable(ORIGIN),
        "description": "The publication that a comment belongs to; with `include=origin`, with what the network says "
        "about it.",
    },
    paid=PAID,
    contact=schema.nullable(CONTACT_ROW),
    assignee=schema.TEXT_OR_NULL,
    participants={"type": "array", "items": schema.id_of("mbr")},
    priority=PRIORITY,
    labels={"type": "array", "items": {"type": "string"}},
    attributes=ATTRIBUTES,
    approval_required={"type": "boolean"},
    snoozed_until=schema.TIME_OR_NULL,
    waiting_since=schema.TIME_OR_NULL,
    clocks={"type": "array", "items": CLOCK},
    unread={
        "type": "integer",
        "minimum": 0,
        "description": "The number of received messages that nobody in the team has marked as read; the same for "
        "everybody.",
    },
    last_message=schema.nullable(LAST_MESSAGE),
    context=CONTEXT,
    allowed=ALLOWED,
    lease={
        **schema.nullable(LEASE),
        "description": "With `include=lease`: who is answering; null if nobody is known to be.",
    },
    version={"type": "integer"},
    created_at=schema.TIME,
    updated_at=schema.TIME,
)
REACTION = schema.body("Reaction", ("emoji", "by"), emoji={"type": "string"}, by=schema.TEXT_OR_NULL)
REVISION = schema.body("Revision", ("text", "at"), text={"type": "string"}, at=schema.TIME)
OPTION = schema.body(
    "Option", ("id", "title"), id={"type": "string"}, title={"type": "string"}, description={"type": "string"}
)
OFFER = schema.body(
    "Interactive",
    ("kind", "options"),
    kind=schema.one_of((*get_args(base.InteractiveKind), "choice")),
    options={"type": "array", "items": OPTION},
    button={"type": "string"},
    chosen={**schema.nullable(OPTION), "description": "With the kind `choice`: what the person chose."},
)
MESSAGE = schema.body(
    "Message",
    ("id", "conversation", "direction", "surface", "kind", "text", "attachments", "status", "sent_at", "received_at"),
    id=schema.id_of("msg"),
    conversation=schema.id_of("cnv"),
    direction=schema.one_of(get_args(base.Direction)),
    surface=SURFACE,
    kind={"type": "string"},
    text={"type": "string"},
    masked={"type": "boolean"},
    severity={"type": ["integer", "null"]},
    full_text=schema.TEXT_OR_NULL,
    attachments={"type": "array", "items": ATTACHMENT},
    author={**schema.nullable(AUTHOR), "description": "Null if the brand wrote the message elsewhere."},
    network_id=schema.TEXT_OR_NULL,
    reply_to=schema.TEXT_OR_NULL,
    in_reply_to={
        **schema.nullable(schema.id_of("msg")),
        "description": "For a choice: our message that offered it, if the network says so. Only in lists of messages.",
    },
    interactive={
        **schema.nullable(OFFER),
        "description": "In a sent message, the options to choose from; in a received message, the option that was "
        "chosen.",
    },
    reply=schema.nullable(schema.id_of("rpl")),
    source=schema.nullable(
        schema.one_of(get_args(Source), description="Why the message was sent; null if the customer wrote it.")
    ),
    status=DELIVERY,
    error=schema.nullable(DELIVERY_ERROR),
    reactions={"type": "array", "items": REACTION},
    revisions={"type": "array", "items": REVISION},
    left_out=schema.body(
        "LeftOut",
        (),
        reactions={"type": "integer", "description": "The number of earlier reactions that are not listed."},
        revisions={"type": "integer", "description": "The number of earlier wordings that are not listed."},
    ),
    context=CONTEXT,
    edited_at=schema.TIME_OR_NULL,
    deleted_at=schema.TIME_OR_NULL,
    hidden={"type": "boolean"},
    reported_at=schema.TIME_OR_NULL,
    allowed=ALLOWED,
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
        "description": "If false, the customer does not see that the messages were read. If true, the request is "
        "refused where they cannot see it. By default, the brand's setting `receipts` decides, where the network can.",
    },
)
REACT = schema.body("NewReaction", ("emoji",), emoji={"type": "string", "maxLength": 32})
_MESSAGE_ID = schema.id_of("msg")
THREAD = {
    "order": schema.one_of(("oldest", "newest"), default="newest"),
    "before": {**_MESSAGE_ID, "description": "Only messages before this one."},
    "after": {**_MESSAGE_ID, "description": "Only messages after this one."},
    "around": {
        **_MESSAGE_ID,
        "description": "A page with this message in the middle, from which you can page in both directions.",
    },
    **schema.PAGE,
}
