"""An agency's subscription: what Stripe said last, and what we conclude from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib import clock
from chalicelib.plans import plans

TRIAL = 14 * clock.DAY
LIVE = frozenset({"trialing", "active", "past_due", "unpaid", "paused"})  # of a contract, in Stripe's words
STATES = ("trialing", "free", "active", "past_due", "restricted", "suspended", "paused", "cancelled")
LEVELS = ("full", "restricted", "read_only")


@dataclass(frozen=True)
class Contract:
    """A subscription as Stripe has it. `plan` and `quantities` are empty if its items are not recognised.

    `end_reason` is why it ended, `pause_reason` why it is paused, in our words; `ends_at` is when it ends or ended;
    `pending_until` is how long Stripe waits for the payment of a change. Messages from `usage_since` on are for the
    invoice that is made at `usage_until`; both are 0 if it sells no messages.
    """

    id: str
    status: str
    created: int = 0
    plan: str = ""
    interval: str = ""
    currency: str = ""
    quantities: Mapping[str, int] = field(default_factory=dict)
    period_end: int = 0
    usage_since: int = 0
    usage_until: int = 0
    ends_at: int = 0
    ended_at: int = 0
    end_reason: str = ""
    pause_reason: str = ""
    pending_until: int = 0
    problems: tuple[str, ...] = ()

    @property
    def is_live(self) -> bool:
        """True if it continues. A contract with an unknown status is neither live nor ended."""
        return self.status in LIVE


@dataclass(frozen=True)
class Card:
    """What people see of a payment method; if it is no card, `brand` is its kind."""

    brand: str
    last4: str = ""
    expires: str = ""


@dataclass(frozen=True)
class Subscription:
    """One for each agency. The fields before `state` are facts, the others are concluded by `states.decide`.

    `since` is when the state began, `suspends_at` when a restricted agency becomes read-only, `restored_at` when a
    restricted or paused one (`restored_from`) continued, `change_failed_at` when a change was given up unpaid.
    `disputes` are ids with `open`, `lost` or `cleared`. `problems` are what Stripe said and we could not understand.
    """

    agency: str
    trial_ends_at: int
    customer: str = ""
    customer_deleted: bool = False
    contract: Contract | None = None
    double: bool = False
    owed_since: int = 0
    card: Card | None = None
    disputes: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    state: str = "trialing"
    level: str = "full"
    reason: str = ""
    since: int = 0
    suspends_at: int = 0
    restored_at: int = 0
    restored_from: str = ""
    change_failed_at: int = 0
    plan: str = plans.TRIAL.key
    quantities: Mapping[str, int] = field(default_factory=dict)
    grace_until: int = 0

    @property
    def ending(self) -> int:
        """When a live contract will end, or 0."""
        return self.contract.ends_at if self.contract and self.contract.is_live else 0

    @property
    def pending(self) -> int:
        """Until when a change waits for its payment, or 0."""
        return self.contract.pending_until if self.contract else 0

    @property
    def disputed(self) -> bool:
        """While a payment is disputed, the agency may not grow."""
        return "open" in self.disputes.values()


def founded(agency: str, now: int) -> Subscription:
    """The subscription of a new agency: on trial, without a card, and without anything at Stripe."""
    return Subscription(agency, trial_ends_at=now + TRIAL, since=now)
