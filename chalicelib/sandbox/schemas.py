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
    ad={**AD, "description": "The advertisement that it is."},
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
    person={**PERSON, "description": "Who does it; without it, Sam."},
    thread={**ID, "description": "Without it, the person's, or for what is public a new one."},
    id={**ID, "description": "What the network calls it; made up if not given."},
    message={**schema.id_of("msg"), "description": "Which message is edited, deleted, reacted to or delivered."},
    text={"type": "string", "maxLength": 10_000},
    at={**schema.TIME, "description": "When it happened, by the network's clock; or now."},
    surface=schema.one_of(get_args(base.Surface)),
    attachments={"type": "array", "maxItems": 10, "items": FILE},
    post=POST,
    reply_to=ID,
    rating={"type": "integer", "minimum": 1, "maximum": 5},
    emoji={"type": "string", "maxLength": 32, "description": "Empty: the reaction is taken back."},
    hidden={"type": "boolean"},
    status=schema.one_of(get_args(base.ReceiptStatus)),
    code={"type": "string", "pattern": "^[a-z_]{1,50}$"},
    error={"type": "string", "maxLength": 300},
    condition=schema.one_of(("token_expired", "throttled", "down", "none")),
    seconds={"type": "integer", "minimum": 1, "maximum": plays.LONGEST_CONDITION, "description": "How long it lasts."},
    times={"type": "integer", "minimum": 1, "maximum": 100, "description": "So many events, each on its own."},
    repeat={"type": "integer", "minimum": 1, "maximum": 5, "description": "How often each is posted."},
    delay={"type": "integer", "minimum": 0, "maximum": 900, "description": "After how many seconds it is posted."},
)
PLAYED = schema.body(
    "SandboxEvent",
    ("id", "thread", "at"),
    id={"type": "string", "description": "What the network calls it: the `network_id` of a message."},
    thread={"type": "string"},
    at=schema.TIME,
)
EVENTS = schema.body("SandboxEvents", ("events",), events={"type": "array", "items": PLAYED})
NEW_CHANNEL = schema.body("NewSandboxChannel", ("brand",), brand=schema.id_of("brd"), name=schema.text(100))
