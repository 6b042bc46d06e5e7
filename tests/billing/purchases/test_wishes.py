"""Ending, pausing, paying: what is asked of Stripe for an agency that has bought."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib import clock, errors
from chalicelib.access.actors import Actor
from chalicelib.plans import records
from chalicelib.plans.subscriptions import Subscription
from chalicelib.purchases import checkouts, choices, failures, invoices, portals, wishes
from chalicelib.purchases.selections import Selection
from chalicelib.store import fence
from tests.billing.paying import Paying
from tests.billing.purchases.conftest import BACK, owner
from tests.support.stripe_side import DAY


class Owner:
    """An owner of an agency that pays."""

    def __init__(self, paying: Paying) -> None:
        self.paying, self.actor, self.now = paying, owner(paying.agency), clock.now()
        self.client: Any = paying.account.client
        paying.buys()
        paying.looks()

    def wishes(self, wish: Callable[..., None], *more: Any) -> str:
        """What is wished is done; gives the code of the problem, if any."""
        try:
            with failures.as_problems():
                wish(self.actor, *more, self.now, self.client)
        except errors.Problem as problem:
            return problem.code
        return ""

    def pays(self, id: str | None = None) -> str:
        try:
            invoices.pay(self.actor.agency, id, self.now, self.client)
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

    def listed(self) -> list[Any]:
        page = invoices.listed(self.actor.agency, None, 100, self.now, self.client)
        return list(page["items"])


@pytest.fixture
def boss(paying: Paying) -> Iterator[Owner]:
    with fence.within(paying.agency):
        yield Owner(paying)


def test_who_cancels_may_take_it_back_and_who_does_not_comes_to_an_end(boss: Owner) -> None:
    """A4"""
    assert boss.wishes(wishes.cancel, {"feedback": "unused"}) == ""
    assert boss.known.ending
    assert boss.wishes(wishes.cancel, {}) == "already_ending"
    assert boss.wishes(wishes.reactivate) == ""
    assert not boss.known.ending
    assert boss.wishes(wishes.reactivate) == "not_ending"
    assert boss.wishes(wishes.cancel, {}) == ""
    assert boss.passes(32).state == "cancelled"
    assert boss.wishes(wishes.cancel, {}) == "no_subscription"


def test_who_has_ended_buys_again_as_the_same_customer(boss: Owner) -> None:
    """A4"""
    boss.wishes(wishes.cancel, {})
    boss.passes(32)
    boss.paying.account.control("cards", customer=boss.paying.customer, card="pm_card_visa")
    wanted = Selection("team", "month", 3, 3)
    page = checkouts.open(boss.actor, wanted, "eur", BACK, boss.now + 32 * clock.DAY, boss.client)
    assert boss.paying.account.press(str(page["url"]), "pay").status == 303
    assert boss.paying.looks().state == "active"
    every: Any = {"customer": boss.paying.customer, "status": "all"}
    assert len(boss.paying.account.v1.subscriptions.list(every).data) == 2


def test_nothing_is_billed_in_a_pause_and_whoever_resumes_goes_on(boss: Owner) -> None:
    """A10"""
    assert boss.wishes(wishes.pause) == ""
    assert boss.known.state == "paused"
    before = len(boss.listed())
    boss.passes(28)
    boss.passes(28)
    assert len(boss.listed()) == before
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
    assert boss.pays() == "nothing_open"
    boss.card("pm_card_chargeCustomerFail")
    assert boss.passes(32).state == "past_due"
    with pytest.raises(errors.Conflict) as refused:
        checkouts.open(boss.actor, Selection("agency", "month", 10, 10), "eur", BACK, boss.now, boss.client)
    assert refused.value.code == "invoice_open"
    assert boss.pays("in_of_somebody_else") == "not_found"
    assert boss.pays() == "card_declined"
    assert boss.pays() == "card_declined"
    boss.card("pm_card_visa")
    assert boss.pays() == ""
    assert boss.known.state == "active"


def test_invoices_are_shown_page_by_page_and_no_cursor_leads_to_others(boss: Owner) -> None:
    boss.passes(28)
    boss.passes(28)
    every = boss.listed()
    first = invoices.listed(boss.actor.agency, None, 1, boss.now, boss.client)
    second = invoices.listed(boss.actor.agency, first["next"], 1, boss.now, boss.client)
    assert [*first["items"], *second["items"]] == every[:2]
    assert {invoice["status"] for invoice in every} == {"paid"}
    with pytest.raises(errors.Malformed):
        invoices.listed(boss.actor.agency, "made-up", 1, boss.now, boss.client)


def test_portal_neither_changes_plans_nor_ends_them(boss: Owner) -> None:
    url = portals.open(boss.actor.agency, "payment_method", BACK, boss.now, boss.client)
    assert "billing.stripe.com" in url
    sent = boss.paying.account.calls()[-1]["form"]
    chosen = boss.paying.account.v1.billing_portal.configurations.retrieve(sent["configuration"])
    assert not chosen.features.subscription_update.enabled
    assert not chosen.features.subscription_cancel.enabled


def test_settings_name_members_only_and_one_of_two_writes(boss: Owner) -> None:
    stored = records.load(boss.actor.agency, boss.now)
    with pytest.raises(errors.Invalid):
        choices.change(boss.actor, stored, overage="bill", cap=100, contacts=["mbr_0"], now=boss.now)
    choices.change(boss.actor, stored, overage="notify", cap=100, contacts=[], network_cap=7, now=boss.now)
    with pytest.raises(errors.PreconditionFailed):
        choices.change(boss.actor, stored, overage="bill", cap=None, contacts=[], now=boss.now)
    now = records.load(boss.actor.agency, boss.now)
    assert (now.overage, now.cap, now.network_cap) == ("notify", 100, 7)


def test_double_clicked_pause_is_one_pause(boss: Owner) -> None:
    stored = records.load(boss.actor.agency, boss.now)
    assert boss.wishes(wishes.pause) == ""
    assert stored.version < records.load(boss.actor.agency, boss.now).version
    assert boss.wishes(wishes.pause) == "not_active"
    pauses = f"{boss.paying.contract()}/pause"
    assert sum(call["path"].endswith(pauses) for call in boss.paying.account.calls()) == 1


def test_who_is_unknown_to_stripe_has_no_portal_and_no_invoices(actor: Actor) -> None:
    with pytest.raises(errors.Conflict) as refused:
        portals.open(actor.agency, None, BACK, clock.now(), None)
    assert refused.value.code == "no_customer"
    assert invoices.listed(actor.agency, None, 10, clock.now(), None) == {"items": [], "next": None}
