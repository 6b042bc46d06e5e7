"""What the routes of this area take and give."""

from typing import get_args

from chalicelib.api import schema
from chalicelib.channels import statuses
from chalicelib.inbox import schemas as inbox_schemas
from chalicelib.networks import base
from chalicelib.replies import schemas as replies_schemas
from chalicelib.transport.ledger import OUTCOMES

TIME = {**schema.TIME, "maxLength": 40}
OUTCOME = schema.one_of(OUTCOMES)
_SURFACES = {"type": "array", "items": inbox_schemas.SURFACE}
_WORDS = {"type": "array", "items": {"type": "string"}}
_PRICE = schema.body(
    "Price",
    ("cost", "amount", "page", "unit", "note", "since"),
    cost=schema.one_of(("free", "paid")),
    amount={
        "type": "string",
        "description": "The price in USD, as in 0.015; empty where the list has no single price.",
    },
    page={"type": "string", "description": "The address of the network's price list."},
    unit=schema.one_of(("message",)),
    note={"type": "string"},
    since={"type": "string", "description": "The day (UTC) from which the price is valid; empty if it always is."},
)
_COUNT = {"type": "integer"}
_RATE = schema.body(
    "HideRate",
    ("calls", "seconds", "of"),
    calls=_COUNT,
    seconds=_COUNT,
    of=schema.one_of(("account", "app")),
)
_CAN = {"type": "boolean"}
_MAPS = {
    "text": schema.map_of(_COUNT, "The longest text in characters, by surface."),
    "window": schema.map_of(
        _COUNT, "How many hours one may answer freely, by surface; without a limit if there is none."
    ),
    "tags": schema.map_of(_COUNT, "How many hours a person of the brand may still answer with the tag, by tag."),
    "media": schema.map_of(replies_schemas.MEDIA_LIMIT, "The network's limits, by kind of file."),
    "interactive": schema.map_of(replies_schemas.INTERACTIVE_LIMIT, "The network's limits, by kind of choice."),
    "costs": schema.map_of(
        {"type": "array", "items": _PRICE}, "The prices, by way to answer; a way without prices is free."
    ),
}
_ABILITIES = {
    **dict.fromkeys(
        ("surfaces", "reply", "private_reply", "quote", "hide", "delete", "ban", "restrict", "report", "like", "react"),
        _SURFACES,
    ),
    **dict.fromkeys(("text_in_bytes", "text_weighed", "media_surfaces", "publications"), _SURFACES),
    **dict.fromkeys(("read", "typing", "templates", "echoes", "publishes"), _CAN),
    **dict.fromkeys(("receipts", "opens", "reactions", "acknowledge"), _WORDS),
    **dict.fromkeys(("hide_undo", "delete_undo"), _CAN),
    "hide_seen_by": schema.nullable(schema.one_of(get_args(base.SeenBy))),
    "hide_rate": schema.nullable(_RATE),
    "caption": _COUNT,
    **_MAPS,
}
CAPABILITIES = schema.body("Capabilities", tuple(_ABILITIES), **_ABILITIES)
_LOGIN = schema.body("NetworkLogin", ("product", "title"), product=schema.TEXT_OR_NULL, title={"type": "string"})
_CONNECTING = schema.body(
    "NetworkConnecting",
    ("with_token", "logins", "names_server", "takes_own_app"),
    with_token={"type": "boolean"},
    logins={"type": "array", "items": _LOGIN},
    names_server={"type": "boolean"},
    takes_own_app={"type": "boolean"},
)
NETWORK = schema.body(
    "Network",
    ("key", "name", "connecting", "capabilities"),
    key={"type": "string"},
    name={"type": "string"},
    connecting=_CONNECTING,
    capabilities=CAPABILITIES,
)
STATUS = schema.body(
    "NetworkStatus",
    ("key", "name", "status", "since"),
    key={"type": "string"},
    name={"type": "string"},
    status=schema.nullable(schema.one_of(statuses.STATUSES)),
    since=schema.TIME_OR_NULL,
)
ENTRY = schema.body(
    "LedgerEntry",
    ("id", "network", "channel", "outcome", "count", "received_at", "tried_at"),
    id=schema.id_of("ing"),
    network={"type": "string"},
    channel=schema.id_of("chn"),
    outcome=OUTCOME,
    count={"type": "integer"},
    reason=schema.TEXT_OR_NULL,
    received_at=TIME,
    tried_at=TIME,
)
WANTED = {
    "channel": schema.id_of("chn"),
    "network": schema.NETWORK,
    "outcome": OUTCOME,
}
LEDGER = {"since": TIME, "until": TIME, **WANTED, **schema.PAGE}
REPLAY = schema.body("Replay", ("since", "until"), since=TIME, until=TIME, **WANTED)
