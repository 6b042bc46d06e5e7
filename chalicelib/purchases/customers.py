"""The agency as Stripe's customer: created when somebody first wants to buy."""

from dataclasses import replace
from typing import Any

from chalicelib import errors
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.billing import stripe
from chalicelib.plans import records
from chalicelib.plans.subscriptions import Subscription
from chalicelib.store import keys, lookups, table
from chalicelib.store.models.plans import Customer, StoredSubscription

_MOST_ATTEMPTS = 5


def ensure(actor: Actor, now: int, client: Any) -> str:
    """The customer's id. If the customer was deleted at Stripe, a new one is created; the old look-up stays.

    The idempotency key names the agency and the customer that is replaced, so a repeat gets the same customer.
    """
    agency = actor.agency
    for _ in range(_MOST_ATTEMPTS):
        stored = records.load(agency, now)
        known = records.of(stored)
        if known.customer and not known.customer_deleted:
            return known.customer
        key = f"{agency}:customer:{known.customer or 'first'}"
        made = str(stripe.call(client.v1.customers.create, key=key, metadata={"agency": agency})["id"])
        try:
            table.transact(*_writes(actor, stored, known, made, now))
        except table.Refused:
            continue  # somebody changed the subscription meanwhile, or made the customer
        return made
    raise errors.Unavailable("Others are changing the subscription at the same time. Try again.")


def _writes(actor: Actor, stored: StoredSubscription, known: Subscription, made: str, now: int) -> list[table.Write]:
    facts = records.packed(replace(known, customer=made, customer_deleted=False))
    agency = actor.agency
    return [
        table.changing(
            StoredSubscription(agency, keys.SUBSCRIPTION),
            [StoredSubscription.facts.set(facts), StoredSubscription.version.set(stored.version + 1)],
            StoredSubscription.version == stored.version,
        ),
        table.putting(
            Customer(lookups.customer(made), lookups.CUSTOMER, agency=agency),
            Customer.pk.does_not_exist() | (Customer.agency == agency),
        ),
        audit.entry(actor, "billing.customer", agency, now),
    ]
