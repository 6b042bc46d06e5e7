"""How many messages are billed: all of them, until they would cost more than the agency's cap. Pure."""

from decimal import Decimal

from chalicelib import clock
from chalicelib.plans import plans
from chalicelib.plans.subscriptions import Contract

DEFAULT_CAP = 2  # times what the plan costs a month
COLLECTED = frozenset({"trialing", "active", "past_due", "unpaid"})  # while paused no invoice is made
INVOICE_WAITS = 20 * clock.HOUR  # so long after its end a period's invoice surely takes usage
REACH = 34 * clock.DAY  # Stripe takes none that is older than 35 days


def allowed(contract: Contract, cap: int | None) -> int | None:
    """How many messages of a period may be billed: those included, and those that the cap pays for;
    None for no limit.
    """
    plan = plans.of(contract.plan)
    parts = {part.name: part for part in plan.components} if plan else {}
    if "messages" not in parts or contract.currency not in plans.CURRENCIES:
        return None
    unit = parts["messages"].price("month", contract.currency)
    most = DEFAULT_CAP * parts["base"].price("month", contract.currency) if cap is None else Decimal(cap)
    return parts["messages"].included + int(most // unit) if unit else None


def period(start: int) -> str:
    """The name under which the sums of a period are stored that began at `start` (ms)."""
    return f"{start:013d}"


def is_billed(contract: Contract | None) -> bool:
    """True if messages of now will be on an invoice."""
    return contract is not None and contract.status in COLLECTED and contract.usage_since > 0


def takes(contract: Contract, hour: int, now: int) -> bool:
    """True if usage of that hour (ms) can still come on an invoice of this contract.

    An hour belongs to the period in which it begins; messages from before the contract are free.
    """
    is_in_time = hour >= contract.usage_since or now < contract.usage_since + INVOICE_WAITS
    return contract.created <= hour and is_in_time and hour > now - REACH


def value(counted: int, before: int, billed: int, most: int | None) -> int:
    """How many messages of an hour are billed. `before` is how many of this hour were billed so far, `billed` how many
    of its whole period.
    """
    return counted if most is None else min(counted, before + max(0, most - billed))
