"""What somebody selects: a plan, the interval of payment, and the number of seats and brands."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib import errors
from chalicelib.plans import plans
from chalicelib.plans.plans import Holdings, Plan
from chalicelib.plans.subscriptions import Contract

SOLD = tuple(plan.key for plan in plans.PLANS.values() if plan.components)


@dataclass(frozen=True)
class Selection:
    """`seats` and `brands` are total numbers, including those that the plan includes."""

    plan: str
    interval: str
    seats: int
    brands: int

    @property
    def chosen_plan(self) -> Plan:
        return plans.PLANS[self.plan]

    @property
    def quantities(self) -> dict[str, int]:
        return {"seats": self.seats, "brands": self.brands}


def for_first_purchase(given: Mapping[str, Any]) -> Selection:
    """The selection for a first purchase, with at least as many seats and brands as the plan includes."""
    return _with_included(Selection(given["plan"], given["interval"], given["seats"], given["brands"]))


def of_contract(contract: Contract) -> Selection:
    """What is paid for now. Raises Conflict if the plan or the interval is unknown to us."""
    if contract.plan not in SOLD or contract.interval not in plans.INTERVALS:
        raise errors.Conflict("The agency has a plan or an interval that cannot be changed here.", code="unknown_plan")
    counts = contract.quantities
    return _with_included(Selection(contract.plan, contract.interval, counts.get("seats", 0), counts.get("brands", 0)))


def changed(contract: Contract, wanted: Mapping[str, Any]) -> Selection:
    """What is paid for now, with the changes in `wanted`."""
    return _with_included(replace(of_contract(contract), **wanted))


def by_the_month(contract: Contract) -> Selection:
    """What is paid for now, but with monthly payment."""
    return replace(of_contract(contract), interval="month")


def waits_for_year_end(contract: Contract, selection: Selection) -> bool:
    """True if the selection only changes what happens at the end of the year: monthly payment then, or yearly after
    all.
    """
    before = of_contract(contract)
    return selection == before or (before.interval == "year" and selection == by_the_month(contract))


def check_use(selection: Selection, holdings: Holdings) -> None:
    """Raises Invalid if more is in use than would be bought."""
    for lack in plans.excess(selection.chosen_plan.limits_of(selection.quantities), holdings):
        field = lack.name if lack.name in plans.SOLD else "plan"
        raise errors.Invalid(
            "The agency uses more than the purchase would allow: see `excess`.",
            code="below_use",
            field=field,
            more={"excess": _shown(lack)},
        )


def check_fit(selection: Selection, holdings: Holdings) -> None:
    """Raises Conflict if more is in use than the plan would allow after a change."""
    lacks = plans.excess(selection.chosen_plan.limits_of(selection.quantities), holdings)
    if lacks:
        raise errors.Conflict(
            "The agency uses more than the change would allow: see `excess`.",
            code="does_not_fit",
            more={"excess": [_shown(each) for each in lacks]},
        )


def is_more(before: Selection, after: Selection, currency: str) -> bool:
    """True if any part of it is more than before; such a change is paid at once."""
    dearer = _base(after, currency) > _base(before, currency)
    return dearer or after.seats > before.seats or after.brands > before.brands or _is_longer(before, after)


def is_shorter(before: Selection, after: Selection) -> bool:
    """True for a change from yearly to monthly, which takes place only at the end of the year."""
    return (before.interval, after.interval) == ("year", "month")


def _is_longer(before: Selection, after: Selection) -> bool:
    return (before.interval, after.interval) == ("month", "year")


def _base(selection: Selection, currency: str) -> Any:
    return next(part.monthly[currency] for part in selection.chosen_plan.components if part.name == "base")


def _with_included(selection: Selection) -> Selection:
    least = selection.chosen_plan.included
    return replace(selection, seats=max(selection.seats, least["seats"]), brands=max(selection.brands, least["brands"]))


def _shown(lack: plans.Excess) -> dict[str, Any]:
    return {"name": lack.name, "allowed": lack.allowed, "used": lack.used}
