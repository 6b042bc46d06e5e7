"""Stripe's objects as its API gives them in our version, as plain dicts; what a test does not name is ordinary."""

from typing import Any

from chalicelib import clock
from chalicelib.billing import snapshots
from chalicelib.billing.snapshots import Snapshot
from chalicelib.plans import plans

Json = dict[str, Any]
NOW = 1_790_000_000_000
SECONDS = NOW // clock.SECOND
PERIOD_END = SECONDS + 20 * 86_400


def item(name: str, quantity: int | None = 1, plan: str = "team", **fields: Any) -> Json:
    recurring = {"interval": "month", "usage_type": "licensed" if quantity else "metered"}
    price = {"id": f"price_{plan}_{name}", "product": f"palabre_{plan}_{name}", "metadata": {}, "recurring": recurring}
    given = {"id": f"si_{name}", "price": price, "current_period_end": PERIOD_END, **fields}
    return given if quantity is None else {**given, "quantity": quantity}


def subscription(status: str = "active", *, id: str = "sub_1", items: list[Json] | None = None, **fields: Any) -> Json:
    usual = [item("base"), item("seats", 4), item("brands", 3), item("messages", None)]
    rows = usual if items is None else items
    return {
        "id": id,
        "object": "subscription",
        "status": status,
        "created": SECONDS - 40 * 86_400,
        "currency": "eur",
        "cancel_at": None,
        "cancel_at_period_end": False,
        "items": {"object": "list", "data": rows},
        **fields,
    }


def paused(type: str) -> Json:
    return {"status_details": {"paused": {"subscription": {"type": type}}}}


def ended(reason: str | None, days_ago: float = 1) -> Json:
    return {"ended_at": SECONDS - int(days_ago * 86_400), "cancellation_details": {"reason": reason}}


def invoice(days_ago: float, subscription: str = "sub_1", status: str = "open") -> Json:
    return {
        "id": "in_1",
        "status": status,
        "parent": {"subscription_details": {"subscription": subscription}},
        "status_transitions": {"finalized_at": SECONDS - int(days_ago * 86_400)},
    }


def snapshot(
    *subscriptions: Json, invoices: tuple[Json, ...] = (), disputes: Json | None = None, **customer: Any
) -> Snapshot:
    rows = [{"id": id, "status": status} for id, status in (disputes or {}).items()]
    return snapshots.read({"id": "cus_1", "livemode": True, **customer}, subscriptions, invoices, rows)


FEW, MANY = plans.Holdings(seats=1, brands=1, channels=1), plans.Holdings(seats=3, brands=4, channels=3)
