"""Collecting an invoice, trying again, and what this does to the subscription."""

from collections.abc import Mapping
from typing import Any

from local.stripe import cards, forms, invoices, payments, statuses
from local.stripe.accounts import Account, Thing
from local.stripe.calls import call, due
from local.stripe.payments import ACTION, CARDLESS, LOST, PAID
from local.stripe.refusals import Refused, declined

DAY = 86400
HELD = 23 * 3600  # how long a first payment, a pending update or a resumption may wait


def collect(
    account: Account, invoice: Thing, *, card: Thing | None = None, passed: bool | None = None, automatic: bool = True
) -> str:
    """One try to collect the invoice. Events, the next try and the subscription's status follow from its outcome."""
    subscription = account.objects[invoice["_subscription"]]
    card = card or cards.paying(account, subscription, account.objects[invoice["customer"]])
    outcome = payments.attempt(account, invoice, card, passed=passed)
    if automatic or not invoice["attempted"]:
        invoice["attempt_count"] += 1 if invoice["amount_due"] else 0
    invoice["attempted"] = True
    if outcome == PAID:
        settle(account, invoice)
        return outcome
    if outcome == ACTION:
        account.emit("invoice.payment_action_required", invoice)
    if automatic:
        _failed(account, invoice, subscription, outcome)
    account.emit("invoice.payment_failed", invoice)
    return outcome


def _failed(account: Account, invoice: Thing, subscription: Thing, outcome: str) -> None:
    if invoice["billing_reason"] != "subscription_cycle" or subscription["status"] in statuses.OVER:
        return
    now, settings = account.time_of(invoice), account.settings
    invoice.setdefault("_first_failure", now)
    if subscription["status"] in ("active", "trialing"):
        statuses.change(account, subscription, "past_due")
    days = settings["retry_days"]
    if settings["after_retries"] == "pause" and settings["pause_after"] == "first" and invoice["_retried"] == 0:
        statuses.pause(account, subscription, "first_payment_failure")
    hopeless = outcome in (LOST, CARDLESS)  # nothing is tried before another card is there; the schedule runs on
    if invoice["_retried"] < len(days):
        at = invoice["_first_failure"] + days[invoice["_retried"]] * DAY
        invoice["next_payment_attempt"] = None if hopeless else at
        account.due(at, "retry", invoice)
    else:
        invoice["next_payment_attempt"] = None
        _give_up(account, subscription)


def _give_up(account: Account, subscription: Thing) -> None:
    end = account.settings["after_retries"]
    if subscription["status"] != "past_due":
        return
    if end == "pause":
        statuses.pause(account, subscription, "final_payment_failure")
    elif end == "unpaid":
        statuses.change(account, subscription, "unpaid")
    elif end == "cancel":
        statuses.end(account, subscription, "payment_failed")


@due("retry")
def retry(account: Account, invoice: Thing) -> None:
    subscription = account.objects[invoice["_subscription"]]
    if invoice["status"] != "open" or not invoice["auto_advance"] or subscription["status"] in statuses.OVER:
        return
    invoice["_retried"] += 1
    card = cards.paying(account, subscription, account.objects[invoice["customer"]])
    if card is None or card["_does"] == "lost":
        _failed(account, invoice, subscription, CARDLESS)
        return
    collect(account, invoice)


@due("finalize")
def finalize_due(account: Account, invoice: Thing) -> None:
    """Finalizes and collects a renewal's draft after its hour."""
    if invoice["status"] == "draft" and invoice["auto_advance"]:
        invoices.finalize(account, invoice)
        collect(account, invoice)


def settle(account: Account, invoice: Thing) -> None:
    """Marks the invoice as paid."""
    now = account.time_of(invoice)
    due_now = invoice["amount_due"]
    invoice.update(status="paid", amount_paid=due_now, amount_remaining=0, next_payment_attempt=None)
    invoice["status_transitions"] = {**invoice["status_transitions"], "paid_at": now}
    for payment in invoice["_more"]["payments"]["data"]:
        payment.update(amount_paid=due_now, status="paid", status_transitions={"canceled_at": None, "paid_at": now})
        account.emit("invoice_payment.paid", payment)
    account.emit("invoice.paid", invoice)
    account.emit("invoice.payment_succeeded", invoice)
    _after_paid(account, invoice, account.objects[invoice["_subscription"]])


def _after_paid(account: Account, invoice: Thing, subscription: Thing) -> None:
    status = subscription["status"]
    if subscription.get("_pending_invoice") == invoice["id"]:
        apply_pending(account, subscription)
    elif status == "incomplete":
        statuses.change(account, subscription, "active")
    elif subscription.get("_resumes_with") == invoice["id"]:
        if status == "paused":
            statuses.resume(account, subscription)
    elif status in ("past_due", "unpaid") and not _has_open_invoices(account, subscription):
        statuses.change(account, subscription, "active")
    elif _waits_for_money(account, subscription) and not _has_open_invoices(account, subscription):
        statuses.resume(account, subscription)


def _waits_for_money(account: Account, subscription: Thing) -> bool:
    return bool(account.settings["resume_when_paid"] and "payment_failure" in (statuses.paused_for(subscription) or ""))


def _has_open_invoices(account: Account, subscription: Thing) -> bool:
    held = subscription.get("_pending_invoice")
    every = account.all("invoice", _subscription=subscription["id"], status="open")
    return any(invoice["id"] != held for invoice in every)


def apply_pending(account: Account, subscription: Thing) -> None:
    """Makes the change that waited for a payment."""
    after = subscription["_pending_items"]
    previous = {"items": account.shown(subscription["items"]), "pending_update": subscription["pending_update"]}
    subscription.update({**subscription["_pending_fields"], "pending_update": None, "_pending_invoice": None})
    subscription["items"] = {**subscription["items"], "data": after, "total_count": len(after)}
    for item in after:
        account.objects[item["id"]] = item
        account.due(item["current_period_end"], "renew", subscription)
    account.emit("customer.subscription.pending_update_applied", subscription)
    account.emit("customer.subscription.updated", subscription, previous)


@call("POST", "/v1/invoices/{}/pay", "payment_method paid_out_of_band off_session forgive")
def pay(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    invoice = account.get("invoice", id)
    if invoice["status"] == "draft":
        invoices.finalize(account, invoice)
    if invoice["status"] != "open":
        paid = invoice["status"] == "paid"
        raise Refused(f"Invoice is already {invoice['status']}" if paid else f"Invoice is {invoice['status']}",
                      code="invoice_already_paid" if paid else "invoice_not_editable")  # fmt: skip
    if forms.truth(params, "paid_out_of_band"):
        settle(account, invoice)
        return invoice
    method = params.get("payment_method")
    card = cards.of(account, method) if method else None
    refuse_unpaid(account, invoice, collect(account, invoice, card=card, automatic=False), "invoice")
    return invoice


def refuse_unpaid(account: Account, invoice: Thing, outcome: str, what: str) -> None:
    """Refuses with 402 unless it is paid; without any card with 400. `what` was to be paid; it is part of the code if
    3DS is missing.
    """
    if outcome == CARDLESS:
        raise Refused("There is no default_payment_method set on this Customer or Invoice.", code="missing")
    if outcome == ACTION:
        raise declined("authentication_required", account.shown(payments.intent_of(account, invoice)),
                       code=f"{what}_payment_intent_requires_action")  # fmt: skip
    if outcome != PAID:
        raise declined("lost_card" if outcome == LOST else "generic_decline",
                       account.shown(payments.intent_of(account, invoice)))  # fmt: skip


@call("POST", "/v1/invoices/{}/finalize", "auto_advance")
def finalize(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    invoice = invoices.finalize(account, account.get("invoice", id))
    if forms.truth(params, "auto_advance", default=invoice["auto_advance"]):
        collect(account, invoice)
    return invoice


@call("POST", "/v1/invoices/{}/void")
def void(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    invoice = invoices.void(account, account.get("invoice", id))
    subscription = account.objects[invoice["_subscription"]]
    if subscription.get("_pending_invoice") == id:
        account.changed("customer.subscription.updated", subscription, pending_update=None, _pending_invoice=None)
    return invoice


@call("POST", "/v1/invoices/{}/mark_uncollectible")
def mark_uncollectible(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    invoice = account.get("invoice", id)
    if invoice["status"] != "open":
        raise Refused("Only an open invoice can be marked as uncollectible.", code="invoice_not_editable")
    now = account.time_of(invoice)
    invoice.update(status="uncollectible", auto_advance=False, next_payment_attempt=None)
    invoice["status_transitions"] = {**invoice["status_transitions"], "marked_uncollectible_at": now}
    account.emit("invoice.marked_uncollectible", invoice)
    return invoice
