"""Pausing a subscription on request, and resuming it."""

from collections.abc import Mapping
from typing import Any

from local.stripe import coupons, dunning, forms, invoices, lines, payments, renewals, statuses
from local.stripe.accounts import Account, Thing
from local.stripe.calls import call, due
from local.stripe.refusals import Refused, invalid

USAGE, UNUSED = ("now", "none"), ("now", "none", "item_current_period_start")
BILL_FOR = "bill_for.{outstanding_usage_through,unused_time_from}.type"


@call("POST", "/v1/subscriptions/{}/pause", f"type invoicing_behavior {BILL_FOR}")
def pause(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    """Bills what was used and credits what was not, as pending items unless an invoice is asked for."""
    subscription = account.get("subscription", id)
    forms.choice(params, "type", ("subscription",), "subscription")
    how = forms.choice(params, "invoicing_behavior", ("invoice", "pending_invoice_item"), "pending_invoice_item")
    if subscription["status"] not in statuses.PAUSABLE or subscription["schedule"]:
        raise Refused(
            f"A subscription that is {subscription['status']} cannot be paused.", code="resource_invalid_state"
        )
    made = _settled(account, subscription, params.get("bill_for") or {})
    _drop_end(subscription)
    if how == "invoice" and made:
        invoice = invoices.store(account, invoices.draft(account, subscription, made, "subscription_update"))
        invoices.finalize(account, invoice)
        dunning.collect(account, invoice, automatic=False)
    else:
        invoices.keep_pending(account, subscription, made)
    statuses.pause(account, subscription, "pause_requested")
    return subscription


def _drop_end(subscription: Thing) -> None:
    if subscription["cancel_at"]:
        raise invalid("A subscription that is scheduled to cancel cannot be paused.", "subscription")


def _settled(account: Account, subscription: Thing, bill_for: Mapping[str, Any]) -> list[Thing]:
    now = account.time_of(subscription)
    usage = forms.choice(bill_for.get("outstanding_usage_through") or {}, "type", USAGE, "now")
    unused = forms.choice(bill_for.get("unused_time_from") or {}, "type", UNUSED, "now")
    items = subscription["items"]["data"]
    currency, tax = subscription["currency"], account.tax_of(subscription)
    made: list[Thing] = []
    if usage == "now":
        used = lines.in_arrears(account, items, subscription["customer"], currency, tax, until=now)
        made += [line for line in used if line["quantity"]]
    if unused != "none" and subscription["status"] != "trialing":
        for item in items:
            start = now if unused == "now" else item["current_period_start"]
            made += lines.prorated([item], [], start, currency, tax)
    coupons.refuse_prorations(subscription, made)
    return made


RESUMPTION = "billing_cycle_anchor.type payment_behavior proration_behavior proration_date"


@call("POST", "/v1/subscriptions/{}/resume", RESUMPTION)
def resume(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    """Begins new periods now, or continues the old ones; the caller chooses whether it waits for its payment."""
    subscription = account.get("subscription", id)
    if subscription["status"] != "paused":
        raise Refused("You can only resume a subscription that is paused.", code="resource_invalid_state")
    behaviours = ("resume_on_payment_attempt", "resume_on_payment_success")
    waits = forms.choice(params, "payment_behavior", behaviours, behaviours[0]) == behaviours[1]
    asked = params.get("billing_cycle_anchor") or {}
    if not isinstance(asked, dict):
        raise invalid("Invalid object", "billing_cycle_anchor")
    anew = forms.choice(asked, "type", ("now", "unchanged"), "now") == "now"
    _drop_earlier(account, subscription)
    made = _next_period(account, subscription, anew=anew, params=params)
    if not made and not invoices.pending(account, id):
        statuses.resume(account, subscription)
        return subscription
    invoice = invoices.store(account, invoices.draft(account, subscription, made, "subscription_update"))
    invoices.finalize(account, invoice)
    subscription["_resumes_with"] = invoice["id"]
    if waits:
        account.due(account.time_of(subscription) + dunning.HELD // 2, "retry", invoice)
        account.due(account.time_of(subscription) + dunning.HELD, "void_resumption", invoice)
    outcome = dunning.collect(account, invoice, automatic=False)
    if outcome != payments.PAID and not waits:
        statuses.resume(account, subscription, "past_due")
    return subscription


def _drop_earlier(account: Account, subscription: Thing) -> None:
    earlier = account.objects.get(subscription.get("_resumes_with") or "")
    if earlier and earlier["status"] == "open":
        invoices.void(account, earlier)


def _next_period(account: Account, subscription: Thing, *, anew: bool, params: Mapping[str, Any]) -> list[Thing]:
    now = account.time_of(subscription)
    items = subscription["items"]["data"]
    currency, tax = subscription["currency"], account.tax_of(subscription)
    if anew:
        renewals.begin_anew(account, subscription, now)
        return lines.in_advance(items, currency, tax)
    proration = forms.choice(
        params, "proration_behavior", ("create_prorations", "always_invoice", "none"), "create_prorations"
    )
    over = [item for item in items if item["current_period_end"] <= now]
    while any(item["current_period_end"] <= now for item in over):
        renewals.move_on(account, subscription, [item for item in over if item["current_period_end"] <= now], now)
    at = forms.whole(params, "proration_date", now)
    made = [] if proration == "none" else lines.prorated([], items, at, currency, tax)
    coupons.refuse_prorations(subscription, made)
    return made


@due("void_resumption")
def void_resumption(account: Account, invoice: Thing) -> None:
    if invoice["status"] == "open":
        invoices.void(account, invoice)
