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
    "out": {**_NUMBER, "description": "Messages of replies that went out from here."},
    "echo": {**_NUMBER, "description": "Messages that the brand sent in the network's own app; they are not billed."},
    "media_bytes": {**_NUMBER, "description": "The size of files that were copied."},
}
_GAUGES = {
    "channel_days": {
        **_NUMBER_OR_NULL,
        "description": "Channels, one for each day (UTC) at whose beginning it was connected; null if nobody looked.",
    },
    "seat_days": {
        **_NUMBER_OR_NULL,
        "description": "Seats in the same way; in the lines without a brand, as seats are the agency's.",
    },
}
USAGE = {
    "from": {**_DAY, "description": "The first day; without it, the first of the last day's month."},
    "to": {**_DAY, "description": "The last day, which is included; without it, today."},
    "by": {**schema.one_of(usage.BY), "default": "brand"},
    "zone": {
        **schema.one_of(("utc", "brand")),
        "default": "utc",
        "description": "Where days begin: in UTC, as they are billed, or in each brand's own time zone.",
    },
    "brand": {**schema.id_of("brd"), "description": "Without it, all brands but sandboxes."},
}
EXPORT = schema.body(
    "UsageExport",
    ("by",),
    **{
        **{name: USAGE[name] for name in ("from", "to", "zone", "brand")},
        "by": {**schema.one_of(exports.BY), "description": "What each channel has a line for."},
    },
)
ITEM = schema.body(
    "UsageItem",
    ("brand", "brand_name", "channel", "channel_name", "network", "period", *_NUMBERS, *_GAUGES),
    brand={**schema.nullable(schema.id_of("brd")), "description": "Null in the line of the agency's seats."},
    brand_name=schema.TEXT_OR_NULL,
    channel=schema.nullable(schema.id_of("chn")),
    channel_name={**schema.TEXT_OR_NULL, "description": "Null for a channel that is disconnected by now."},
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
    way={"type": "string", "description": "How it was said, in the words of the network's `costs`; or `receive`."},
    messages={**_NUMBER, "description": "How many there were that the network charges for on that day."},
    amount={**_AMOUNT_OR_NULL, "description": "By the list price; null where the list has not one price for all."},
    currency=_CURRENCY,
    note={**schema.TEXT_OR_NULL, "description": "What else decides on the price, as in the network's `costs`."},
    list={**schema.TEXT_OR_NULL, "description": "Where the network has its list."},
)
CHARGED = schema.body(
    "NetworkCharges",
    ("amount", "currency", "unpriced"),
    amount={**_AMOUNT, "description": "The sum of the amounts that are known."},
    currency=_CURRENCY,
    unpriced={**_NUMBER, "description": "How many messages are charged beside that, by prices we do not know."},
)
BILLED = schema.body(
    "UsageBilled",
    ("counted", "billed", "unbilled"),
    counted={**_NUMBER, "description": "Messages received and sent from here in the hours that were reported so far."},
    billed={**_NUMBER, "description": "How many of them Stripe was told of."},
    unbilled={**_NUMBER, "description": "The others: the cap was reached, or they were counted too late."},
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
            "description": "On how many of the days somebody looked for channels and seats; the others are not known.",
        },
        "items": {"type": "array", "items": ITEM},
        "totals": schema.body("UsageTotals", (*_NUMBERS, *_GAUGES), **_NUMBERS, **_GAUGES),
        "billed": {**schema.nullable(BILLED), "description": "Null where it is about one brand, or in its own zone."},
        "charged": CHARGED,
        "charges": {
            "type": "array",
            "items": CHARGE,
            "description": "What the networks themselves charge for, by their list; a line per brand and day.",
        },
    },
)
