"""An agency's stored subscription. It is created when it is first asked for.

So agencies that existed before billing was turned on begin a trial then, as new ones do.
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
        first = _begin_trial(agency, now)
        try:
            table.transact(
                table.putting(first, StoredSubscription.pk.does_not_exist()), due.at(agency, now, DUE, agency)
            )
        except table.Refused:
            stored = table.get(StoredSubscription, agency, keys.SUBSCRIPTION)
        else:
            return first
    raise RuntimeError("a subscription neither is there nor can be put")


def _begin_trial(agency: str, now: int) -> StoredSubscription:
    facts = packed(subscriptions.founded(agency, now))
    return StoredSubscription(agency, keys.SUBSCRIPTION, facts=facts, look_at=now)


def of(stored: StoredSubscription) -> Subscription:
    facts = dict(stored.facts)
    contract, card = facts.pop("contract"), facts.pop("card")
    return Subscription(
        **{**facts, "problems": tuple(facts["problems"])},
        contract=Contract(**{**contract, "problems": tuple(contract["problems"])}) if contract else None,
        card=Card(**card) if card else None,
    )


def packed(subscription: Subscription) -> Mapping[str, Any]:
    """The subscription in the form in which it is stored."""
    return asdict(subscription)


def holdings(agency: str) -> Holdings:
    """What the agency has in use now."""
    stored = table.get(StoredHoldings, agency, keys.HOLDINGS) or StoredHoldings()
    return Holdings(stored.seats, stored.brands, stored.channels)
