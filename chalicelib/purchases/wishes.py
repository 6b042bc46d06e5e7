"""What an agency wishes of the subscription it has: to pay, to end it or not, to pause it or to go on.

Each may be asked of Stripe twice: what is paid, paused or ended already is so once. So none has a key of ours: Stripe
gives the first answer to a key again, a refusal too, and whoever has a new card tries again at once.
"""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib import errors
from chalicelib.access.actors import Actor
from chalicelib.billing import refreshes, stripe
from chalicelib.billing.values import mapping
from chalicelib.plans.subscriptions import Contract
from chalicelib.purchases import calls
from chalicelib.store.models.plans import StoredSubscription

Ask = Callable[[Any, Contract], object]


def cancel(actor: Actor, now: int, *, feedback: str = "", comment: str = "") -> StoredSubscription:
    """Ends the subscription with the period that is paid. Raises Conflict if there is none."""
    details = {name: text for name, text in (("feedback", feedback), ("comment", comment)) if text}

    def ask(services: Any, contract: Contract) -> object:
        more: Mapping[str, Any] = {"cancellation_details": details} if details else {}
        return stripe.call(services.update, contract.id, cancel_at="max_period_end", **more)

    return _done(actor, now, ask)


def reactivate(actor: Actor, now: int) -> StoredSubscription:
    """Takes back that it ends. Raises Conflict if it does not."""

    def ask(services: Any, contract: Contract) -> object:
        if not contract.ends_at:
            raise errors.Conflict("The subscription does not end.", code="not_ending")
        return stripe.call(services.update, contract.id, cancel_at="")

    return _done(actor, now, ask)


def pause(actor: Actor, now: int) -> StoredSubscription:
    """Nothing is invoiced until it goes on, and nothing is sent. Raises Conflict unless it is paid."""

    def ask(services: Any, contract: Contract) -> object:
        if contract.status != "active":
            raise errors.Conflict("Only a paid subscription can be paused.", code="not_active")
        return stripe.call(services.pause, contract.id, type="subscription")

    return _done(actor, now, ask)


def resume(actor: Actor, now: int) -> StoredSubscription:
    """Goes on after a pause, once it is paid.

    Raises Conflict if it is not paused, PaymentRequired if it is not paid: then it stays so.
    """

    def ask(services: Any, contract: Contract) -> object:
        if contract.status != "paused":
            raise errors.Conflict("The subscription is not paused.", code="not_paused")
        done = stripe.call(
            services.resume, contract.id, payment_behavior="resume_on_payment_success", expand=["latest_invoice"]
        )
        if done.get("status") == "paused":
            raise calls.unpaid(calls.client(), mapping(done.get("latest_invoice")))
        return done

    return _done(actor, now, ask)


def pay(actor: Actor, now: int, invoice: str = "") -> StoredSubscription:
    """Pays an open invoice, the oldest if none is named.

    Raises Conflict if nothing is open, PaymentRequired if the card is declined or its bank wants to be asked first.
    """
    customer, _ = calls.live(actor.agency, now)
    client = calls.client()
    with calls.answered():
        listed = stripe.call(client.v1.invoices.list, customer=customer, status="open", limit=100)["data"]
        wanted = [each for each in listed if invoice in ("", each["id"])]
        if not wanted:
            raise errors.Conflict("Nothing is open.", code="nothing_open")
        oldest = min(wanted, key=lambda each: each["created"])
        try:
            stripe.call(client.v1.invoices.pay, oldest["id"])
        finally:
            paid = refreshes.refresh(actor.agency, now, client=client)
    return paid


def _done(actor: Actor, now: int, ask: Ask) -> StoredSubscription:
    _, contract = calls.live(actor.agency, now)
    client = calls.client()
    with calls.answered():
        ask(client.v1.subscriptions, contract)
        return refreshes.refresh(actor.agency, now, client=client)
