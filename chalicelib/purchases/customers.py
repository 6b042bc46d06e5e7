"""Customers at Stripe: an agency has one once somebody wants to buy, and it leads back to the agency."""

from dataclasses import replace
from typing import Any

from chalicelib import errors
from chalicelib.billing import stripe
from chalicelib.plans import records
from chalicelib.store import lookups, table
from chalicelib.store.models.plans import Customer, StoredSubscription

_MOST_ATTEMPTS = 5


def ensure(client: Any, agency: str, now: int) -> str:
    """The agency's customer at Stripe; made now if there is none, or the one before was deleted."""
    for _ in range(_MOST_ATTEMPTS):
        stored = records.load(agency, now)
        known = records.of(stored)
        if known.customer and not known.customer_deleted:
            return known.customer
        key = f"{agency}:customer:{known.customer or 'first'}"
        made = stripe.call(client.v1.customers.create, key=key, metadata={"agency": agency})["id"]
        facts = records.packed(replace(known, customer=made, customer_deleted=False))
        row, own = StoredSubscription(stored.pk, stored.sk), lookups.customer(made)
        try:
            table.transact(
                table.changing(
                    row,
                    [StoredSubscription.facts.set(facts), StoredSubscription.version.set(stored.version + 1)],
                    StoredSubscription.version == stored.version,
                ),
                table.putting(
                    Customer(own, lookups.CUSTOMER, agency=agency),
                    Customer.pk.does_not_exist() | (Customer.agency == agency),
                ),
            )
        except table.Refused:
            continue
        return str(made)
    raise errors.Unavailable("The subscription is too busy.")
