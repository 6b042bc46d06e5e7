"""What an agency uses up: messages that its plan includes or its cap pays for; on the free plan, messages that it
sends.

Use is counted where it happens. Whether sending has to stop follows from it, the plan, and the agency's settings.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib import clock
from chalicelib.plans import allowances, plans
from chalicelib.plans.plans import Excess
from chalicelib.plans.subscriptions import Subscription
from chalicelib.store import keys, table
from chalicelib.store.models.plans import Metered, StoredSubscription
from chalicelib.store.models.requests import Quota

CHARGES = "network_charges"
NEAR = 80  # percent of what is allowed


@dataclass(frozen=True)
class Use:
    """How much of `name` was used in the period that began at `period` (ms).

    `allowed` is what the plan includes, `most` the number beyond which nothing more is billed or sent; None if there is
    none. With `stops`, sending stops at `most`.
    """

    name: str
    period: int
    allowed: int
    used: int
    most: int | None
    stops: bool

    @property
    def is_near(self) -> bool:
        return self.used * 100 >= self.allowed * NEAR

    @property
    def is_reached(self) -> bool:
        return self.used >= self.allowed

    @property
    def is_most_reached(self) -> bool:
        """True if nothing more is billed, or sent."""
        return self.most is not None and self.used >= self.most


def uses(stored: StoredSubscription, known: Subscription, now: int) -> tuple[Use, ...]:
    """All uses that are counted under this subscription."""
    return (*_sent_use(stored.pk, known, now), *_messages(stored, known), *_charges(stored, now))


def stopping_limit(stored: StoredSubscription, known: Subscription, now: int) -> Excess | None:
    """The limit because of which nothing can be sent although the subscription is in order. Only uses that can stop an
    agency are read.
    """
    counted = _messages(stored, known) if stored.overage == "stop_outbound" else ()
    for use in (*_sent_use(stored.pk, known, now), *counted):
        if use.stops and use.is_most_reached:
            return Excess(use.name, use.most or 0, use.used)
    return None


def reached_cap(stored: StoredSubscription, now: int) -> Excess | None:
    """The cap that is reached, so that nothing can be sent through networks that charge for messages; None if it is
    not.
    """
    return next((Excess(use.name, use.allowed, use.used) for use in _charges(stored, now) if use.is_reached), None)


def _charges(stored: StoredSubscription, now: int) -> Iterator[Use]:
    cap = stored.network_cap
    if cap is not None:
        used = stored.charged.get(allowances.period(month(now)), 0)
        yield Use(CHARGES, month(now), cap, used, cap, stops=True)


def month(now: int) -> int:
    """When the month (UTC) began, in ms."""
    return clock.parse(f"{clock.text(now)[:7]}-01T00:00:00Z")


def _sent_use(agency: str, known: Subscription, now: int) -> Iterator[Use]:
    limit = (plans.of(known.plan) or plans.FREE).limits.sent
    if limit is not None:
        yield Use("sent", month(now), limit, sent(agency, now), limit, stops=True)


def sent(agency: str, now: int) -> int:
    """How many messages were sent this month; 0 where they are not counted."""
    counted = table.get(Quota, agency, keys.quota("sent", month(now)))
    return counted.used if counted else 0


def _messages(stored: StoredSubscription, known: Subscription) -> Iterator[Use]:
    contract = known.contract
    plan = plans.of(known.plan)
    included = next((part.included for part in plan.components if part.metered), 0) if plan else 0
    if not contract or not included or not allowances.is_billed(contract):
        return
    metered = table.get(Metered, keys.within(stored.pk, keys.BILLING), keys.METERED) or Metered()
    used = metered.counted.get(allowances.period(contract.usage_since), 0)
    most = allowances.allowed(contract, stored.cap)
    yield Use("messages", contract.usage_since, included, used, most, stops=stored.overage == "stop_outbound")
