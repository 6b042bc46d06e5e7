"""What the routes of this area take and give."""

from chalicelib.api import schema
from chalicelib.plans import plans
from chalicelib.plans.entitlements import HREFS
from chalicelib.plans.subscriptions import LEVELS, STATES
from chalicelib.purchases import portals, returns

_MOST = 10_000
_WHOLE = {"type": "integer"}
_NUMBER_OR_NULL = {"type": ["integer", "null"]}
_TEXT = {"type": "string"}
_ADDRESS = {"type": "string", "minLength": 8, "maxLength": returns.LONGEST}
_QUANTITY = {"type": "integer", "minimum": 1, "maximum": _MOST}
_SOLD = [plan.key for plan in plans.PLANS.values() if plan.components]
_CURRENCY = schema.one_of(plans.CURRENCIES)
_INTERVAL = schema.one_of(plans.INTERVALS)

_LIMIT = schema.body(
    "BillingLimit", ("name", "allowed", "used"), name=schema.one_of(("seats", "brands", "channels")),
    allowed={**_NUMBER_OR_NULL, "description": "Null is without limit."}, used=_WHOLE,
)  # fmt: skip
_NOTICE = schema.body(
    "BillingNotice", ("kind", "href", "allowed"), kind=schema.one_of(HREFS), href=_TEXT,
    allowed={"type": "boolean", "description": "True if you may do it."},
)  # fmt: skip
_STATE = {
    "state": schema.one_of(STATES),
    "level": schema.one_of(LEVELS),
    "reason": schema.TEXT_OR_NULL,
    "since": schema.TIME,
    "until": schema.TIME_OR_NULL,
    "limits": {"type": "array", "items": _LIMIT},
    "notice": schema.nullable(_NOTICE),
}
STATE = schema.body("BillingState", tuple(_STATE), **_STATE)
_CARD = schema.body("BillingCard", ("brand", "last4", "expires"), brand=_TEXT, last4=_TEXT, expires=_TEXT)
_ALL = {
    **_STATE,
    "plan": _TEXT,
    "interval": schema.nullable(_INTERVAL),
    "currency": schema.TEXT_OR_NULL,
    "quantities": {"type": "object", "additionalProperties": _WHOLE},
    "period_end": schema.TIME_OR_NULL,
    "ends_at": schema.TIME_OR_NULL,
    "trial_ends_at": schema.TIME_OR_NULL,
    "pending_until": schema.TIME_OR_NULL,
    "card": schema.nullable(_CARD),
    "disputed": {"type": "boolean"},
    "overage": schema.one_of(("bill", "notify", "stop_outbound")),
    "cap": _NUMBER_OR_NULL,
    "contacts": {"type": "array", "items": schema.id_of("mbr")},
    "version": _WHOLE,
}
BILLING = schema.body("Billing", tuple(_ALL), **_ALL)
_PRICE = schema.body(
    "PlanPrice", ("item", "interval", "included", "amount", "metered"), item=schema.one_of(plans.COMPONENTS),
    interval=_INTERVAL, included=_WHOLE, metered={"type": "boolean"},
    amount={"type": "string", "description": "In the currency's smallest unit, without tax; it may have decimals."},
)  # fmt: skip
PLAN = schema.body(
    "Plan", ("plan", "name", "limits", "prices", "currency"), plan=_TEXT, name=_TEXT, currency=_CURRENCY,
    limits={"type": "object", "additionalProperties": _NUMBER_OR_NULL}, prices={"type": "array", "items": _PRICE},
)  # fmt: skip
PLAN_LIST = schema.body("Plans", ("items",), items={"type": "array", "items": PLAN})
PLANS = {"currency": {**_CURRENCY, "default": plans.CURRENCIES[0]}}
CHECKOUT = schema.body(
    "Checkout", ("plan", "interval", "currency", "seats", "brands", "return_to"), plan=schema.one_of(_SOLD),
    interval=_INTERVAL, currency=_CURRENCY, seats=_QUANTITY, brands=_QUANTITY, return_to=_ADDRESS,
)  # fmt: skip
PAGE = schema.body("CheckoutPage", ("url", "expires_at"), url=_TEXT, expires_at=schema.TIME)
PORTAL = schema.body("Portal", ("return_to",), flow=schema.one_of(portals.FLOWS), return_to=_ADDRESS)
PORTAL_PAGE = schema.body("PortalPage", ("url",), url=schema.secret("A page that lets in whoever has its address"))
CANCEL = schema.body("Cancellation", (), feedback=schema.one_of(
    ("customer_service", "low_quality", "missing_features", "other", "switched_service", "too_complex", "too_expensive",
     "unused")), comment=schema.prose(1000))  # fmt: skip
PAY = schema.body("Payment", (), invoice=schema.text(100))
SETTINGS = schema.body(
    "BillingSettings", ("overage", "contacts"), overage=_ALL["overage"],
    cap={"type": ["integer", "null"], "minimum": 0, "maximum": 100_000_000},
    contacts={"type": "array", "maxItems": 20, "uniqueItems": True, "items": schema.id_of("mbr")},
)  # fmt: skip
_CHOSEN = {"plan": schema.one_of(_SOLD), "interval": _INTERVAL, "seats": _QUANTITY, "brands": _QUANTITY}
_PROMISE = {"type": "string", "minLength": 1, "maxLength": 1000}
PREVIEW = schema.body("BillingChange", (), **_CHOSEN)
CHANGE = schema.body("BillingChangeAsShown", ("preview",), **_CHOSEN, preview=_PROMISE)
_LINE = schema.body("CostLine", ("description", "amount"), description=_TEXT, amount=_WHOLE)
_COSTS = {"currency": _TEXT, "lines": {"type": "array", "items": _LINE}, "tax": _WHOLE, "total": _WHOLE}
COSTS = schema.body(
    "BillingPreview",
    ("now", "next", "preview"),
    now=schema.body("CostsNow", tuple(_COSTS), **_COSTS),
    next=schema.body("CostsNext", (*_COSTS, "at"), **_COSTS, at=schema.TIME),
    preview={**_PROMISE, "description": "Send it with the change; it holds for ten minutes."},
)
INVOICES = schema.PAGE
INVOICE = schema.body(
    "Invoice", ("id", "number", "status", "currency", "total", "tax", "created_at", "url", "pdf"), id=_TEXT,
    number=schema.TEXT_OR_NULL, status=_TEXT, currency=_TEXT, total=_WHOLE, tax=_WHOLE, created_at=schema.TIME,
    url=schema.TEXT_OR_NULL, pdf=schema.TEXT_OR_NULL,
)  # fmt: skip
