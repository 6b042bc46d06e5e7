"""What people see of a subscription: all members what works and why, those who may manage billing its details, too."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from chalicelib import clock
from chalicelib.billing import deadlines
from chalicelib.plans import plans, records
from chalicelib.plans.entitlements import HREFS, entitlements
from chalicelib.plans.plans import Holdings
from chalicelib.plans.spending import Use
from chalicelib.plans.subscriptions import Subscription
from chalicelib.store.models.plans import StoredSubscription

LIMITED = ("seats", "brands", "channels")
Shown = Mapping[str, Any]


def state(known: Subscription, holdings: Holdings, uses: Iterable[Use] = (), *, may_pay: bool) -> dict[str, Any]:
    """Without amounts. `until` is when time alone changes the state; `notice` is the action that
    would raise the level.
    """
    given = entitlements(known)
    limits = [
        {"name": name, "allowed": getattr(given.limits, name), "used": getattr(holdings, name)} for name in LIMITED
    ]
    limits += [{"name": use.name, "allowed": use.allowed, "used": use.used} for use in uses]
    notice = {"kind": given.action, "href": HREFS[given.action], "allowed": may_pay} if given.action else None
    return {
        "state": given.state,
        "level": given.level,
        "reason": given.reason,
        "since": clock.text(given.since),
        "until": _moment(deadlines.changes_at(known)),
        "limits": limits,
        "notice": notice,
    }


def view(stored: StoredSubscription, holdings: Holdings, uses: Iterable[Use] = ()) -> Shown:
    known = records.of(stored)
    contract = known.contract
    return {
        **state(known, holdings, uses, may_pay=True),
        "plan": known.plan,
        "interval": contract.interval if contract else "",
        "currency": contract.currency if contract else "",
        "quantities": dict(known.quantities),
        "period_end": _moment(contract.period_end if contract else 0),
        "ends_at": _moment(known.ending),
        "next_interval": stored.wanted["interval"] if stored.wanted else "",
        "trial_ends_at": _moment(known.trial_ends_at if known.state == "trialing" else 0),
        "card": asdict(known.card) if known.card else None,
        "pending_until": _moment(known.pending),
        "disputed": known.disputed,
        "overage": stored.overage,
        "cap": stored.cap,
        "network_cap": stored.network_cap,
        "contacts": list(stored.contacts),
        "version": stored.version,
    }


def catalogue(currency: str) -> Shown:
    """The plans that can be bought. Amounts are in the currency's smallest unit, without tax."""
    return {"items": [_plan(plan, currency) for plan in plans.PLANS.values()]}


def _plan(plan: plans.Plan, currency: str) -> Shown:
    return {
        "plan": plan.key,
        "name": plan.name,
        "currency": currency,
        "limits": asdict(plan.limits),
        "parts": [
            {
                "name": part.name,
                "included": part.included,
                "metered": part.metered,
                "prices": {each: str(part.price(each, currency)) for each in plans.INTERVALS},
            }
            for part in plan.components
        ],
    }


def _moment(at: int) -> str | None:
    return clock.text(at) if at else None
