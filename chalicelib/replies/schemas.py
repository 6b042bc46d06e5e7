"""What the routes of this area take and give."""

from typing import get_args

from chalicelib.api import schema
from chalicelib.brands.moments import MOMENT
from chalicelib.inbox import marks
from chalicelib.inbox import schemas as inbox_schemas
from chalicelib.networks import base
from chalicelib.replies import requirements, staleness, steps
from chalicelib.replies.lists import LISTED
from chalicelib.templates import schemas as templates_schemas

MEDIA = ("image", "video", "audio", "file", "sticker")

COST = schema.body(
    "Cost",
    ("cost", "unit", "note"),
    cost=schema.one_of(("free", "paid")),
    unit=schema.one_of(("message",)),
    note=schema.TEXT_OR_NULL,
)
MEDIA_LIMIT = schema.body(
    "MediaLimit",
    ("bytes", "types"),
    bytes={"type": "integer", "description": "The largest size of a file, in bytes."},
    types={"type": "array", "items": {"type": "string"}, "description": "MIME types; empty for any."},
)
_MOST = {name: {"type": "integer"} for name in ("options", "title", "id", "text", "description", "button")}
INTERACTIVE_LIMIT = schema.body("InteractiveLimit", tuple(_MOST), **_MOST)
NEEDS = schema.body(
    "ApprovalsNeeded",
    ("count", "roles", "every", "official"),
    count={"type": "integer", "minimum": 0},
    roles={"type": "array", "items": {"type": "string"}},
    every={"type": "boolean", "description": "If true, one member of each of the roles must approve."},
    official={"type": "boolean", "description": "If true, one of the approvers must be allowed to speak officially."},
)
APPROVAL = schema.body(
    "ReplyApproval",
    ("by", "name", "roles", "at"),
    by={"type": "string", "description": "The member who approved."},
    name={"type": "string"},
    roles={"type": "array", "items": {"type": "string"}, "description": "The member's roles when they approved."},
    at=schema.TIME,
)
REPLY_COMMENT = schema.body(
    "ReplyComment",
    ("by", "name", "text", "at"),
    by={"type": "string", "description": "The member who wrote the comment."},
    name={"type": "string"},
    text={"type": "string"},
    at=schema.TIME,
)
SENDABILITY = schema.body(
    "Sendability",
    ("can", "ways", "until", "why", "reopens"),
    can={"type": "boolean"},
    ways={"type": "array", "items": schema.one_of(("reply", "private_reply", "tag", "template"))},
    until=schema.TIME_OR_NULL,
    until_by_way={"type": "object", "additionalProperties": schema.TIME_OR_NULL},
    tags={"type": "array", "items": {"type": "string"}},
    costs={"type": "object", "additionalProperties": COST},
    why=schema.TEXT_OR_NULL,
    reopens=schema.TEXT_OR_NULL,
    kinds={"type": "array", "items": schema.one_of(("text", *MEDIA, "interactive"))},
    text={"type": ["integer", "null"]},
    caption={"type": ["integer", "null"]},
    media=schema.map_of(MEDIA_LIMIT, "The network's limits, by kind of file."),
    interactive=schema.map_of(INTERACTIVE_LIMIT, "The network's limits, by kind of choice."),
    templates={
        "type": "array",
        "items": templates_schemas.OFFERED,
        "description": "The templates to choose from. Only in `GET /v1/conversations/{id}/sendability`.",
    },
)
TAKE = schema.body("NewLease", (), reason=schema.text(500))
HELD = schema.body("CurrentLease", ("lease",), lease=schema.nullable(inbox_schemas.LEASE))
_ID = {**schema.text(1000), "description": "The id comes back with the person's choice, in `chosen`."}
_OPTION = schema.body("ReplyOption", ("id", "title"), id=_ID, title=schema.text(100), description=schema.text(100))
INTERACTIVE = schema.body(
    "ReplyInteractive",
    ("kind", "options"),
    kind=schema.one_of(get_args(base.InteractiveKind)),
    options={"type": "array", "minItems": 1, "maxItems": 100, "items": _OPTION},
    button={**schema.text(100), "description": "The text of the button that opens a list."},
)
TEMPLATE = {
    "title": "TemplateMessage",
    "type": "object",
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z0-9_]{1,512}$"},
        "language": {"type": "string", "pattern": "^[A-Za-z_]{2,15}$"},
        "components": {
            "type": "array",
            "maxItems": 20,
            "items": schema.open_object(
                "A component with its parameters, as the network writes them.",
                maxProperties=20,
                **{schema.MOST_OBJECTS: 100},
            ),
        },
    },
    "required": ["name", "language"],
    "additionalProperties": False,
}
HTTPS = {"type": "string", "maxLength": 2048, "pattern": "^https://[^\\s@]+$"}
LINKED = schema.body(
    "ReplyAttachment",
    ("kind", "url"),
    kind=schema.one_of(MEDIA),
    url={
        **HTTPS,
        "description": "The address of the file. The file is fetched once, when the reply is submitted, and kept.",
    },
    mime={"type": "string", "pattern": "^[a-z0-9.+-]+/[a-z0-9.+-]+$", "maxLength": 100},
    name=schema.text(200),
    size={"type": "integer", "minimum": 0},
)
UPLOADED = schema.body(
    "UploadedAttachment",
    ("upload",),
    upload={**schema.id_of("upl"), "description": "A file that was uploaded with `POST /v1/uploads`."},
    kind=schema.one_of(MEDIA, description="The kind as which the file is sent; by default, its own kind."),
)
_NEW_REPLY = schema.body(
    "NewReply",
    (),
    text={"type": "string", "maxLength": 100_000},
    attachments={"type": "array", "maxItems": 10, "items": {"anyOf": [LINKED, UPLOADED]}},
    private={"type": "boolean"},
    external_id=schema.EXTERNAL_ID,
    official={"type": "boolean", "description": "If true, the reply is an official statement of the brand."},
    purposes={"type": "array", "maxItems": 10, "items": schema.text(60)},
    draft={"type": "boolean", "description": "If true, the reply is saved as a draft."},
    send_at=MOMENT,
    seen=schema.id_of("msg"),
    reply_to=schema.id_of("msg"),
    template=TEMPLATE,
    interactive={
        **INTERACTIVE,
        "description": "The choices that the person gets under the text; their limits are in `sendability`.",
    },
    tag={
        "type": "string",
        "pattern": "^[A-Z_]{1,50}$",
        "description": "A tag of the network with which a person can still answer after the window.",
    },
)
REPLY_TO = {**_NEW_REPLY, "minProperties": 1}
_SAID = ("text", "attachments", "private", "purposes")
_TAKEN_AWAY = ("reply_to", "template", "tag", "interactive", "send_at")
EDIT_REPLY = schema.body(
    "ReplyChange",
    (),
    **{name: REPLY_TO["properties"][name] for name in _SAID},
    **{name: schema.nullable(REPLY_TO["properties"][name]) for name in _TAKEN_AWAY},
)
SENT_FILE = schema.body(
    "ReplyFile",
    ("kind", "url", "mime", "name", "size"),
    kind=schema.one_of(MEDIA),
    url={
        "type": "string",
        "description": "The address of the file; for a kept file, it stays the same for a quarter of an hour.",
    },
    mime={"type": "string"},
    name={"type": "string"},
    size={"type": "integer"},
)
STATES = [state for steps in steps.MOVES.values() for state in steps.values()]
STATUSES = tuple(dict.fromkeys([*STATES, "stale", *marks.RANK]))
LET_THROUGH = schema.body(
    "LetThrough", ("by", "reason", "at"), by=schema.id_of("mbr"), reason={"type": "string"}, at=schema.TIME
)
REPLY = schema.body(
    "Reply",
    ("id", "conversation", "author", "text", "status", "messages", "version", "created_at"),
    id=schema.id_of("rpl"),
    conversation=schema.id_of("cnv"),
    author={"type": "string"},
    edited_by={**schema.TEXT_OR_NULL, "description": "Who wrote the present text, if not the author."},
    official={"type": "boolean"},
    external_id=schema.EXTERNAL_ID_OR_NULL,
    text={"type": "string"},
    attachments={"type": "array", "items": SENT_FILE},
    private={"type": "boolean"},
    reply_to=schema.TEXT_OR_NULL,
    template=schema.nullable(TEMPLATE),
    tag=schema.TEXT_OR_NULL,
    interactive=schema.nullable(inbox_schemas.OFFER),
    purposes={"type": "array", "items": {"type": "string"}},
    status=schema.one_of(STATUSES),
    stale={"type": "array", "items": schema.one_of(staleness.STALE)},
    latest={"type": "string", "description": "A token for the conversation's present state, for `despite`."},
    hash={"type": "string"},
    needs={**schema.nullable(NEEDS), "description": "The approvals that the reply needs; null if it needs none."},
    let_through=schema.nullable(LET_THROUGH),
    approvals={"type": "array", "items": APPROVAL},
    comments={"type": "array", "items": REPLY_COMMENT},
    reason={**schema.TEXT_OR_NULL, "description": "The reason of the member who rejected the reply."},
    because={
        "type": "array",
        "items": schema.one_of(requirements.RETURNED),
        "description": "Why the reply came back instead of being sent at its time.",
    },
    error=schema.nullable(inbox_schemas.DELIVERY_ERROR),
    messages={"type": "array", "items": schema.id_of("msg")},
    allowed=inbox_schemas.ALLOWED,
    send_at=schema.TIME_OR_NULL,
    expires_at=schema.TIME_OR_NULL,
    version={"type": "integer"},
    created_at=schema.TIME,
    updated_at=schema.TIME,
)
REPLIES = {
    "brand": schema.id_of("brd"),
    "status": schema.one_of(
        LISTED, description="The status to list; `pending` unless you name this or a conversation."
    ),
    **schema.PAGE,
}
_DESPITE = {
    "type": "string",
    "pattern": "^msg_[0-9a-z]{1,60}[.][0-9]{1,9}$",
    "description": "The `latest` of the reply as you read it. What happened up to then does not stop the reply.",
}
SUBMIT = schema.body("Submission", (), despite=_DESPITE)
APPROVE = schema.body(
    "Approval",
    ("hash",),
    hash={"type": "string", "pattern": "^[0-9a-f]{64}$"},
    despite=_DESPITE,
)
TO_LET_THROUGH = schema.body(
    "LettingThrough",
    ("hash", "reason"),
    hash={"type": "string", "pattern": "^[0-9a-f]{64}$"},
    reason=schema.prose(1000),
)
REASON = schema.body("Rejection", ("reason",), reason=schema.prose(1000))

CANNED_REPLY = schema.body(
    "CannedReply",
    ("id", "brand", "shortcut", "title", "text", "language", "version", "created_at", "updated_at"),
    id=schema.id_of("can"),
    brand=schema.id_of("brd"),
    shortcut={"type": "string"},
    title={"type": "string"},
    text={"type": "string"},
    external_id=schema.EXTERNAL_ID_OR_NULL,
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
        "description": "The text may contain variables: {{contact.first_name}}, or with a fallback "
        "{{contact.first_name|there}}.",
    },
    "language": schema.nullable({"type": "string", "pattern": "^[a-z]{2,3}(-[A-Z]{2})?$"}),
}
NEW_CANNED_REPLY = schema.body(
    "NewCannedReply",
    ("brand", "shortcut", "title", "text"),
    brand=schema.id_of("brd"),
    external_id=schema.EXTERNAL_ID,
    **_CANNED,
)
EDIT_CANNED_REPLY = schema.body("CannedReplyChange", (), **_CANNED)
CANNED_REPLIES = {
    "brand": schema.id_of("brd"),
    "external_id": schema.EXTERNAL_ID,
    "q": {"type": "string", "maxLength": 100},
    **schema.PAGE,
}
RENDER = schema.body("RenderRequest", ("conversation",), conversation=schema.id_of("cnv"))
RENDERED = schema.body(
    "RenderedReply",
    ("text", "missing"),
    text={"type": "string"},
    missing={"type": "array", "items": {"type": "string"}},
)
