"""Ending, pausing, paying: what is asked of Stripe for an agency that has bought."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib import clock, errors
from chalicelib.plans import records
from chalicelib.plans.subscriptions import Subscription
from chalicelib.purchases import checkouts, invoices, wishes
from chalicelib.purchases.selections import Selection
from chalicelib.store import fence
from tests.billing.paying import Paying
from tests.billing.purchases.conftest import BACK, owner
from tests.support.stripe_side import DAY

TEAM = Selection("team", "month", "eur", 3, 3)


class Owner:
    """An owner of an agency that pays."""

    def __init__(self, paying: Paying) -> None:
        self.paying, self.actor, self.now = paying, owner(paying.agency), clock.now()
        paying.buys()
        paying.looks()

    def wishes(self, wish: Callable[..., object], **more: Any) -> str:
        """What is wished is done; gives the code of the problem, if any."""
        try:
            wish(self.actor, self.now, **more)
        except errors.Problem as problem:
            return problem.code
        return ""

    def card(self, card: str) -> None:
        self.paying.account.control("cards", customer=self.paying.customer, card=card)

    def passes(self, days: int) -> Subscription:
        self.paying.account.advance(self.paying.at, days * DAY)
        return self.paying.looks()

    @property
    def known(self) -> Subscription:
        return records.of(records.load(self.actor.agency, self.now))

    def listed(self, limit: int = 100, cursor: str | None = None) -> Any:
        return invoices.listing(self.actor, limit, cursor, self.now)


@pytest.fixture
def boss(paying: Paying) -> Iterator[Owner]:
    with fence.within(paying.agency):
        yield Owner(paying)


def test_who_cancels_may_take_it_back_and_who_does_not_comes_to_an_end(boss: Owner) -> None:
    """A4"""
    assert boss.wishes(wishes.cancel, feedback="unused") == ""
    assert boss.known.ending
    assert boss.wishes(wishes.reactivate) == ""
    assert not boss.known.ending
    assert boss.wishes(wishes.reactivate) == "not_ending"
    assert boss.wishes(wishes.cancel) == ""
    assert boss.passes(32).state == "cancelled"
    assert boss.wishes(wishes.cancel) == "no_subscription"


def test_who_has_ended_buys_again_as_the_same_customer(boss: Owner) -> None:
    """A4"""
    boss.wishes(wishes.cancel)
    boss.passes(32)
    boss.paying.account.control("cards", customer=boss.paying.customer, card="pm_card_visa")
    page = checkouts.open(boss.actor, TEAM, BACK, boss.now + 32 * clock.DAY)
    assert boss.paying.account.press(page.url, "pay").status == 303
    assert boss.paying.looks().state == "active"
    every: Any = {"customer": boss.paying.customer, "status": "all"}
    assert len(boss.paying.account.v1.subscriptions.list(every).data) == 2


def test_nothing_is_billed_in_a_pause_and_whoever_resumes_goes_on(boss: Owner) -> None:
    """A10"""
    assert boss.wishes(wishes.pause) == ""
    assert boss.known.state == "paused"
    before = len(boss.listed()["items"])
    boss.passes(28)
    boss.passes(28)
    assert len(boss.listed()["items"]) == before
    assert boss.wishes(wishes.pause) == "not_active"
    assert boss.wishes(wishes.resume) == ""
    assert boss.known.state == "active"
    assert boss.wishes(wishes.resume) == "not_paused"


def test_who_cannot_pay_stays_paused_until_they_can(boss: Owner) -> None:
    """A10"""
    boss.passes(20)  # what is not used yet is credited, and would pay for the next period
    boss.wishes(wishes.pause)
    boss.passes(40)
    boss.card("pm_card_chargeCustomerFail")
    assert boss.wishes(wishes.resume) == "card_declined"
    assert boss.known.state == "paused"
    boss.card("pm_card_visa")
    assert boss.wishes(wishes.resume) == ""
    assert boss.known.state == "active"


def test_open_invoice_is_paid_by_hand_and_another_plan_is_not_bought_meanwhile(boss: Owner) -> None:
    assert boss.wishes(wishes.pay) == "nothing_open"
    boss.card("pm_card_chargeCustomerFail")
    assert boss.passes(32).state == "past_due"
    with pytest.raises(errors.Conflict) as refused:
        checkouts.open(boss.actor, TEAM, BACK, boss.now)
    assert refused.value.code == "invoice_open"
    assert boss.wishes(wishes.pay, invoice="in_of_somebody_else") == "nothing_open"
    assert boss.wishes(wishes.pay) == "card_declined"
    assert boss.wishes(wishes.pay) == "card_declined"
    boss.card("pm_card_visa")
    assert boss.wishes(wishes.pay) == ""
    assert boss.known.state == "active"


def test_invoices_are_shown_page_by_page_and_no_cursor_leads_to_others(boss: Owner) -> None:
    boss.passes(28)
    boss.passes(28)
    every = boss.listed()["items"]
    first = boss.listed(1)
    assert [*first["items"], *boss.listed(1, first["next"])["items"]] == every[:2]
    with pytest.raises(errors.Invalid):
        boss.listed(1, "in_made_up")
