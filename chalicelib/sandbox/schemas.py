"""What the routes of this area take and give."""

from typing import get_args

from chalicelib.api import schema
from chalicelib.networks import base
from chalicelib.sandbox import plays

ID = {"type": "string", "pattern": "^[A-Za-z0-9_.:-]{1,100}$"}
PERSON = schema.body("SandboxPerson", ("id",), id=ID, name=schema.text(100), username=schema.text(100))
_NAMED = {"type": "string", "maxLength": 100}
AD = schema.body("SandboxAd", ("id",), id=ID, title=_NAMED, placement=_NAMED, creative=_NAMED)
POST = schema.body(
    "SandboxPost",
    ("id",),
    id=ID,
    url={"type": "string", "maxLength": 2048},
    title={"type": "string", "maxLength": 500},
    ad={**AD, "description": "The advertisement, if the post is one."},
)
FILE = schema.body(
    "SandboxFile",
    ("kind", "url"),
    kind=schema.one_of(("image", "video", "audio", "file", "sticker")),
    url={"type": "string", "maxLength": 2048, "pattern": "^https?://[^\\s@]+$"},
    name=schema.text(200),
)
TYPES = ("message", "comment", "mention", "review", "edit", "deletion", "hide", "reaction", "receipt")
EVENT = schema.body(
    "NewSandboxEvent",
    ("channel", "type"),
    channel=schema.id_of("chn"),
    type=schema.one_of((*TYPES, "condition")),
    person={**PERSON, "description": "The person who does it; by default, Sam."},
    thread={**ID, "description": "The thread; by default, the person's own, or a new one for public events."},
    id={**ID, "description": "The network's id of it; made up if you give none."},
    message={**schema.id_of("msg"), "description": "The message that is edited, deleted, reacted to or delivered."},
    text={"type": "string", "maxLength": 10_000},
    at={**schema.TIME, "description": "When it happened, by the network's clock; by default, now."},
    surface=schema.one_of(get_args(base.Surface)),
    attachments={"type": "array", "maxItems": 10, "items": FILE},
    post=POST,
    reply_to=ID,
    rating={"type": "integer", "minimum": 1, "maximum": 5},
    emoji={"type": "string", "maxLength": 32, "description": "The reaction; empty to remove it."},
    hidden={"type": "boolean"},
    status=schema.one_of(get_args(base.ReceiptStatus)),
    code={"type": "string", "pattern": "^[a-z_]{1,50}$"},
    error={"type": "string", "maxLength": 300},
    condition=schema.one_of(("token_expired", "throttled", "down", "none")),
    seconds={
        "type": "integer",
        "minimum": 1,
        "maximum": plays.LONGEST_CONDITION,
        "description": "How many seconds the condition lasts.",
    },
    times={"type": "integer", "minimum": 1, "maximum": 100, "description": "The number of separate events to play."},
    repeat={"type": "integer", "minimum": 1, "maximum": 5, "description": "How many times each event is posted."},
    delay={
        "type": "integer",
        "minimum": 0,
        "maximum": 900,
        "description": "The number of seconds before the event is posted.",
    },
)
PLAYED = schema.body(
    "SandboxEvent",
    ("id", "thread", "at"),
    id={"type": "string", "description": "The network's id of it: the `network_id` of a message."},
    thread={"type": "string"},
    at=schema.TIME,
)
EVENTS = schema.body("SandboxEvents", ("events",), events={"type": "array", "items": PLAYED})
NEW_CHANNEL = schema.body("NewSandboxChannel", ("brand",), brand=schema.id_of("brd"), name=schema.text(100))
