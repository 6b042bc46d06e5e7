"""An agency's subscription as it is stored. There is one from the moment that somebody asks for it.

So agencies that were there before billing was turned on are on trial from then on, as new ones are.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from chalicelib.plans import subscriptions
from chalicelib.plans.plans import Holdings
from chalicelib.plans.subscriptions import Card, Contract, Subscription
from chalicelib.store import due, keys, table
from chalicelib.store.models.plans import StoredHoldings, StoredSubscription

DUE = "billing"  # the kind of work that looks at a subscription again
_MOST_ATTEMPTS = 3


def load(agency: str, now: int) -> StoredSubscription:
    """The record of the agency. If it has none, its trial begins now."""
    stored = table.get(StoredSubscription, agency, keys.SUBSCRIPTION)
    for _ in range(_MOST_ATTEMPTS):
        if stored:
            return stored
        first = _first(agency, now)
        try:
            table.transact(
                table.putting(first, StoredSubscription.pk.does_not_exist()), due.at(agency, now, DUE, agency)
            )
        except table.Refused:
            stored = table.get(StoredSubscription, agency, keys.SUBSCRIPTION)
        else:
            return first
    raise RuntimeError("a subscription neither is there nor can be put")


def _first(agency: str, now: int) -> StoredSubscription:
    facts = packed(subscriptions.founded(agency, now))
    return StoredSubscription(agency, keys.SUBSCRIPTION, facts=facts, look_at=now)


def of(stored: StoredSubscription) -> Subscription:
    """The subscription as it was stored."""
    facts = dict(stored.facts)
    contract, card = facts.pop("contract"), facts.pop("card")
    return Subscription(
        **{**facts, "problems": tuple(facts["problems"])},
        contract=Contract(**{**contract, "problems": tuple(contract["problems"])}) if contract else None,
        card=Card(**card) if card else None,
    )


def packed(subscription: Subscription) -> Mapping[str, Any]:
    """The facts, as they are stored."""
    return asdict(subscription)


def holdings(agency: str) -> Holdings:
    """What the agency has in use now."""
    stored = table.get(StoredHoldings, agency, keys.HOLDINGS) or StoredHoldings()
    return Holdings(stored.seats, stored.brands, stored.channels)
