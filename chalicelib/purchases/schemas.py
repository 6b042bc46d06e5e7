"""What the routes of this area take and give."""

from collections.abc import Mapping
from typing import Any

from chalicelib.api import schema
from chalicelib.plans import plans
from chalicelib.plans.subscriptions import LEVELS, STATES
from chalicelib.purchases import choices, portals, selections, wishes

_COUNT = {"type": "integer", "minimum": 1, "maximum": 10_000}
_WHOLE = {"type": "integer"}
_WHOLE_OR_NULL = {"type": ["integer", "null"]}
_TEXT = {"type": "string"}
_RETURN_TO = {**schema.text(2000), "description": "The address in your app to which Stripe's page returns."}
_SECRET_URL = {
    "type": "string",
    "description": "A page of Stripe that admits anybody who has its address: do not store it.",
}
_PLAN = schema.one_of(selections.SOLD)
_CHOSEN: Mapping[str, Any] = {
    "plan": _PLAN, "interval": schema.one_of(plans.INTERVALS), "seats": _COUNT, "brands": _COUNT,
}  # fmt: skip
CURRENCY = schema.one_of(plans.CURRENCIES)
CHECKOUT = schema.body(
    "Checkout", (*_CHOSEN, "currency", "return_to"), **_CHOSEN, currency=CURRENCY, return_to=_RETURN_TO
)
CHECKOUT_PAGE = schema.body("CheckoutPage", ("url", "expires_at"), url=_SECRET_URL, expires_at=schema.TIME)
PREVIEW = schema.body("BillingChange", (), **_CHOSEN)
CHANGE = schema.body(
    "BillingChangeAsShown", ("preview",), **_CHOSEN, preview={"type": "string", "minLength": 1, "maxLength": 1000}
)
_LINE = schema.body("CostLine", ("description", "amount"), description=_TEXT, amount=_WHOLE)
_COSTS: Mapping[str, Any] = {
    "currency": _TEXT, "lines": {"type": "array", "items": _LINE}, "tax": _WHOLE, "total": _WHOLE,
}  # fmt: skip
COSTS = schema.body(
    "BillingPreview",
    ("now", "next", "preview"),
    now=schema.body("CostNow", tuple(_COSTS), **_COSTS),
    next=schema.body("CostNext", (*_COSTS, "at"), **_COSTS, at=schema.TIME),
    preview={"type": "string", "description": "Send it with the change; it is valid for ten minutes."},
)
PAY = schema.body("Payment", (), invoice=schema.text(200))
PORTAL = schema.body("Portal", ("return_to",), flow=schema.one_of(portals.FLOWS), return_to=_RETURN_TO)
PORTAL_PAGE = schema.body(
    "PortalPage", ("url",), url=schema.secret("The address of a page that admits anybody who has it")
)
CANCEL = schema.body("Cancellation", (), feedback=schema.one_of(wishes.FEEDBACK), comment=schema.prose(1000))
_CAP = {"type": ["integer", "null"], "minimum": 0, "maximum": 100_000_000}
SETTINGS = schema.body(
    "BillingSettings",
    ("overage", "cap", "contacts"),
    overage=schema.one_of(choices.OVERAGES),
    cap=_CAP,
    network_cap={
        **_CAP,
        "description": "The most that networks may charge in a month (UTC), in US cents.",
    },
    contacts={"type": "array", "maxItems": 20, "uniqueItems": True, "items": schema.id_of("mbr")},
)
_LIMIT = schema.body(
    "Limit", ("name", "allowed", "used"), name=_TEXT, allowed=_WHOLE_OR_NULL, used=_WHOLE
)  # fmt: skip
_NOTICE = schema.body("BillingNotice", ("kind", "href", "allowed"), kind=_TEXT, href=_TEXT, allowed={"type": "boolean"})
_STATE: Mapping[str, Any] = {
    "state": schema.one_of(STATES), "level": schema.one_of(LEVELS), "reason": _TEXT, "since": schema.TIME,
    "until": schema.TIME_OR_NULL, "limits": {"type": "array", "items": _LIMIT}, "notice": schema.nullable(_NOTICE),
}  # fmt: skip
STATE = schema.body("BillingNow", tuple(_STATE), **_STATE)
_CARD = schema.body("PaymentMethod", ("brand", "last4", "expires"), brand=_TEXT, last4=_TEXT, expires=_TEXT)
_ALSO: Mapping[str, Any] = {
    "plan": _TEXT, "interval": _TEXT, "currency": _TEXT,
    "quantities": {"type": "object", "additionalProperties": _WHOLE}, "period_end": schema.TIME_OR_NULL,
    "ends_at": schema.TIME_OR_NULL, "next_interval": _TEXT, "trial_ends_at": schema.TIME_OR_NULL,
    "card": schema.nullable(_CARD),
    "pending_until": schema.TIME_OR_NULL, "disputed": {"type": "boolean"}, "overage": _TEXT, "cap": _WHOLE_OR_NULL,
    "network_cap": _WHOLE_OR_NULL,
    "contacts": {"type": "array", "items": _TEXT}, "version": _WHOLE,
}  # fmt: skip
BILLING = schema.body("Billing", (*_STATE, *_ALSO), **_STATE, **_ALSO)
_PART = schema.body(
    "PlanPart",
    ("name", "included", "metered", "prices"),
    name=_TEXT,
    included=_WHOLE,
    metered={"type": "boolean"},
    prices={"type": "object", "additionalProperties": _TEXT},
)
PLAN = schema.body(
    "Plan",
    ("plan", "name", "currency", "limits", "parts"),
    plan=_TEXT,
    name=_TEXT,
    currency=CURRENCY,
    limits={"type": "object", "additionalProperties": _WHOLE_OR_NULL},
    parts={"type": "array", "items": _PART},
)
PLAN_LIST = schema.body("Plans", ("items",), items={"type": "array", "items": PLAN})
_PERIOD = schema.body("InvoicePeriod", ("start", "end"), start=schema.TIME, end=schema.TIME)
INVOICE = schema.body(
    "Invoice",
    ("id", "number", "status", "currency", "total", "tax", "period", "created_at", "url", "pdf"),
    **dict.fromkeys(("id", "number", "status", "currency", "url", "pdf"), _TEXT),
    total=_WHOLE,
    tax=_WHOLE,
    period=_PERIOD,
    created_at=schema.TIME,
)
