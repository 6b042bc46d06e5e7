"""What is done at Stripe after a look at a subscription, without a request.

Stripe's checkout page sells no monthly price beside yearly ones, so the metered messages are added to a yearly
subscription afterwards. A wish to pay monthly again is carried out when the year ends. Each is done once, even if the
process dies.
"""

from typing import Any

from chalicelib import clock, log
from chalicelib.billing import refreshes, snapshots, stripe
from chalicelib.billing.values import mapping
from chalicelib.plans import plans, records
from chalicelib.plans.subscriptions import Contract
from chalicelib.purchases import changes, prices, selections
from chalicelib.store import keys, table
from chalicelib.store.models.plans import StoredSubscription

METERED = "messages"


def follow_up(stored: StoredSubscription, now: int, client: Any) -> None:
    """Does what the subscription, as it was just read, needs now.

    If Stripe refuses, it is tried again at the next look, and an alarm is raised.
    """
    contract = records.of(stored).contract
    try:
        if contract and _lacks_messages(contract):
            stored = _add_messages(stored, contract, now, client)
        if stored.wanted:
            _change_to_monthly(stored, records.of(stored).contract, now, client)
    except stripe.Rejected as refused:
        log.line("follow_up_refused", code=refused.code)
        log.count("billing_problem", problem="follow_up_refused")


def _lacks_messages(contract: Contract) -> bool:
    plan = plans.of(contract.plan)
    sells = plan is not None and any(part.metered for part in plan.components)
    return sells and contract.status in changes.CHANGEABLE and not contract.usage_since and not contract.pending_until


def _add_messages(stored: StoredSubscription, contract: Contract, now: int, client: Any) -> StoredSubscription:
    about = stripe.call(client.v1.subscriptions.retrieve, contract.id)
    known = [snapshots.recognised(mapping(row.get("price"))) for row in snapshots.rows(about.get("items"))]
    if None in known or (contract.plan, METERED) in known:
        return stored  # what we do not understand is nothing to add to
    price = prices.of(client, contract.plan, contract.interval, [METERED])[METERED]
    items = [{"price": price}]
    key = f"{stored.pk}:{METERED}:{contract.id}"
    stripe.call(client.v1.subscriptions.update, contract.id, key=key, items=items, proration_behavior="none")
    return refreshes.refresh(stored.pk, now, client=client)


def _change_to_monthly(stored: StoredSubscription, contract: Contract | None, now: int, client: Any) -> None:
    """Changes to monthly payment shortly before the year ends. A wish that is too late is given up, and the agency is
    told.
    """
    wanted = stored.wanted or {}
    if not contract or contract.id != wanted["contract"] or contract.interval == "month" or not contract.is_live:
        _forget(stored)
        return
    about = stripe.call(client.v1.subscriptions.retrieve, contract.id)
    present = changes.seconds(client, about, now) * clock.SECOND
    if present >= wanted["at"]:
        _forget(stored, failed_at=wanted["at"])
        refreshes.refresh(stored.pk, now, client=client)
    elif present >= wanted["at"] - refreshes.BEFORE_TURN and not contract.ends_at:
        after = selections.by_the_month(contract)
        items = changes.params(client, contract, after, about, present // clock.SECOND)["items"]
        key = f"{stored.pk}:month:{contract.id}:{wanted['at']}"
        stripe.call(client.v1.subscriptions.update, contract.id, key=key, items=items, proration_behavior="none")
        _forget(stored)
        refreshes.refresh(stored.pk, now, client=client)


def _forget(stored: StoredSubscription, failed_at: int = 0) -> None:
    actions = [StoredSubscription.wanted.remove(), StoredSubscription.version.add(1)]
    if failed_at:
        actions.append(StoredSubscription.facts.set({**stored.facts, "change_failed_at": failed_at}))
    row = StoredSubscription(stored.pk, keys.SUBSCRIPTION)
    table.update(row, actions, StoredSubscription.version == stored.version)
