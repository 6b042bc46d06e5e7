"""What only an operator may do to an agency's subscription. Each call may be repeated, also after a crash."""

from typing import Any

from chalicelib import errors
from chalicelib.access import actors, audit
from chalicelib.billing import refreshes, states, stripe
from chalicelib.billing.values import text
from chalicelib.plans import gates, records
from chalicelib.plans.subscriptions import LIVE, Subscription
from chalicelib.store import keys, table
from chalicelib.store.models.plans import StoredSubscription

_MOST_ATTEMPTS = 5


def clear(agency: str, now: int, client: Any) -> Subscription:
    """Forgives the disputes that the agency lost, so that it is no longer restricted because of them."""
    for _ in range(_MOST_ATTEMPTS):
        stored = records.load(agency, now)
        known = records.of(stored)
        cleared = states.cleared(known)
        if cleared == known or _keep_cleared(stored, cleared, now):
            return records.of(refreshes.refresh(agency, now, client=client))
    raise errors.Unavailable("Others are changing the subscription at the same time. Try again.")


def end(agency: str, now: int, client: Any) -> Subscription:
    """Ends the agency's subscriptions at once and voids its open invoices. Customer and invoices are kept at Stripe."""
    customer = records.of(records.load(agency, now)).customer
    if not customer:
        return records.of(refreshes.refresh(agency, now))
    for row in stripe.every(client.v1.subscriptions.list, customer, status="all"):
        if text(row.get("status")) in LIVE | {"incomplete"}:
            _cancel(client, text(row.get("id")))
    for invoice in stripe.every(client.v1.invoices.list, customer, status="open"):
        stripe.call(client.v1.invoices.void_invoice, text(invoice.get("id")))
    return records.of(refreshes.refresh(agency, now, client=client))


def _cancel(client: Any, contract: str) -> None:
    """If somebody else cancelled it meanwhile, Stripe answers that there is no such subscription; that is fine, too."""
    try:
        stripe.call(client.v1.subscriptions.cancel, contract)
    except stripe.Missing:
        return


def _keep_cleared(stored: StoredSubscription, cleared: Subscription, now: int) -> bool:
    actions = [
        StoredSubscription.facts.set(records.packed(cleared)),
        StoredSubscription.version.set(stored.version + 1),
    ]
    row, unchanged = StoredSubscription(stored.pk, keys.SUBSCRIPTION), StoredSubscription.version == stored.version
    entry = audit.entry(actors.system(stored.pk), "dispute.clear", stored.pk, now)
    try:
        table.transact(table.changing(row, actions, unchanged), entry)
    except table.Refused:
        return False
    gates.forget(stored.pk)
    return True
