"""What the routes of this area take and give."""

from chalicelib import patterns
from chalicelib.api import schema
from chalicelib.figures import charges, exports, usage

_DAY = {"type": "string", "pattern": f"^{patterns.DAY}$"}
_NUMBER = {"type": "integer", "minimum": 0}
_AMOUNT = {"type": "string", "pattern": "^[0-9]+(\\.[0-9]+)?$"}
_AMOUNT_OR_NULL = {"type": ["string", "null"], "pattern": _AMOUNT["pattern"]}
_CURRENCY = schema.one_of((charges.CURRENCY,))
_NUMBER_OR_NULL = {**_NUMBER, "type": ["integer", "null"]}
_NUMBERS = {
    "in": {**_NUMBER, "description": "Messages received."},
    "out": {**_NUMBER, "description": "Messages that were sent as replies from here."},
    "echo": {**_NUMBER, "description": "Messages that the brand sent in the network's own app; they are not billed."},
    "media_bytes": {**_NUMBER, "description": "The size of the files that were copied, in bytes."},
}
_GAUGES = {
    "channel_days": {
        **_NUMBER_OR_NULL,
        "description": "Channels times days: a channel counts for each day (UTC) at whose beginning it was "
        "connected. Null if it was not counted.",
    },
    "seat_days": {
        **_NUMBER_OR_NULL,
        "description": "Seats, counted in the same way, in the lines without a brand, because seats belong to the "
        "agency.",
    },
}
USAGE = {
    "from": {**_DAY, "description": "The first day; by default, the first day of the month of `to`."},
    "to": {**_DAY, "description": "The last day, included; by default, today."},
    "by": {**schema.one_of(usage.BY), "default": "brand"},
    "zone": {
        **schema.one_of(("utc", "brand")),
        "default": "utc",
        "description": "Where days begin: in UTC, as they are billed, or in each brand's own time zone.",
    },
    "brand": {**schema.id_of("brd"), "description": "By default, all brands except sandboxes."},
}
EXPORT = schema.body(
    "UsageExport",
    ("by",),
    **{
        **{name: USAGE[name] for name in ("from", "to", "zone", "brand")},
        "by": {**schema.one_of(exports.BY), "description": "The period for which each channel gets a line."},
    },
)
ITEM = schema.body(
    "UsageItem",
    ("brand", "brand_name", "channel", "channel_name", "network", "period", *_NUMBERS, *_GAUGES),
    brand={**schema.nullable(schema.id_of("brd")), "description": "Null in the line for the agency's seats."},
    brand_name=schema.TEXT_OR_NULL,
    channel=schema.nullable(schema.id_of("chn")),
    channel_name={**schema.TEXT_OR_NULL, "description": "Null for a channel that has been disconnected."},
    network=schema.TEXT_OR_NULL,
    period={**schema.TEXT_OR_NULL, "description": "The day or the month, as in 2026-11-27 or 2026-11."},
    **_NUMBERS,
    **_GAUGES,
)
CHARGE = schema.body(
    "NetworkCharge",
    ("brand", "day", "network", "way", "messages", "amount", "currency", "note", "list"),
    brand=schema.id_of("brd"),
    day=_DAY,
    network={"type": "string"},
    way={
        "type": "string",
        "description": "The way in which the messages were sent, as in the network's `costs`; or `receive`.",
    },
    messages={**_NUMBER, "description": "The number of messages of that day for which the network charges."},
    amount={**_AMOUNT_OR_NULL, "description": "The amount by the list price; null where the list has no single price."},
    currency=_CURRENCY,
    note={**schema.TEXT_OR_NULL, "description": "What else the price depends on, as in the network's `costs`."},
    list={**schema.TEXT_OR_NULL, "description": "The address of the network's price list."},
)
CHARGED = schema.body(
    "NetworkCharges",
    ("amount", "currency", "unpriced"),
    amount={**_AMOUNT, "description": "The sum of the known amounts."},
    currency=_CURRENCY,
    unpriced={**_NUMBER, "description": "The number of further messages that are charged at prices we do not know."},
)
BILLED = schema.body(
    "UsageBilled",
    ("counted", "billed", "unbilled"),
    counted={**_NUMBER, "description": "Messages received and sent from here in the hours that were reported so far."},
    billed={**_NUMBER, "description": "How many of them were reported to Stripe."},
    unbilled={**_NUMBER, "description": "The others, because the cap was reached or they were counted too late."},
)
REPORT = schema.body(
    "Usage",
    ("from", "to", "by", "zone", "days_looked_at", "items", "totals", "charges", "charged", "billed"),
    **{
        "from": _DAY,
        "to": _DAY,
        "by": schema.one_of(usage.BY),
        "zone": schema.one_of(("utc", "brand")),
        "days_looked_at": {
            **_NUMBER,
            "description": "The number of days on which channels and seats were counted; the other days are unknown.",
        },
        "items": {"type": "array", "items": ITEM},
        "totals": schema.body("UsageTotals", (*_NUMBERS, *_GAUGES), **_NUMBERS, **_GAUGES),
        "billed": {
            **schema.nullable(BILLED),
            "description": "Null if you asked for one brand, or for the brands' own time zones.",
        },
        "charged": CHARGED,
        "charges": {
            "type": "array",
            "items": CHARGE,
            "description": "What the networks themselves charge, by their price lists, with a line for each brand "
            "and day.",
        },
    },
)
