"""Changes of a subscription's status, and their events."""

from local.stripe.accounts import Account, Thing

OVER = ("canceled", "incomplete_expired")
PAUSABLE = ("active", "trialing", "past_due", "unpaid")


def end(account: Account, subscription: Thing, reason: str) -> None:
    """Ends it for good; its open invoices are no longer collected."""
    now = account.time_of(subscription)
    for invoice in account.all("invoice", _subscription=subscription["id"]):
        if invoice["status"] in ("draft", "open"):
            invoice.update(auto_advance=False, next_payment_attempt=None)
    details = {**subscription["cancellation_details"], "reason": reason}
    subscription.update(
        status="canceled", canceled_at=subscription["canceled_at"] or now, ended_at=now, cancellation_details=details,
        pending_update=None, status_details={"paused": None},
    )  # fmt: skip
    account.emit("customer.subscription.deleted", subscription)


def expire(account: Account, subscription: Thing) -> None:
    ended = account.time_of(subscription)
    account.changed("customer.subscription.updated", subscription, status="incomplete_expired", ended_at=ended)


def pause(account: Account, subscription: Thing, type: str) -> None:
    """No invoices are made from now on; `type` is the reason."""
    paused = {"subscription": {"type": type}, "type": "subscription", "transitioned_at": account.time_of(subscription)}
    subscription.update(status="paused", status_details={"paused": paused})
    account.emit("customer.subscription.paused", subscription)


def resume(account: Account, subscription: Thing, status: str = "active") -> None:
    """Its periods are checked at once."""
    subscription.update(status=status, status_details={"paused": None}, _resumes_with=None)
    account.emit("customer.subscription.resumed", subscription)
    account.due(account.time_of(subscription), "restart", subscription)


def paused_for(subscription: Thing) -> str | None:
    paused = (subscription.get("status_details") or {}).get("paused")
    return paused["subscription"]["type"] if paused else None


def change(account: Account, subscription: Thing, status: str) -> None:
    account.changed("customer.subscription.updated", subscription, status=status)
