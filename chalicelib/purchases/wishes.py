"""What an agency asks for its subscription as a whole: to end or continue, to pause or resume."""

from collections.abc import Mapping
from typing import Any

from chalicelib import errors
from chalicelib.access.actors import Actor
from chalicelib.billing import refreshes, stripe
from chalicelib.billing.values import mapping
from chalicelib.plans import records
from chalicelib.plans.subscriptions import Contract, Subscription
from chalicelib.purchases import claims, invoices
from chalicelib.store.models.plans import StoredSubscription

FEEDBACK = (
    "customer_service", "low_quality", "missing_features", "other", "switched_service", "too_complex",
    "too_expensive", "unused",
)  # fmt: skip


def cancel(actor: Actor, details: Mapping[str, str], now: int, client: Any) -> None:
    """It ends with its longest period, so that yearly and monthly parts end together."""
    stored, known, contract = _live_contract(actor.agency, now)
    if known.ending:
        raise errors.Conflict("The subscription is already cancelled.", code="already_ending")
    if contract.status == "paused":
        raise errors.Conflict("The subscription is paused. Resume it first.", code="subscription_paused")
    key = claims.take(actor, stored, "cancel", now)
    more = {"cancellation_details": dict(details)} if details else {}
    _update(client, contract, key, cancel_at="max_period_end", **more)
    refreshes.refresh(actor.agency, now, client=client)


def reactivate(actor: Actor, now: int, client: Any) -> None:
    stored, known, contract = _live_contract(actor.agency, now)
    if not known.ending:
        raise errors.Conflict("The subscription is not cancelled.", code="not_ending")
    _update(client, contract, claims.take(actor, stored, "reactivate", now), cancel_at="")
    refreshes.refresh(actor.agency, now, client=client)


def pause(actor: Actor, now: int, client: Any) -> None:
    stored, known, contract = _live_contract(actor.agency, now)
    if contract.status not in ("active", "trialing"):
        raise errors.Conflict("Only a subscription that is active or on trial can be paused.", code="not_active")
    if known.ending:
        raise errors.Conflict("The subscription is already cancelled.", code="already_ending")
    key = claims.take(actor, stored, "pause", now)
    stripe.call(client.v1.subscriptions.pause, contract.id, key=key, type="subscription")
    refreshes.refresh(actor.agency, now, client=client)


def resume(actor: Actor, now: int, client: Any) -> None:
    """It continues once it is paid. Raises PaymentRequired if the payment fails: then it stays paused."""
    stored, _, contract = _live_contract(actor.agency, now)
    if contract.status != "paused":
        raise errors.Conflict("The subscription is not paused.", code="not_paused")
    key = claims.take(actor, stored, "resume", now)
    method = client.v1.subscriptions.resume
    stripe.call(method, contract.id, key=key, payment_behavior="resume_on_payment_success")
    after = records.of(refreshes.refresh(actor.agency, now, client=client)).contract
    if after and after.status == "paused":
        latest = stripe.call(client.v1.subscriptions.retrieve, contract.id, expand=["latest_invoice"])
        raise invoices.unpaid(client, mapping(latest.get("latest_invoice")))


def _live_contract(agency: str, now: int) -> tuple[StoredSubscription, Subscription, Contract]:
    stored = records.load(agency, now)
    known = records.of(stored)
    if known.contract is None or not known.contract.is_live:
        raise errors.Conflict("The agency has no subscription, or it has ended.", code="no_subscription")
    return stored, known, known.contract


def _update(client: Any, contract: Contract, key: str, **params: Any) -> None:
    stripe.call(client.v1.subscriptions.update, contract.id, key=key, **params)
