"""A preview of the invoice for a change, or for the next renewal. It changes nothing."""

from collections.abc import Mapping
from typing import Any

from local.stripe import changes, forms, invoices, lines
from local.stripe.accounts import Account, Thing
from local.stripe.calls import call
from local.stripe.refusals import Refused
from local.stripe.subscriptions import ITEM, period_end

DETAILS = f"items[].{ITEM} proration_behavior proration_date billing_cycle_anchor.type trial_end"
KNOWN = " ".join(f"subscription_details.{name}" for name in DETAILS.split())


@call("POST", "/v1/invoices/create_preview", f"customer subscription preview_mode {KNOWN}")
def preview(account: Account, params: Mapping[str, Any]) -> Thing:
    id = forms.need(params, "subscription")
    subscription = account.get("subscription", id, "subscription")
    if params.get("customer", subscription["customer"]) != subscription["customer"]:
        raise Refused("The subscription does not belong to that customer.", param="customer")
    if subscription["status"] in ("canceled", "incomplete_expired"):
        raise Refused("No upcoming invoices for customer", status=404, code="invoice_upcoming_none")
    details = params.get("subscription_details") or {}
    change = changes.planned(account, subscription, details)
    if change.now_due and change.lines:
        made = change.lines
        reason = "subscription_update"
    else:
        made = [*change.lines, *_next(account, subscription, change.items)]
        reason = "upcoming"
    return _shown(account, subscription, made, reason, change.at)


def _next(account: Account, subscription: Thing, items: list[Thing]) -> list[Thing]:
    """The lines of the next renewal of these items."""
    end = min(item["current_period_end"] for item in items)
    turning = [dict(item) for item in items if item["current_period_end"] == end]
    currency, tax = subscription["currency"], account.tax_of(subscription)
    used = lines.in_arrears(account, turning, subscription["customer"], currency, tax)
    for item in turning:
        item["current_period_start"] = end
        item["current_period_end"] = period_end(item["price"], subscription["billing_cycle_anchor"], end)
    return [*used, *lines.in_advance(turning, currency, tax)]


def _shown(account: Account, subscription: Thing, made: list[Thing], reason: str, at: int) -> Thing:
    customer = account.objects[subscription["customer"]]
    before = customer["balance"]
    if reason == "subscription_update":  # a change that waits is given up for this one, with what it had taken
        customer["balance"] += _held(account, subscription)
    invoice = invoices.draft(account, subscription, made, reason, proration_date=at, name="upcoming_in")
    customer["balance"] = before
    del account.objects[invoice["id"]]
    return invoice


def _held(account: Account, subscription: Thing) -> int:
    """What the open invoice of a waiting change has taken from the customer's balance."""
    if not subscription["pending_update"]:
        return 0
    invoice = account.objects[subscription["_pending_invoice"]]
    return int(invoice["_applied"]) if invoice["status"] == "open" else 0
