"""The plans, as data: what each includes, sells and costs. Prices are changed here, and nowhere else.

Amounts are in the currency's smallest unit, without tax.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

INTERVALS = ("month", "year")
CURRENCIES = ("eur", "usd", "gbp")
MONTHS_OF_A_YEAR = 10  # a year costs as much as ten months
PRODUCT = "palabre_{plan}_{component}"  # the id of Stripe's product, by which a price is recognised for ever


@dataclass(frozen=True)
class Holdings:
    """What an agency has in use: seats are its members of any role but `client`."""

    seats: int = 0
    brands: int = 0
    channels: int = 0


@dataclass(frozen=True)
class Limits:
    """How much of each an agency may have; None is without limit. `sent` is the number of messages sent in a month."""

    seats: int | None = None
    brands: int | None = None
    channels: int | None = None
    sent: int | None = None


@dataclass(frozen=True)
class Excess:
    """A limit that is exceeded, or would be: `used` of `allowed`."""

    name: str
    allowed: int
    used: int


@dataclass(frozen=True)
class Tier:
    """One step of a graduated price: each unit up to number `up_to` costs `unit`; None is for all further ones."""

    up_to: int | None
    unit: Decimal


@dataclass(frozen=True)
class Component:
    """One line of a subscription: how many the plan includes, and what each further one costs a month, by currency.

    A metered component is billed by the month, whatever the interval of the rest is.
    """

    name: str
    included: int
    monthly: Mapping[str, Decimal]
    metered: bool = False

    def price(self, interval: str, currency: str) -> Decimal:
        """What each one beyond the included ones costs per interval. Raises KeyError for an unknown interval or
        currency.
        """
        months = {"month": 1, "year": MONTHS_OF_A_YEAR}[interval]
        return self.monthly[currency] * (1 if self.metered else months)

    def tiers(self, interval: str, currency: str) -> tuple[Tier, ...]:
        """The graduated price: those that are included cost nothing."""
        above = Tier(None, self.price(interval, currency))
        return (Tier(self.included, Decimal(0)), above) if self.included else (above,)


@dataclass(frozen=True)
class Plan:
    """A plan. `limits` are the limits if no more was bought than the plan includes."""

    key: str
    name: str
    version: int
    limits: Limits
    features: frozenset[str] = frozenset()
    components: tuple[Component, ...] = ()

    @property
    def included(self) -> dict[str, int]:
        """How many seats and brands the plan includes."""
        return {part.name: part.included for part in self.components if part.name in SOLD}

    def limits_of(self, quantities: Mapping[str, int]) -> Limits:
        """The limits after a purchase of these quantities; never less than what the plan includes."""
        seats, brands = (self._at_least(name, quantities) for name in SOLD)
        return Limits(seats, brands, self.limits.channels, self.limits.sent)

    def _at_least(self, name: str, quantities: Mapping[str, int]) -> int | None:
        limit: int | None = getattr(self.limits, name)
        return None if limit is None else max(limit, quantities.get(name, 0))


SOLD = ("seats", "brands")  # in advance, by number
COMPONENTS = ("base", *SOLD, "messages")


def _amounts(eur: str, usd: str, gbp: str) -> dict[str, Decimal]:
    return {"eur": Decimal(eur), "usd": Decimal(usd), "gbp": Decimal(gbp)}


def _sold(base: Mapping[str, Decimal], seats: int, brands: int, messages: int) -> tuple[Component, ...]:
    return (
        Component("base", 0, base),
        Component("seats", seats, _amounts("900", "1000", "800")),
        Component("brands", brands, _amounts("1500", "1700", "1300")),
        Component("messages", messages, _amounts("0.4", "0.45", "0.35"), metered=True),
    )


PLANS = {
    plan.key: plan
    for plan in (
        Plan("free", "Free", 1, Limits(seats=2, brands=1, channels=2, sent=200)),
        Plan(
            "team", "Team", 1, Limits(seats=3, brands=3, channels=15), frozenset({"overage"}),
            _sold(_amounts("4900", "5500", "4200"), seats=3, brands=3, messages=5_000),
        ),
        Plan(
            "agency", "Agency", 1, Limits(seats=10, brands=10, channels=60), frozenset({"overage"}),
            _sold(_amounts("14900", "16500", "12900"), seats=10, brands=10, messages=25_000),
        ),
    )
}  # fmt: skip
FREE, TRIAL = PLANS["free"], PLANS["team"]
PRODUCTS = {
    PRODUCT.format(plan=plan.key, component=part.name): (plan.key, part.name)
    for plan in PLANS.values()
    for part in plan.components
}


def of(key: str) -> Plan | None:
    return PLANS.get(key)


def excess(limits: Limits, holdings: Holdings) -> tuple[Excess, ...]:
    """The limits that are exceeded by what is in use."""
    pairs = ((name, getattr(limits, name), getattr(holdings, name)) for name in ("seats", "brands", "channels"))
    return tuple(Excess(name, allowed, used) for name, allowed, used in pairs if allowed is not None and used > allowed)


def fits(plan: Plan, holdings: Holdings, quantities: Mapping[str, int] | None = None) -> bool:
    """True if the plan allows all that is in use, with these quantities or with those that it includes."""
    return not excess(plan.limits_of(quantities or {}), holdings)
