"""A subscription as the API shows it: to everybody what works and why, to who manages billing all of it."""

from collections.abc import Mapping
from typing import Any

from chalicelib import clock
from chalicelib.access.actors import Actor
from chalicelib.plans import entitlements, plans, records
from chalicelib.plans.entitlements import HREFS
from chalicelib.plans.plans import Holdings, Plan
from chalicelib.store.models.plans import StoredSubscription

MANAGE = "billing.manage"


def state(actor: Actor, stored: StoredSubscription, holdings: Holdings) -> Mapping[str, Any]:
    """For any member, without amounts: what the agency may do, and what would change it."""
    subscription = records.of(stored)
    given = entitlements.entitlements(subscription)
    limits = [
        {"name": name, "allowed": getattr(given.limits, name), "used": getattr(holdings, name)}
        for name in ("seats", "brands", "channels")
    ]
    may = actor.may(MANAGE, brand=None)
    notice = {"kind": given.action, "href": HREFS[given.action], "allowed": may} if given.action else None
    return {
        "state": given.state,
        "level": given.level,
        "reason": given.reason or None,
        "since": clock.text(given.since),
        "until": _moment(_until(stored)),
        "limits": limits,
        "notice": notice,
    }


def _until(stored: StoredSubscription) -> int:
    subscription = records.of(stored)
    if subscription.state == "trialing":
        return subscription.trial_ends_at
    return subscription.grace_until or subscription.suspends_at or subscription.ending


def view(actor: Actor, stored: StoredSubscription, holdings: Holdings) -> Mapping[str, Any]:
    """For who manages billing."""
    subscription = records.of(stored)
    contract, card = subscription.contract, subscription.card
    return {
        **state(actor, stored, holdings),
        "plan": subscription.plan,
        "interval": contract.interval or None if contract else None,
        "currency": contract.currency or None if contract else None,
        "quantities": dict(subscription.quantities),
        "period_end": _moment(contract.period_end if contract else 0),
        "ends_at": _moment(subscription.ending),
        "trial_ends_at": _moment(subscription.trial_ends_at),
        "pending_until": _moment(subscription.pending),
        "card": {"brand": card.brand, "last4": card.last4, "expires": card.expires} if card else None,
        "disputed": subscription.disputed,
        "overage": stored.overage,
        "cap": stored.cap,
        "contacts": list(stored.contacts),
        "version": stored.version,
    }


def plan(plan: Plan, currency: str) -> Mapping[str, Any]:
    """What can be bought, with its prices in a currency's smallest unit, without tax."""
    return {
        "plan": plan.key,
        "name": plan.name,
        "limits": {name: getattr(plan.limits, name) for name in ("seats", "brands", "channels", "sent")},
        "prices": [
            {
                "item": part.name,
                "interval": interval,
                "included": part.included,
                "amount": str(part.price(interval, currency)),
                "metered": part.metered,
            }
            for part in plan.components
            for interval in (plans.INTERVALS[:1] if part.metered else plans.INTERVALS)
        ],
        "currency": currency,
    }


def _moment(at: int) -> str | None:
    return clock.text(at) if at else None
