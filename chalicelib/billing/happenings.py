"""What happened to a subscription between two looks at it, as audit entries: each fact once.

They hold no card numbers, addresses or amounts.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib import clock
from chalicelib.billing.deadlines import Letter
from chalicelib.plans.subscriptions import Subscription

# What is said of a state that begins; to be active or free is said in other words.
_BEGINNINGS = {
    "past_due": "subscription.past_due",
    "restricted": "subscription.restrict",
    "suspended": "subscription.suspend",
    "paused": "subscription.pause",
    "cancelled": "subscription.end",
    "free": "subscription.end",
}

_LIMITS = {"limit_near": "limit.near", "limit_reached": "limit.reach", "cap_reached": "limit.cap",
           "charges_reached": "limit.reach"}  # fmt: skip
CHECKOUT_ENDS = 10 * clock.MINUTE


@dataclass(frozen=True)
class Happening:
    """An entry of the audit; an empty `target` means the agency itself."""

    action: str
    target: str = ""
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


def between(before: Subscription, after: Subscription) -> tuple[Happening, ...]:
    """All that happened between two states of a subscription; empty if nothing did."""
    return (*_of_state(before, after), *_of_contract(before, after), *_of_disputes(before, after))


def of_checkout(checkout: Mapping[str, Any] | None, before: Subscription, after: Subscription, now: int) -> str:
    """What came of the checkout page: `checkout.complete`, `checkout.expire`, or "" while it is still open.

    A payment in the page's last second is reported only after the page is over, so it expires here ten minutes later.
    """
    if not checkout or not checkout["url"]:
        return ""
    if _is_new(before, after):
        return "checkout.complete"
    return "checkout.expire" if now >= checkout["over_at"] + CHECKOUT_ENDS else ""


def of_letters(letters: Iterable[Letter]) -> tuple[Happening, ...]:
    """The audit entries for letters about limits."""
    return tuple(
        Happening(_LIMITS[letter.kind], after={"limit": letter.subject.partition("-")[0]})
        for letter in letters
        if letter.kind in _LIMITS
    )


def _of_state(before: Subscription, after: Subscription) -> Iterator[Happening]:
    begun = _is_new(before, after)
    if begun:
        yield Happening("subscription.start", after=_shown(after))
    if before.state == after.state:
        return
    if after.state in _BEGINNINGS:
        yield Happening(_BEGINNINGS[after.state], before=_standing(before), after=_standing(after))
    elif after.state == "active" and not begun:
        action = "subscription.resume" if before.state == "paused" else "subscription.restore"
        yield Happening(action, before=_standing(before), after=_standing(after))


def _is_new(before: Subscription, after: Subscription) -> bool:
    """True if there is a live contract, and it is another one than before."""
    if after.contract is None or not after.contract.is_live:
        return False
    return before.contract is None or before.contract.id != after.contract.id


def _of_contract(before: Subscription, after: Subscription) -> Iterator[Happening]:
    same = before.contract and after.contract and before.contract.id == after.contract.id
    if same and _shown(before) != _shown(after):
        yield Happening("subscription.change", before=_shown(before), after=_shown(after))
    if after.ending and after.ending != before.ending:
        yield Happening("subscription.cancel", after={"ends_at": after.ending})
    if same and before.ending and not after.ending and after.contract and after.contract.is_live:
        yield Happening("subscription.reactivate", before={"ends_at": before.ending})
    if after.double and not before.double:
        yield Happening("subscription.double")
    if after.card and before.card and after.card != before.card:
        yield Happening("payment_method.change")


def _of_disputes(before: Subscription, after: Subscription) -> Iterator[Happening]:
    for dispute in sorted(before.disputes.keys() | after.disputes.keys()):
        was, now = before.disputes.get(dispute, ""), after.disputes.get(dispute, "")
        if was == now:
            continue
        if now == "open":
            yield Happening("dispute.open", dispute)
        elif was == "open" or now == "lost":
            yield Happening("dispute.close", dispute, after={"outcome": now or "won"})


def _standing(subscription: Subscription) -> Mapping[str, Any]:
    return {"state": subscription.state, "level": subscription.level, "reason": subscription.reason}


def _shown(subscription: Subscription) -> Mapping[str, Any]:
    interval = subscription.contract.interval if subscription.contract else ""
    return {"plan": subscription.plan, "interval": interval, "quantities": dict(subscription.quantities)}
