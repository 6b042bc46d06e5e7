"""What a quantity costs, and how much of an amount remains after part of a period. All pure."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any


def rounded(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def option(price: Mapping[str, Any], currency: str) -> Mapping[str, Any]:
    """The unit amount and tiers of a price in that currency. Raises KeyError if it has none."""
    currency_option: Mapping[str, Any] = price["_more"]["currency_options"][currency]
    return currency_option


def cost(price: Mapping[str, Any], quantity: int, currency: str) -> int:
    """In the currency's smallest unit, rounded once."""
    chosen = option(price, currency)
    if price["billing_scheme"] == "tiered":
        return tiered(chosen["tiers"], quantity)
    return rounded(Decimal(chosen["unit_amount_decimal"]) * quantity)


def tiered(tiers: Sequence[Mapping[str, Any]], quantity: int) -> int:
    """Graduated: each tier counts what falls into it; its flat amount is charged once anything does."""
    total, below = Decimal(0), 0
    for tier in tiers:
        top = tier["up_to"] if tier["up_to"] is not None else max(quantity, below)
        inside = max(0, min(quantity, top) - below)
        total += Decimal(tier["unit_amount_decimal"] or 0) * inside
        if inside or (quantity == 0 and below == 0):
            total += Decimal(tier["flat_amount_decimal"] or 0)
        below = top
    return rounded(total)


def part(amount: int, start: int, end: int, at: int) -> int:
    """How much of an amount for a period remains at a second of it."""
    left = end - min(max(at, start), end)
    return rounded(Decimal(amount) * left / (end - start)) if end > start else 0


def percent(amount: int, whole: int) -> int:
    return rounded(Decimal(amount) * whole / 100)
