"""What the networks charge for messages, by the dated list of costs in each network's folder.

A list may say that something is paid but not how much, for example if it differs by country. Then messages are counted
without an amount; none is invented.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from chalicelib import clock, networks
from chalicelib.access import actors
from chalicelib.brands import brands
from chalicelib.figures import hours
from chalicelib.figures.facts import Cell
from chalicelib.networks.base import Cost
from chalicelib.store import together

CURRENCY = "USD"  # of all lists
Costs = Mapping[str, Sequence[Cost]]
Lists = Callable[[str], Costs]  # a network's list of its costs


def costs_of(network: str) -> Costs:
    known = networks.get(network)
    return known.capabilities.costs if known else {}


def way_of(cell: Cell) -> str:
    """What a network may charge for, in the terms of the lists; "" for what no network charges for."""
    return {"in": "receive", "out": cell.way or "reply"}.get(cell.kind, "")


def cost(costs: Costs, way: str, day: date) -> Cost | None:
    """The cost on that day (UTC) of a message that comes in or goes out that way; None if it is free."""
    valid = [each for each in costs.get(way, ()) if each.since <= day.isoformat()]
    last = max(valid, key=lambda each: each.since, default=None)
    return last if last and last.cost == "paid" else None


def amount(cost: Cost, number: int) -> Decimal | None:
    """What that number of messages costs; None if the list does not say."""
    return Decimal(cost.amount) * number if cost.amount else None


def view(cost: Cost, number: int) -> Mapping[str, Any]:
    """That number of messages at that cost, as the API shows it."""
    whole = amount(cost, number)
    return {
        "messages": number,
        "amount": None if whole is None else f"{whole:f}",
        "currency": CURRENCY,
        "note": cost.note or None,
        "list": cost.page or None,
    }


def total(views: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The sum of results of `view`: of the known amounts, and of the number of messages without one."""
    priced = [Decimal(each["amount"]) for each in views if each["amount"] is not None]
    unpriced = sum(each["messages"] for each in views if each["amount"] is None)
    return {"amount": f"{sum(priced, Decimal(0)):f}", "currency": CURRENCY, "unpriced": unpriced}


def spent(agency: str, start: int, end: int, *, lists: Lists = costs_of) -> Decimal:
    """What the networks charged the agency in the hours that begin in that time (ms), as far as their lists say.

    It reads these hours of all brands, so it is for occasional use, not for each message. It is exact up to the last
    fold, five to ten minutes ago.
    """
    if not any(_has_amounts(lists(network)) for network in networks.names()):
        return Decimal(0)
    whose = brands.scope(actors.system(agency), None)
    return sum(together.each([partial(_of_brand, agency, brand, start, end, lists) for brand in whose]), Decimal(0))


def _has_amounts(costs: Costs) -> bool:
    return any(each.amount for listed in costs.values() for each in listed)


def _of_brand(agency: str, brand: str, start: int, end: int, lists: Lists) -> Decimal:
    total = Decimal(0)
    for row in hours.between(agency, brand, start, end):
        day = datetime.fromtimestamp(row.hour // clock.SECOND, UTC).date()
        for cell, number in hours.of(row).items():
            asked = cost(lists(row.networks.get(cell.channel, "")), way_of(cell), day)
            total += (asked and amount(asked, number)) or 0
    return total
