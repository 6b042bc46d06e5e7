"""What an agency may do: its limits, its features, and which classes of operations its level allows.

Reading, and whatever comes from the networks, is always allowed and not checked here.
"""

from dataclasses import dataclass
from typing import Any

from chalicelib import clock, errors
from chalicelib.plans import plans
from chalicelib.plans.subscriptions import LEVELS, Subscription

# By class of an operation, the levels at which it is allowed.
ALLOWED = {
    "never": frozenset(LEVELS),
    "protect": frozenset(LEVELS),
    "work": frozenset({"full", "restricted"}),
    "outbound": frozenset({"full"}),
    "grow": frozenset({"full"}),
}
HREFS = {
    "pay": "/v1/billing/pay",
    "add_card": "/v1/billing/portal",
    "choose_plan": "/v1/billing/checkout",
    "buy": "/v1/billing/subscription",
    "resume": "/v1/billing/resume",
    "contact": "",
    "raise_cap": "/v1/billing/settings",
}


@dataclass(frozen=True)
class Entitlements:
    """What an agency may do under its subscription. `action` is what would raise its level, empty if nothing has to be
    done.

    `since` is when the reason for the level began. `disputed` forbids growth and nothing else. `stop` is the limit that
    is used up, so that nothing may be sent; `charged` likewise for networks that charge for messages.
    """

    state: str
    level: str
    reason: str
    since: int
    plan: str
    limits: plans.Limits
    features: frozenset[str]
    disputed: bool
    action: str
    stop: plans.Excess | None = None
    charged: plans.Excess | None = None


OPEN = Entitlements("open", "full", "", 0, "", plans.Limits(), frozenset(), disputed=False, action="")


def entitlements(
    subscription: Subscription | None, stop: plans.Excess | None = None, charged: plans.Excess | None = None
) -> Entitlements:
    """What a subscription allows. None is for an agency while billing is off: nothing is limited.

    `stop` is the limit that is used up, so that nothing may be sent; `charged` likewise for networks that charge for
    messages.
    """
    if subscription is None:
        return OPEN
    plan = plans.of(subscription.plan) or plans.FREE
    return Entitlements(
        state=subscription.state,
        level=subscription.level,
        reason=subscription.reason,
        since=subscription.since,
        plan=plan.key,
        limits=plan.limits_of(subscription.quantities),
        features=plan.features,
        disputed=subscription.disputed,
        action=_action(subscription),
        stop=stop,
        charged=charged,
    )


def allowed(pays: str, level: str) -> bool:
    """True if the level allows operations of that class. Raises KeyError for an unknown class."""
    return level in ALLOWED[pays]


def permits(given: Entitlements, pays: str) -> bool:
    """True if an operation of that class is allowed now; the limits of seats, brands and channels are not checked."""
    hindered = given.disputed if pays == "grow" else given.stop is not None and pays == "outbound"
    return allowed(pays, given.level) and not hindered


def refusal(given: Entitlements, limit: plans.Excess | None = None, *, may_pay: bool = False) -> errors.PaymentRequired:
    """The 402 for a refusal because of the level or of a limit. `may_pay`: this caller may change what the agency pays
    for.
    """
    code, detail = "subscription_read_only", "The subscription only allows reading now."
    if limit:
        code, detail = "limit_reached", "The plan allows no more of what `limit` names."
    elif given.level != "read_only":
        code, detail = "subscription_restricted", "The subscription does not allow this operation now."
    kind = _action_for_more(given, limit.name) if limit else given.action or "contact"
    more: dict[str, Any] = {
        "state": given.state,
        "level": given.level,
        "reason": given.reason or ("disputed" if given.disputed else ""),
        "since": clock.text(given.since),
        "action": {"kind": kind, "href": HREFS[kind], "allowed": may_pay},
    }
    if limit:
        more["limit"] = {"name": limit.name, "allowed": limit.allowed, "used": limit.used, "plan": given.plan}
    return errors.PaymentRequired(detail, code=code, more=more)


def _action_for_more(given: Entitlements, name: str) -> str:
    """The action that gives more: seats and brands can be added to a paid plan, the rest takes another plan."""
    if name in ("messages", "network_charges"):
        return "raise_cap"
    paid = given.state in ("active", "past_due")
    return "buy" if paid and name in plans.SOLD else "choose_plan"


def _action(subscription: Subscription) -> str:
    if subscription.reason == "dispute_lost" and not _is_over(subscription):
        return "contact"
    if subscription.state == "paused":
        return "resume"
    if subscription.state in ("cancelled", "restricted", "suspended") and _is_over(subscription):
        return "choose_plan"
    if subscription.reason == "trial_ended":
        return "add_card"
    return "pay" if subscription.reason == "payment_failed" else ""


def _is_over(subscription: Subscription) -> bool:
    return subscription.contract is None or not subscription.contract.is_live
