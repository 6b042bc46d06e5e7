"""What happens to a subscription when a period, a trial or the subscription itself ends."""

from local.stripe import cards, dunning, invoices, lines, statuses
from local.stripe.accounts import Account, Thing
from local.stripe.calls import due
from local.stripe.subscriptions import period_end


@due("renew")
def renew(account: Account, subscription: Thing) -> None:
    """Begins the next period of every item whose period is over; one invoice for all of them."""
    now = account.time_of(subscription)
    over = [item for item in subscription["items"]["data"] if item["current_period_end"] <= now]
    if not over or subscription["status"] in (*statuses.OVER, "paused", "incomplete"):
        return
    if _ends_here(subscription, now):
        finish(account, subscription, "cancellation_requested")
        return
    trial_is_over = subscription["status"] == "trialing"
    if trial_is_over and not _leave_trial(account, subscription):
        return
    currency, tax = subscription["currency"], account.tax_of(subscription)
    used = [] if trial_is_over else lines.in_arrears(account, over, subscription["customer"], currency, tax)
    previous = {"items": account.shown(subscription["items"])}
    move_on(account, subscription, over, now)
    charged = lines.in_advance(over, currency, tax)
    invoice = invoices.draft(account, subscription, [*used, *charged], "subscription_cycle")
    if trial_is_over:
        subscription["status"] = "active"
        previous["status"] = "trialing"
    invoices.store(account, invoice)
    account.emit("customer.subscription.updated", subscription, previous)
    if subscription["status"] == "unpaid" or subscription["pause_collection"]:
        invoice["auto_advance"] = False
        return
    seconds = account.settings["draft_seconds"]
    invoice["automatically_finalizes_at"] = now + seconds
    account.due(now + seconds, "finalize", invoice)


def _leave_trial(account: Account, subscription: Thing) -> bool:
    """Without a card, the trial's settings decide what happens."""
    customer = account.objects[subscription["customer"]]
    behaviour = subscription["trial_settings"]["end_behavior"]["missing_payment_method"]
    if cards.paying(account, subscription, customer) or behaviour == "create_invoice":
        return True
    if behaviour == "pause":
        statuses.pause(account, subscription, "trial_end_without_payment_method")
    else:
        statuses.end(account, subscription, "cancellation_requested")
    return False


def move_on(account: Account, subscription: Thing, items: list[Thing], now: int) -> None:
    """Moves the items into the period, counted from the anchor, that contains `now`."""
    for item in items:
        item["current_period_start"] = item["current_period_end"]
        item["current_period_end"] = period_end(item["price"], subscription["billing_cycle_anchor"], now)
        account.due(item["current_period_end"], "renew", subscription)


def _ends_here(subscription: Thing, now: int) -> bool:
    return subscription["cancel_at"] is not None and subscription["cancel_at"] <= now


@due("cancel")
def cancel_due(account: Account, subscription: Thing) -> None:
    now = account.time_of(subscription)
    if subscription["status"] not in statuses.OVER and _ends_here(subscription, now):
        finish(account, subscription, "cancellation_requested")


def finish(account: Account, subscription: Thing, reason: str) -> None:
    """Ends the subscription, with a last invoice for usage and pending items."""
    now = account.time_of(subscription)
    statuses.end(account, subscription, reason)
    currency, tax = subscription["currency"], account.tax_of(subscription)
    items = subscription["items"]["data"]
    used = [
        line
        for line in lines.in_arrears(account, items, subscription["customer"], currency, tax, until=now)
        if line["quantity"]
    ]
    if used or invoices.pending(account, subscription["id"]):
        invoice = invoices.store(account, invoices.draft(account, subscription, used, "subscription_cycle"))
        account.due(now + account.settings["draft_seconds"], "finalize", invoice)


@due("restart")
def restart(account: Account, subscription: Thing) -> None:
    """After a payment resumed it: if its period is over meanwhile, a new one begins now."""
    now = account.time_of(subscription)
    items = subscription["items"]["data"]
    over = [item for item in items if item["current_period_end"] <= now]
    if subscription["status"] in (*statuses.OVER, "paused") or not over:
        return
    begin_anew(account, subscription, now)
    charged = lines.in_advance(items, subscription["currency"], account.tax_of(subscription))
    invoice = invoices.store(account, invoices.draft(account, subscription, charged, "subscription_cycle"))
    invoices.finalize(account, invoice)
    dunning.collect(account, invoice)


def begin_anew(account: Account, subscription: Thing, now: int) -> None:
    """Sets the anchor to now; every item begins a period."""
    subscription["billing_cycle_anchor"] = now
    for item in subscription["items"]["data"]:
        item["current_period_start"] = now
        item["current_period_end"] = period_end(item["price"], now, now)
        account.due(item["current_period_end"], "renew", subscription)
