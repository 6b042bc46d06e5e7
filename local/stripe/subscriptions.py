"""Subscriptions: made, shown and listed. Changes are in `changes.py`, pauses in `pauses.py`,
endings in `endings.py`.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from local.stripe import cards, customers, dunning, forms, invoices, lines, payments, periods, statuses
from local.stripe.accounts import Account, Thing, page
from local.stripe.calls import LISTING, call, due
from local.stripe.refusals import Refused, invalid

BEHAVIOURS = ("allow_incomplete", "default_incomplete", "error_if_incomplete", "pending_if_incomplete")
TRIAL_WARNING = 3 * 86400
NEW_ITEM = "{price,quantity,metadata.*}"
ITEM = "{id,price,quantity,deleted,metadata.*}"
COMMON = (
    "default_payment_method description metadata.* automatic_tax.enabled cancel_at cancel_at_period_end off_session "
    "payment_behavior proration_behavior trial_end collection_method "
    "payment_settings.{save_default_payment_method,payment_method_types[]} "
    "trial_settings.end_behavior.missing_payment_method"
)

FRESH: Thing = {
    "application": None, "application_fee_percent": None, "billing_cycle_anchor_config": None, "billing_schedules": [],
    "billing_thresholds": None, "cancel_at": None, "cancel_at_period_end": False, "canceled_at": None, "ended_at": None,
    "cancellation_details": {"comment": None, "feedback": None, "reason": None}, "days_until_due": None,
    "collection_method": "charge_automatically", "default_payment_method": None, "default_source": None,
    "default_tax_rates": [], "discounts": [], "invoice_settings": {"account_tax_ids": None, "issuer": {"type": "self"}},
    "latest_invoice": None, "next_pending_invoice_item_invoice": None, "on_behalf_of": None, "pause_collection": None,
    "payment_settings": {"payment_method_options": None, "payment_method_types": None,
                         "save_default_payment_method": "off"},
    "pending_invoice_item_interval": None, "pending_setup_intent": None, "pending_update": None, "schedule": None,
    "status_details": {"paused": None}, "transfer_data": None,
    "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}},
}  # fmt: skip


def item_of(account: Account, subscription: Thing, given: Mapping[str, Any], start: int, place: str) -> Thing:
    """A new item whose period begins at `start`; it is not stored yet."""
    price = account.get("price", forms.need(given, "price"), f"{place}[price]")
    if not price["active"]:
        raise invalid("The price specified is inactive. This field only accepts active prices.", f"{place}[price]")
    if not price["recurring"]:
        raise invalid("The price specified is set to `type=one_time`.", f"{place}[price]")
    if subscription["currency"] not in price["_more"]["currency_options"]:
        raise invalid("The price does not support that currency.", "currency")
    metered = price["recurring"]["usage_type"] == "metered"
    if metered and "quantity" in given:
        raise invalid("quantity must not be set for a metered price.", f"{place}[quantity]")
    return {
        "id": account.new_id("si"), "object": "subscription_item", "created": account.time_of(subscription),
        "billing_thresholds": None, "current_period_start": start, "discounts": [],
        "current_period_end": period_end(price, start, start), "metadata": forms.metadata(given), "price": price,
        "plan": _plan(price), "quantity": None if metered else forms.whole(given, "quantity", 1, least=0),
        "subscription": subscription["id"], "tax_rates": [], "billed_until": None, "_clock": subscription["_clock"],
    }  # fmt: skip


def _plan(price: Thing) -> Thing:
    recurring = price["recurring"]
    return {
        "id": price["id"], "object": "plan", "active": price["active"], "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"], "billing_scheme": price["billing_scheme"],
        "created": price["created"], "currency": price["currency"], "interval": recurring["interval"],
        "interval_count": recurring["interval_count"], "livemode": False, "metadata": {}, "meter": recurring["meter"],
        "nickname": None, "product": price["product"], "tiers_mode": price["tiers_mode"], "transform_usage": None,
        "trial_period_days": None, "usage_type": recurring["usage_type"],
    }  # fmt: skip


def period_end(price: Thing, anchor: int, now: int) -> int:
    return periods.ends(anchor, price["recurring"]["interval"], price["recurring"]["interval_count"], now)


def make(account: Account, customer: Thing, params: Mapping[str, Any]) -> Thing:
    """A subscription without an invoice yet, in its trial if it has one."""
    now = account.time_of(customer)
    given = params.get("items") or []
    if not given or len(given) > 20:
        raise invalid("A subscription has 1 to 20 items.", "items", "parameter_missing")
    first = account.get("price", forms.need(given[0], "price"), "items[0][price]")
    trial = trial_end(params, now)
    automatic = forms.truth(params.get("automatic_tax") or {}, "enabled")
    subscription = account.make(
        "subscription", "sub", clock=customer["_clock"], customer=customer["id"], metadata=forms.metadata(params),
        currency=params.get("currency") or first["currency"], billing_cycle_anchor=trial or now, start_date=now,
        status="trialing" if trial else "active", trial_start=now if trial else None, trial_end=trial,
        billing_mode={"type": "flexible", "flexible": {"proration_discounts": "included"}, "updated_at": now},
        automatic_tax={"enabled": automatic, "liability": None, "disabled_reason": None},
        description=params.get("description"), test_clock=customer["_clock"], **deepcopy(FRESH),
    )  # fmt: skip
    if ends := (params.get("trial_settings") or {}).get("end_behavior"):
        subscription["trial_settings"] = {"end_behavior": dict(ends)}
    if card := params.get("default_payment_method"):
        subscription["default_payment_method"] = cards.of(account, card, "default_payment_method")["id"]
    try:
        items = [item_of(account, subscription, wanted, now, f"items[{place}]") for place, wanted in enumerate(given)]
        _refuse_currency(account, customer, subscription)
    except Refused:
        del account.objects[subscription["id"]]
        raise
    for item in items:
        item["current_period_end"] = trial or item["current_period_end"]
    keep_items(account, subscription, items)
    customer["currency"] = subscription["currency"]
    return subscription


def keep_items(account: Account, subscription: Thing, items: list[Thing]) -> None:
    url = f"/v1/subscription_items?subscription={subscription['id']}"
    subscription["items"] = {"object": "list", "data": items, "has_more": False, "total_count": len(items), "url": url}
    for item in items:
        account.objects[item["id"]] = item
        account.due(item["current_period_end"], "renew", subscription)


def trial_end(params: Mapping[str, Any], now: int) -> int | None:
    if params.get("trial_end") in (None, "", "now"):
        days = forms.whole(params, "trial_period_days")
        return now + days * 86400 if days else None
    end = forms.whole(params, "trial_end")
    if end <= now:
        raise invalid("Invalid timestamp: must be in the future.", "trial_end", "parameter_invalid_integer")
    return int(end)


def _refuse_currency(account: Account, customer: Thing, subscription: Thing) -> None:
    for other in account.all("subscription", customer=customer["id"]):
        if other["status"] not in statuses.OVER and other["currency"] != subscription["currency"]:
            raise invalid("You cannot combine currencies on a single customer.", "currency")


def begin(account: Account, subscription: Thing, *, behaviour: str, card: Thing | None = None,
          passed: bool | None = None) -> str:  # fmt: skip
    """Makes the first invoice, finalizes it and, unless `default_incomplete`, collects it. Gives the outcome,
    `cardless` if not collected.
    """
    items, tax = subscription["items"]["data"], account.tax_of(subscription)
    charged = [] if subscription["status"] == "trialing" else lines.in_advance(items, subscription["currency"], tax)
    invoice = invoices.draft(account, subscription, charged, "subscription_create")
    if invoice["amount_due"]:
        subscription["status"] = "incomplete"
        account.due(account.time_of(subscription) + dunning.HELD, "expire", subscription)
    account.emit("customer.subscription.created", subscription)
    if subscription["trial_end"]:
        account.due(max(subscription["trial_end"] - TRIAL_WARNING, invoice["created"]), "trial_will_end", subscription)
    invoices.store(account, invoice)
    invoices.finalize(account, invoice)
    if behaviour == "default_incomplete" and invoice["amount_due"]:
        payments.intent_of(account, invoice)
        return payments.CARDLESS
    return dunning.collect(account, invoice, card=card, passed=passed, automatic=False)


@call("POST", "/v1/subscriptions", f"customer currency items[].{NEW_ITEM} trial_period_days billing_mode.type {COMMON}")
def create(account: Account, params: Mapping[str, Any]) -> Thing:
    customer = customers.existing(account, forms.need(params, "customer"))
    behaviour = forms.choice(params, "payment_behavior", BEHAVIOURS, "allow_incomplete")
    subscription = make(account, customer, params)
    outcome = begin(account, subscription, behaviour=behaviour)
    if behaviour == "error_if_incomplete" and outcome != payments.PAID:
        invoice = account.objects[subscription["latest_invoice"]]
        invoices.void(account, invoice)
        del account.objects[subscription["id"]]
        dunning.refuse_unpaid(account, invoice, outcome, "subscription")
    return subscription


@due("expire")
def expire(account: Account, subscription: Thing) -> None:
    if subscription["status"] == "incomplete":
        statuses.expire(account, subscription)
        invoices.void(account, account.objects[subscription["latest_invoice"]])


@due("trial_will_end")
def trial_will_end(account: Account, subscription: Thing) -> None:
    if subscription["status"] == "trialing":
        account.emit("customer.subscription.trial_will_end", subscription)


@call("GET", "/v1/subscriptions/{}")
def retrieve(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    return account.get("subscription", id)


@call("GET", "/v1/subscriptions", f"{LISTING} customer status price test_clock collection_method")
def listed(account: Account, params: Mapping[str, Any]) -> Thing:
    """Without a status, subscriptions that are not cancelled."""
    wanted = {name: params[name] for name in ("customer", "test_clock") if name in params}
    status = params.get("status")
    matching = [
        subscription
        for subscription in account.all("subscription", **wanted)
        if status == "all"
        or subscription["status"] == status
        or (status is None and subscription["status"] != "canceled")
        or (status == "ended" and subscription["status"] in statuses.OVER)
    ]
    if "price" in params:
        matching = [
            subscription
            for subscription in matching
            if params["price"] in [item["price"]["id"] for item in subscription["items"]["data"]]
        ]
    return page(matching, params, "/v1/subscriptions")
