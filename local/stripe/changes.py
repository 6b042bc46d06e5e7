"""Changes of a subscription: what one would cost, making it, and waiting for its payment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local.stripe import coupons, dunning, endings, forms, invoices, lines, payments, periods, statuses
from local.stripe.accounts import Account, Thing
from local.stripe.calls import call, due
from local.stripe.refusals import Refused, invalid
from local.stripe.subscriptions import BEHAVIOURS, COMMON, ITEM, item_of, keep_items, period_end

PRORATIONS = ("create_prorations", "always_invoice", "none")
# What may be passed together with `pending_if_incomplete`.
MAY_WAIT = {"items", "billing_cycle_anchor", "proration_behavior", "proration_date", "payment_behavior", "trial_end",
            "trial_from_plan", "metadata", "expand"}  # fmt: skip
CHANGE = f"items[].{ITEM} proration_date billing_cycle_anchor.type"


@dataclass(frozen=True)
class Change:
    """`items` are copies, `lines` what the change costs or credits, `fields` the new values of the subscription's
    fields.
    """

    items: list[Thing]
    lines: list[Thing]
    at: int
    now_due: bool
    fields: dict[str, Any] = field(default_factory=dict)


def planned(account: Account, subscription: Thing, params: Mapping[str, Any]) -> Change:
    """The change that the parameters ask for; nothing is changed yet."""
    now = account.time_of(subscription)
    before = subscription["items"]["data"]
    at = forms.whole(params, "proration_date", now)
    if before and not min(item["current_period_start"] for item in before) <= at:
        raise invalid("Invalid proration_date: it is before the current period.", "proration_date")
    if at > max(item["current_period_end"] for item in before):
        raise invalid("Invalid proration_date: it is after the current period.", "proration_date")
    proration = forms.choice(params, "proration_behavior", PRORATIONS, "create_prorations")
    after = _after(account, subscription, params, now)
    anchor = _anchor(subscription, params, before, after)
    fields: dict[str, Any] = {}
    if anchor:
        fields["billing_cycle_anchor"] = now
        for item in after:
            item.update(current_period_start=now, current_period_end=period_end(item["price"], now, now))
    if params.get("trial_end") == "now" and subscription["status"] == "trialing":
        fields.update(trial_end=now, status="active")
    currency, tax = subscription["currency"], account.tax_of(subscription)
    free = subscription["status"] == "trialing" and "status" not in fields
    made = [] if proration == "none" or free else lines.prorated(before, after, at, currency, tax)
    ends_trial = "status" in fields  # nothing was paid for it, so nothing is given back
    if anchor and (proration == "none" or ends_trial) and not free:
        made = lines.in_advance(after, currency, tax)
    if anchor:  # what was used of the periods that end here
        made = lines.in_arrears(account, before, subscription["customer"], currency, tax, until=now) + made
    coupons.refuse_prorations(subscription, made)
    return Change(after, made, at, bool(anchor) or proration == "always_invoice", fields)


def _after(account: Account, subscription: Thing, params: Mapping[str, Any], now: int) -> list[Thing]:
    after = {item["id"]: dict(item) for item in subscription["items"]["data"]}
    added = []
    for place, given in enumerate(params.get("items") or []):
        where = f"items[{place}]"
        if "id" not in given:
            added.append(_added(account, subscription, given, now, where))
            continue
        if given["id"] not in after:
            raise Refused(f"No such subscription item: '{given['id']}'", code="resource_missing", param=f"{where}[id]")
        if forms.truth(given, "deleted"):
            del after[given["id"]]
            continue
        item = after[given["id"]]
        if "price" in given and given["price"] != item["price"]["id"]:
            quantity = {} if item["quantity"] is None else {"quantity": given.get("quantity", item["quantity"])}
            new = item_of(account, subscription, {"price": given["price"], **quantity}, now, where)
            item.update({name: new[name] for name in ("price", "plan", "quantity")})
        elif "quantity" in given:
            if lines.is_metered(item):
                raise invalid("quantity must not be set for a metered price.", f"{where}[quantity]")
            item["quantity"] = forms.whole(given, "quantity", least=0)
        if "metadata" in given:
            item["metadata"] = forms.metadata(given, item["metadata"])
    items = [*after.values(), *added]
    prices = [item["price"]["id"] for item in items]
    if not items or len(items) > 20 or len(set(prices)) != len(prices):
        raise invalid("A subscription has 1 to 20 items, each of another price.", "items")
    return items


def _added(account: Account, subscription: Thing, given: Mapping[str, Any], now: int, where: str) -> Thing:
    """A new item joins the period of items with its interval."""
    item = item_of(account, subscription, given, now, where)
    recurring = item["price"]["recurring"]
    for other in subscription["items"]["data"]:
        if other["price"]["recurring"]["interval"] == recurring["interval"]:
            names = ("current_period_start", "current_period_end")
            return {**item, **{name: other[name] for name in names}}
    anchor = subscription["billing_cycle_anchor"]
    return {**item, "current_period_end": periods.ends(anchor, recurring["interval"], recurring["interval_count"], now)}


def _anchor(subscription: Thing, params: Mapping[str, Any], before: list[Thing], after: list[Thing]) -> bool:
    """True if the periods begin again: because it is asked for, or because a licensed item gets another interval."""
    asked = params.get("billing_cycle_anchor") or {}
    if asked and not isinstance(asked, dict):
        raise invalid("Invalid object", "billing_cycle_anchor")
    if asked and forms.choice(asked, "type", ("now", "unchanged"), "") == "now":
        return True
    had = {item["id"]: item["price"]["recurring"]["interval"] for item in before}
    moved = any(item["id"] in had and had[item["id"]] != item["price"]["recurring"]["interval"] for item in after)
    return moved or (params.get("trial_end") == "now" and subscription["status"] == "trialing")


@call("POST", "/v1/subscriptions/{}",
      f"{CHANGE} {COMMON} pause_collection.{{behavior,resumes_at}} "
      "cancellation_details.{comment,feedback}")  # fmt: skip
def update(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    subscription = account.get("subscription", id)
    _refuse(subscription, params)
    behaviour = forms.choice(params, "payment_behavior", BEHAVIOURS, "allow_incomplete")
    previous = account.shown(subscription)
    if set(params) & {"items", "billing_cycle_anchor", "trial_end"}:
        change = planned(account, subscription, params)
        if not _make_change(account, subscription, change, behaviour):
            return subscription
    endings.set_plain(account, subscription, params)
    after = account.shown(subscription)
    different = {name: previous.get(name) for name, value in after.items() if previous.get(name) != value}
    if different:
        account.emit("customer.subscription.updated", subscription, different)
    return subscription


def _refuse(subscription: Thing, params: Mapping[str, Any]) -> None:
    if subscription["status"] in statuses.OVER:
        allowed = {"cancellation_details", "metadata", "expand"}
        if set(params) - allowed:
            raise invalid("A canceled subscription can only update its cancellation_details and metadata.")
    if params.get("trial_end") not in (None, "now"):
        raise invalid("This double ends a trial `now`, and does not move its end.", "trial_end")
    if subscription["status"] == "paused" and "items" in params:
        raise invalid("A paused subscription cannot change its items; resume it first.", "items")
    waits = params.get("payment_behavior") == "pending_if_incomplete"
    if waits and (not_allowed := sorted(set(params) - MAY_WAIT)):
        raise invalid(f"{not_allowed[0]} cannot be used with payment_behavior=pending_if_incomplete.", not_allowed[0])
    if subscription["pending_update"] and "items" in params and not waits:
        raise invalid("This subscription has a pending update.", "items", "subscription_update_pending")


def _make_change(account: Account, subscription: Thing, change: Change, behaviour: str) -> bool:
    """Makes the change, with an invoice if one is due now. False if the change waits for its payment."""
    if not change.now_due or not change.lines:
        invoices.keep_pending(account, subscription, change.lines)
        _apply(account, subscription, change)
        return True
    before = {**subscription, "items": {**subscription["items"]}}
    _drop_pending(account, subscription)
    if behaviour != "pending_if_incomplete":
        _apply(account, subscription, change)
    invoice = invoices.draft(account, subscription, change.lines, "subscription_update", proration_date=change.at)
    invoices.store(account, invoice)
    invoices.finalize(account, invoice)
    if behaviour == "default_incomplete" and invoice["amount_due"]:
        payments.intent_of(account, invoice)
        subscription["status"] = "past_due"
        return True
    outcome = dunning.collect(account, invoice, automatic=False)
    if behaviour == "pending_if_incomplete":
        if outcome == payments.PAID:
            _apply(account, subscription, change)
        else:
            _wait(account, subscription, change, invoice)
        return outcome == payments.PAID
    if outcome != payments.PAID and behaviour == "error_if_incomplete":
        _undo(account, subscription, before, invoice)
        dunning.refuse_unpaid(account, invoice, outcome, "subscription")
    if outcome != payments.PAID and subscription["status"] == "active":
        subscription["status"] = "past_due"
    return True


def _undo(account: Account, subscription: Thing, before: Thing, invoice: Thing) -> None:
    invoices.void(account, invoice)
    subscription.update(before)
    keep_items(account, subscription, before["items"]["data"])


def _apply(account: Account, subscription: Thing, change: Change) -> None:
    subscription.update(change.fields)
    keep_items(account, subscription, change.items)


def _wait(account: Account, subscription: Thing, change: Change, invoice: Thing) -> None:
    """The change is made when the invoice is paid, or never."""
    expires = account.time_of(subscription) + dunning.HELD
    subscription.update(_pending_items=change.items, _pending_fields=change.fields, _pending_invoice=invoice["id"])
    pending = {
        "billing_cycle_anchor": change.fields.get("billing_cycle_anchor"), "expires_at": expires, "trial_end": None,
        "subscription_items": change.items, "trial_from_plan": None, "discounts": None, "metadata": None,
        "cancel_at_period_end": None,
    }  # fmt: skip
    account.changed("customer.subscription.updated", subscription, pending_update=pending)
    account.due(expires, "expire_pending", subscription)


def _drop_pending(account: Account, subscription: Thing) -> None:
    """A newer change replaces one that waits."""
    if subscription["pending_update"]:
        held = account.objects[subscription["_pending_invoice"]]
        subscription.update(pending_update=None, _pending_invoice=None)
        if held["status"] == "open":
            invoices.void(account, held)


@due("expire_pending")
def expire_pending(account: Account, subscription: Thing) -> None:
    pending = subscription["pending_update"]
    if pending and pending["expires_at"] <= account.time_of(subscription):
        _drop_pending(account, subscription)
        account.emit("customer.subscription.pending_update_expired", subscription, {"pending_update": pending})
