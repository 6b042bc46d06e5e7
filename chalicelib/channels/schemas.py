"""What the routes of this area take and give."""

from typing import get_args

from chalicelib import patterns
from chalicelib.api import schema
from chalicelib.networks.base import ChannelHealth

TROUBLE = schema.body(
    "Trouble",
    ("health", "text", "since"),
    health=schema.one_of(get_args(ChannelHealth)),
    text={"type": "string"},
    since=schema.TIME,
)
CHANNEL = schema.body(
    "Channel",
    ("id", "brand", "network", "account", "name", "hook", "state", "health"),
    id=schema.id_of("chn"),
    brand=schema.id_of("brd"),
    network={"type": "string"},
    account={"type": "string"},
    name={"type": "string"},
    external_id=schema.EXTERNAL_ID_OR_NULL,
    hook={"type": "string"},
    state={
        **schema.one_of(("connected", "connecting", "disconnecting")),
        "description": "A channel is `connecting` or `disconnecting` for a minute or two at most.",
    },
    health=schema.one_of(get_args(ChannelHealth)),
    alert={**schema.TEXT_OR_NULL, "description": "The worst of the channel's present troubles."},
    troubles={"type": "array", "items": TROUBLE, "description": "All present troubles, the worst first."},
    secret=schema.secret("The secret with which the network signs its posts to this channel's hook"),
    verify_token=schema.secret("The token with which the network verifies this channel's hook"),
)
_TEXT = {"type": "string", "maxLength": 1000, "pattern": patterns.LINES}
PROFILE = schema.body(
    "BusinessProfile",
    ("about", "address", "description", "email", "websites", "vertical"),
    about=_TEXT,
    address=_TEXT,
    description=_TEXT,
    email={"type": "string", "maxLength": 128, "pattern": "^([^\\s@]+@[^\\s@]+)?$"},
    websites={
        "type": "array",
        "maxItems": 10,
        "items": {"type": "string", "maxLength": 256, "pattern": "^https?://[^\\s@]+$"},
    },
    vertical={"type": "string", "pattern": "^[A-Z_]{0,40}$"},
)
CREDENTIALS = schema.body(
    "ChannelCredentials",
    ("token",),
    token={"type": "string", "minLength": 1, "maxLength": 4096, "pattern": "^[!-~]+$"},
    secret={"type": "string", "minLength": 1, "maxLength": 1024, "pattern": "^[!-~]+$"},
)
MOVE_CODE = {"type": "string", "pattern": "^agc_[a-z0-9]{1,60}[.]chn_[a-z0-9]{1,60}[.][A-Za-z0-9_-]{1,100}$"}
MOVE = schema.body(
    "ChannelMove",
    ("channel", "is_offered", "made_by", "ends_at"),
    channel=schema.id_of("chn"),
    is_offered={"type": "boolean"},
    made_by=schema.TEXT_OR_NULL,
    ends_at=schema.TIME_OR_NULL,
    code=schema.secret("The code with which the other agency connects the account"),
)
CONNECT = schema.body(
    "NewChannel",
    ("brand", "network", "credentials"),
    brand=schema.id_of("brd"),
    network=schema.NETWORK,
    name=schema.text(100),
    external_id=schema.EXTERNAL_ID,
    account={"type": "string", "pattern": "^[A-Za-z0-9_.:@/-]{1,200}$"},
    credentials=CREDENTIALS,
    move=MOVE_CODE,
    details={
        "type": "object",
        "maxProperties": 10,
        "propertyNames": {"pattern": "^[a-z_]{1,30}$"},
        "additionalProperties": {"type": "string", "pattern": "^[A-Za-z0-9_.:@/-]{1,200}$"},
    },
)
