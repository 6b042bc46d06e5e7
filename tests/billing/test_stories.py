"""What is concluded from Stripe while a story goes on there: the double tells it over HTTP, through its own library."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.billing import snapshots, states, stripe
from chalicelib.plans import entitlements
from chalicelib.plans.plans import Holdings
from chalicelib.plans.subscriptions import Subscription, founded
from tests.support.stripe_side import DAY, START, Account

BACK = "https://app.example.com/billing"


@dataclass
class Agency:
    """An agency whose customer lives on a test clock; `was` are the states that were seen, each once in a row."""

    account: Account
    holdings: Holdings = field(default_factory=lambda: Holdings(seats=3, brands=2, channels=2))
    was: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.account.control("settings", draft_seconds=3600)
        self.prices = {name: self._price(name) for name in ("base", "seats", "brands")}
        self.clock = self.account.clock()
        self.customer = self.account.customer(self.clock, card=None)
        self.subscription = founded("agc_1", START * clock.SECOND)

    def _price(self, name: str) -> str:
        product = self.account.v1.products.create({"id": f"palabre_team_{name}", "name": name}).id
        wanted: Any = {"product": product, "currency": "eur", "recurring": {"interval": "month"}, "unit_amount": 900}
        return self.account.v1.prices.create(wanted).id

    def opens(self, seats: int = 3) -> str:
        """The page on which they buy."""
        lines = [{"price": self.prices["base"], "quantity": 1}, {"price": self.prices["seats"], "quantity": seats}]
        wanted: Any = {"mode": "subscription", "customer": self.customer, "line_items": lines, "success_url": BACK}
        return str(self.account.v1.checkout.sessions.create(wanted).url)

    def buys(self, seats: int = 3) -> None:
        assert self.account.press(self.opens(seats), "pay").status == 303

    def is_disputed(self) -> str:
        """The card's owner disputes the last payment; gives the dispute."""
        charge = self.account.v1.charges.list({"customer": self.customer}).data[0].id
        return str(self.account.control("disputes", charge=charge)["id"])

    def may(self) -> set[str]:
        """The classes of operations that are allowed."""
        given = entitlements.entitlements(self.subscription)
        return {pays for pays in entitlements.ALLOWED if entitlements.permits(given, pays)}

    def stripes(self) -> Any:
        [contract] = self.account.v1.subscriptions.list({"customer": self.customer, "status": "all", "limit": 1}).data
        return contract

    def passes(self, days: int) -> None:
        """So many days, one after the other; we look each day."""
        for _ in range(days):
            self.account.advance(self.clock, DAY)
            self.looks()

    def looks(self, dispute: str = "") -> Subscription:
        seen = stripe.snapshot(self.account.client, self.customer, [dispute] if dispute else [])
        now = snapshots.present(seen, 0)
        self.subscription = states.decide(self.subscription, seen, self.holdings, now)
        assert states.decide(self.subscription, seen, self.holdings, now) == self.subscription
        self.was += [self.subscription.state] if self.was[-1:] != [self.subscription.state] else []
        return self.subscription


@pytest.fixture
def agency(account: Account) -> Agency:
    return Agency(account)


def test_who_buys_has_what_they_bought(agency: Agency) -> None:
    assert agency.looks().state == "trialing"
    agency.buys(seats=5)
    bought = agency.looks()
    assert (bought.state, bought.level, bought.plan, bought.quantities) == ("active", "full", "team", {"seats": 5})
    assert bought.card is not None
    assert bought.card.last4 == "4242"


def test_who_cannot_pay_goes_on_then_is_restricted_then_pays_and_goes_on(agency: Agency) -> None:
    agency.buys()
    agency.looks()
    agency.account.control("cards", customer=agency.customer, card="pm_card_chargeCustomerFail")
    agency.passes(60)
    assert agency.was == ["active", "past_due", "restricted"]
    assert (agency.subscription.reason, agency.subscription.quantities) == ("payment_failed", {"seats": 3})
    agency.account.control("cards", customer=agency.customer, card="pm_card_visa")
    for invoice in agency.account.v1.invoices.list({"customer": agency.customer, "status": "open"}).data:
        agency.account.v1.invoices.pay(str(invoice.id))
    assert agency.looks().state == "active"
    assert agency.subscription.level == "full"


@pytest.mark.slow
@pytest.mark.parametrize("after_retries", ["pause", "unpaid", "cancel", "leave"])
def test_nobody_who_never_pays_works_for_ever_whatever_stripe_is_told_to_do(agency: Agency, after_retries: str) -> None:
    agency.account.control("settings", after_retries=after_retries)
    agency.buys()
    agency.account.control("cards", customer=agency.customer, card="pm_card_chargeCustomerFail")
    agency.passes(31 + 21 + 1)
    assert agency.subscription.level == "restricted"
    agency.passes(61)
    assert (agency.subscription.state, agency.subscription.level) == ("suspended", "read_only")


@pytest.mark.parametrize(("brands", "last"), [(1, ("free", "full")), (4, ("cancelled", "read_only"))])
def test_who_cancels_works_until_the_end_and_is_free_if_that_fits(
    agency: Agency, brands: int, last: tuple[str, str]
) -> None:
    agency.buys()
    agency.holdings = Holdings(seats=1, brands=brands, channels=1)
    agency.account.v1.subscriptions.update(agency.stripes().id, {"cancel_at_period_end": True})
    assert agency.looks().ending
    agency.passes(33)
    assert (agency.subscription.state, agency.subscription.level) == ("cancelled", "restricted")
    agency.passes(31)
    assert (agency.subscription.state, agency.subscription.level) == last


def test_who_pauses_is_restricted_until_they_resume(agency: Agency) -> None:
    agency.buys()
    agency.account.v1.subscriptions.pause(agency.stripes().id, {"type": "subscription"})
    assert agency.looks().state == "paused"
    agency.passes(5)
    agency.account.v1.subscriptions.resume(agency.stripes().id, {"payment_behavior": "resume_on_payment_success"})
    assert agency.looks().state == "active"


def test_dispute_forbids_to_grow_until_it_is_won_and_restricts_once_it_is_lost(agency: Agency) -> None:
    """A5: Stripe's subscription is untouched by all of it."""
    agency.buys()
    first = agency.is_disputed()
    assert agency.looks(first).disputed
    assert agency.may() == {"never", "protect", "work", "outbound"}
    agency.account.control("disputes", dispute=first, how="won")
    assert not agency.looks(first).disputed
    assert agency.may() == set(entitlements.ALLOWED)
    agency.passes(32)  # another payment
    before = agency.stripes().to_dict()
    second = agency.is_disputed()
    agency.looks(second)
    agency.account.control("disputes", dispute=second, how="lost")
    assert (agency.looks(second).state, agency.subscription.reason) == ("restricted", "dispute_lost")
    assert agency.may() == {"never", "protect", "work"}
    assert agency.stripes().to_dict() == before
    assert agency.was == ["active", "restricted"]


def test_first_payment_that_the_bank_never_heard_confirmed_leaves_the_trial_as_it_is(agency: Agency) -> None:
    """A9, at the checkout"""
    url = agency.opens()
    assert agency.account.press(url, "3ds_leave").status == 303
    assert agency.looks().state == "trialing"
    agency.passes(1)
    assert (agency.stripes().status, agency.looks().contract) == ("incomplete_expired", None)
    agency.buys()
    assert agency.looks().state == "active"


def test_renewal_that_the_bank_wants_confirmed_is_paid_on_stripes_page(agency: Agency) -> None:
    """A9, at the renewal"""
    agency.buys()
    agency.account.control("cards", customer=agency.customer, card="pm_card_authenticationRequired")
    agency.passes(32)
    assert agency.was == ["active", "past_due"]
    [invoice] = agency.account.v1.invoices.list({"customer": agency.customer, "status": "open"}).data
    assert agency.account.press(str(invoice.hosted_invoice_url), "3ds_pass").status == 303
    assert agency.looks().state == "active"


def test_lost_dispute_restricts_until_the_operator_forgives_it(agency: Agency) -> None:
    agency.buys()
    agency.looks()
    dispute = agency.is_disputed()
    assert agency.looks(dispute).disputed
    assert agency.subscription.level == "full"
    agency.account.control("disputes", dispute=dispute, how="lost")
    assert (agency.looks(dispute).state, agency.subscription.reason) == ("restricted", "dispute_lost")
    agency.subscription = states.cleared(agency.subscription)
    assert agency.looks().state == "active"
