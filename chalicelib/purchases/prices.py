"""Stripe's ids of our prices, looked up by the keys that `make catalogue` gave them."""

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib import errors, log
from chalicelib.billing import stripe
from chalicelib.billing.values import mapping, text
from chalicelib.plans import plans


def of(client: Any, plan: str, interval: str, parts: Iterable[str]) -> Mapping[str, str]:
    """The ids of the prices by part. Raises Unavailable if one is not sold: then an operator has to run `make
    catalogue`.
    """
    keys = {part: f"palabre.{plan}.{part}.{_interval(plan, part, interval)}" for part in parts}
    listed = stripe.call(client.v1.prices.list, lookup_keys=list(keys.values()), active=True, limit=len(keys))
    rows = [mapping(row) for row in listed.get("data") or ()]
    ids = {text(row.get("lookup_key")): text(row.get("id")) for row in rows}
    if not all(ids.get(key) for key in keys.values()):
        log.count("billing_problem", problem="catalogue_incomplete")
        raise errors.Unavailable("The plan cannot be bought now.", code="catalogue_incomplete")
    return {part: ids[key] for part, key in keys.items()}


def _interval(plan: str, part: str, interval: str) -> str:
    """A metered part is billed by the month, whatever the interval of the rest."""
    metered = {each.name for each in plans.PLANS[plan].components if each.metered}
    return plans.INTERVALS[0] if part in metered else interval
