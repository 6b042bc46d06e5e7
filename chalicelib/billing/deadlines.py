"""The moments at which a subscription changes by time alone, and the letters that are due; both follow from its facts.

So nothing here stores what was sent: whoever sends a letter marks its kind and subject, and sends each once.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from chalicelib import clock
from chalicelib.billing.states import GRACE, KEPT_AFTER_END
from chalicelib.plans.spending import CHARGES, Use
from chalicelib.plans.subscriptions import Subscription

Kind = Literal[
    "trial_ending", "trial_ended", "started", "grace", "restricted", "restored", "suspend_soon", "suspended", "ending",
    "ended", "paused", "resumed", "change_failed", "dispute_opened", "double_subscription", "limit_near",
    "limit_reached", "cap_reached", "charges_reached",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Letter:
    """An e-mail to be sent at a moment. Only one is sent per kind and `subject`, the id of what it is about."""

    kind: Kind
    subject: str
    at: int


def changes_at(subscription: Subscription) -> int:
    """When time alone changes the state or the level; 0 if it never does."""
    contract = subscription.contract
    if subscription.state == "trialing":
        return subscription.trial_ends_at
    if subscription.state == "past_due":
        return subscription.grace_until
    if subscription.state == "restricted":
        return subscription.suspends_at
    if subscription.state == "cancelled" and subscription.level == "restricted" and contract:
        return contract.ended_at + KEPT_AFTER_END
    return 0


def deadlines(subscription: Subscription) -> tuple[int, ...]:
    """All moments, past or future, at which the subscription has to be looked at again."""
    moments = {changes_at(subscription), subscription.ending, subscription.pending}
    moments |= {letter.at for letter in _all_letters(subscription)}
    return tuple(sorted(moments - {0}))


def next_look(subscription: Subscription, now: int) -> int:
    """The first deadline after now, or 0."""
    return next((moment for moment in deadlines(subscription) if moment > now), 0)


def letters(subscription: Subscription, now: int) -> tuple[Letter, ...]:
    """The letters that should have been sent by now. Of a series with ever less time left, only the latest."""
    due = {
        (letter.kind, letter.subject.partition(".")[0]): letter
        for letter in sorted(_all_letters(subscription), key=lambda letter: letter.at)
        if letter.at <= now
    }
    return tuple(due.values())


def letters_of_uses(uses: Iterable[Use], now: int) -> tuple[Letter, ...]:
    """The letters about what is used up, each once in a period."""
    return tuple(Letter(kind, f"{use.name}-{use.period}", now) for use in uses for kind in _kinds_of_use(use))


def _kinds_of_use(use: Use) -> Iterator[Kind]:
    if use.name == CHARGES:
        if use.is_reached:
            yield "charges_reached"
        return
    if use.is_near:
        yield "limit_reached" if use.is_reached else "limit_near"
    if use.is_most_reached and use.most != use.allowed:
        yield "cap_reached"


def _all_letters(subscription: Subscription) -> Iterator[Letter]:
    yield from SCHEDULES[subscription.state](subscription)
    contract = subscription.contract
    if subscription.double and contract:
        yield Letter("double_subscription", contract.id, subscription.since)
    for dispute, status in subscription.disputes.items():
        if status == "open":
            yield Letter("dispute_opened", dispute, subscription.since)


def _series(kind: Kind, about: int | str, start: int, *days: int) -> Iterator[Letter]:
    """One letter for each of the days after the start; negative days are before it."""
    return (Letter(kind, f"{about}.{day}", start + day * clock.DAY) for day in days)


def _trialing(subscription: Subscription) -> Iterator[Letter]:
    return _series("trial_ending", subscription.trial_ends_at, subscription.trial_ends_at, -3, -1)


def _free(subscription: Subscription) -> Iterator[Letter]:
    if not subscription.contract:
        yield from _series("trial_ended", subscription.trial_ends_at, subscription.trial_ends_at, 0)


def _active(subscription: Subscription) -> Iterator[Letter]:
    contract = subscription.contract
    if contract:
        yield Letter("started", contract.id, subscription.since)
    if contract and subscription.ending:
        yield Letter("ending", f"{contract.id}-{subscription.ending}.wish", subscription.since)
        yield from _series("ending", f"{contract.id}-{subscription.ending}", subscription.ending, -7)
    if subscription.restored_at:
        kind: Kind = "resumed" if subscription.restored_from == "paused" else "restored"
        yield Letter(kind, str(subscription.restored_at), subscription.restored_at)
    if subscription.change_failed_at:
        yield Letter("change_failed", str(subscription.change_failed_at), subscription.change_failed_at)


def _past_due(subscription: Subscription) -> Iterator[Letter]:
    failed_at = subscription.grace_until - GRACE
    return _series("grace", failed_at, failed_at, 7, 12)


def _restricted(subscription: Subscription) -> Iterator[Letter]:
    since, end = subscription.since, subscription.suspends_at
    ended = subscription.reason == "trial_ended" and not subscription.contract
    yield from _series("trial_ended" if ended else "restricted", since, since, 0, 7, 30)
    yield from _series("suspend_soon", end, end, -14, -2)


def _suspended(subscription: Subscription) -> Iterator[Letter]:
    return _series("suspended", subscription.since, subscription.since, 0)


def _paused(subscription: Subscription) -> Iterator[Letter]:
    return _series("paused", subscription.since, subscription.since, 0)


def _cancelled(subscription: Subscription) -> Iterator[Letter]:
    return _series("ended", subscription.since, subscription.since, 0)


SCHEDULES = {
    "trialing": _trialing,
    "free": _free,
    "active": _active,
    "past_due": _past_due,
    "restricted": _restricted,
    "suspended": _suspended,
    "paused": _paused,
    "cancelled": _cancelled,
}
