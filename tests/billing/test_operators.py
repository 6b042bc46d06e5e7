"""What only an operator does: forgiving a lost dispute, and ending a subscription for good."""

from typing import Any

from chalicelib import clock
from chalicelib.billing import operators, refreshes
from chalicelib.plans import records
from chalicelib.plans.subscriptions import Subscription
from chalicelib.store import fence, keys, table
from chalicelib.store.models.plans import StoredSubscription
from tests.billing.paying import Paying
from tests.support.stripe_side import DAY


def does(paying: Paying, verb: Any) -> Subscription:
    with fence.within(paying.agency):
        known = verb(paying.agency, clock.now(), paying.account.client)
        assert isinstance(known, Subscription)
        return known


def looks_again(paying: Paying) -> Subscription:
    with fence.within(paying.agency):
        return records.of(refreshes.look_again(paying.agency, clock.now()))


def disputed(paying: Paying) -> str:
    charge = paying.account.v1.charges.list({"customer": paying.customer}).data[0].id
    return str(paying.account.control("disputes", charge=charge)["id"])


def test_lost_dispute_restricts_until_the_operator_clears_it(paying: Paying) -> None:
    """A5"""
    paying.buys()
    dispute = disputed(paying)
    paying.account.control("disputes", dispute=dispute, how="lost")
    assert looks_again(paying).reason == "dispute_lost"
    for _ in range(2):
        assert does(paying, operators.clear).state == "active"
    assert looks_again(paying).disputes == {dispute: "cleared"}
    assert paying.audited().count("dispute.clear") == 1


def test_dispute_of_which_no_notice_told_is_found_by_the_daily_look(paying: Paying) -> None:
    paying.buys()
    paying.looks()
    dispute = disputed(paying)
    assert not paying.looks().disputes
    assert looks_again(paying).disputes == {dispute: "open"}


def test_who_leaves_owes_nothing_and_what_comes_late_ends_quietly(paying: Paying) -> None:
    """A14"""
    paying.buys()
    paying.looks()
    paying.account.control("cards", customer=paying.customer, card="pm_card_chargeCustomerFail")
    paying.account.advance(paying.at, 32 * DAY)
    assert paying.looks().state == "past_due"
    late = paying.told()
    for _ in range(2):
        assert does(paying, operators.end).state == "cancelled"
    assert paying.takes(late) == 0
    assert paying.state == "cancelled"
    listed: Any = {"customer": paying.customer}
    statuses = {invoice.status for invoice in paying.account.v1.invoices.list(listed).data}
    assert statuses == {"paid", "void"}
    assert paying.is_known()


def test_daily_look_says_that_nobody_looked_for_longer_than_a_day(paying: Paying, capsys: Any) -> None:
    paying.buys()
    for hours, is_stale in ((25, False), (27, True)):
        with fence.within(paying.agency):
            row = StoredSubscription(paying.agency, keys.SUBSCRIPTION)
            table.update(row, [StoredSubscription.refreshed_at.set(clock.now() - hours * clock.HOUR)])
        looks_again(paying)
        assert ("billing_stale" in capsys.readouterr().out) is is_stale
