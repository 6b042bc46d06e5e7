"""Buying a plan: one page per wish, however often it is asked for, and whoever dies on the way."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import clock, errors
from chalicelib.billing import refreshes
from tests.billing.purchases.conftest import TEAM, Buyer

AGENCY = replace(TEAM, plan="agency", seats=10, brands=10)


class Dies(Exception):
    pass


class Mortal:
    """A client whose process dies just before or just after one of its calls, counted from 1."""

    def __init__(self, inner: Any, left: list[int], *, after: bool) -> None:
        self.inner, self.left, self.after = inner, left, after

    def __getattr__(self, name: str) -> Any:
        return Mortal(getattr(self.inner, name), self.left, after=self.after)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.left[0] -= 1
        if not self.left[0] and not self.after:
            raise Dies
        answer = self.inner(*args, **kwargs)
        if not self.left[0]:
            raise Dies
        return answer


def test_who_asks_twice_gets_the_same_page(buyer: Buyer) -> None:
    assert buyer.opens() == buyer.opens()
    assert len(buyer.sessions()) == 1


def test_twenty_clicks_at_once_are_one_page(buyer: Buyer) -> None:
    """BI-23"""
    with ThreadPoolExecutor(20) as pool:
        said = set(pool.map(lambda _: buyer.tries(), range(20)))
    [session] = buyer.sessions()
    assert said <= {session.url, "checkout_in_flight"}
    assert buyer.tries() == session.url


def test_page_on_which_somebody_bought_is_done_with(buyer: Buyer) -> None:
    buyer.account.press(buyer.opens(), "pay")
    assert buyer.looks().stored.checkout is None
    assert buyer.audited() == ["checkout.open", "checkout.complete"]


def test_page_that_nobody_bought_on_is_over_after_its_hour(buyer: Buyer) -> None:
    buyer.opens()
    assert buyer.looks(later=clock.HOUR + 9 * clock.MINUTE).stored.checkout
    assert buyer.looks(later=clock.HOUR + 10 * clock.MINUTE).stored.checkout is None
    assert buyer.audited() == ["checkout.open", "checkout.expire"]


def test_another_plan_closes_the_page_of_the_first(buyer: Buyer) -> None:
    """BI-24"""
    first = buyer.opens()
    second = buyer.opens(AGENCY)
    assert [session.url for session in buyer.sessions()] == [second]
    assert buyer.account.press(first, "pay").status == 400


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", range(1, 8))
def test_who_comes_after_one_who_died_gets_the_one_page(buyer: Buyer, call: int, after: bool) -> None:
    """BI-25"""
    account: Any = buyer.account
    sound = account.client
    account.client = Mortal(sound, [call], after=after)
    try:
        with pytest.raises(Dies):
            buyer.opens()
    finally:
        account.client = sound
    url = buyer.opens(later=31 * clock.SECOND)
    assert [session.url for session in buyer.sessions()] == [url]
    [customer] = {each.customer for each in buyer.sessions()}
    assert buyer.known.customer == customer


def test_the_claim_of_one_who_died_silently_is_another_s_after_half_a_minute(buyer: Buyer) -> None:
    claim = {"id": "chk_1", "wish": {}, "at": buyer.at, "over_at": buyer.at + 1, "url": "", "busy_until": buyer.at + 1}
    buyer.stored.update([type(buyer.stored).checkout.set(claim)])
    assert buyer.tries() == "checkout_in_flight"
    assert buyer.opens(later=2) == buyer.sessions()[0].url


def test_who_has_bought_buys_no_second_time(buyer: Buyer) -> None:
    """A8"""
    assert buyer.account.press(buyer.opens(), "pay").status == 303
    assert buyer.tries(AGENCY) == "subscription_exists"
    assert (buyer.known.state, buyer.known.plan) == ("active", "team")
    assert len(buyer.sessions("complete")) == 1


def test_coming_back_grants_nothing_that_was_not_paid(buyer: Buyer) -> None:
    """BI-26"""
    buyer.opens()
    refreshes.refresh(buyer.actor.agency, buyer.at, client=buyer.account.client)
    assert (buyer.known.state, buyer.known.contract) == ("trialing", None)


def test_what_is_left_of_the_trial_stays_free(buyer: Buyer) -> None:
    buyer.account.press(buyer.opens(), "pay")
    wanted: Any = {"customer": buyer.known.customer}
    [contract] = buyer.account.v1.subscriptions.list(wanted).data
    assert (contract.status, contract.trial_end) == ("trialing", buyer.known.trial_ends_at // clock.SECOND)


def test_customer_deleted_at_stripe_is_followed_by_another(buyer: Buyer) -> None:
    """BI-21"""
    buyer.opens()
    first = buyer.known.customer
    buyer.account.v1.customers.delete(first)
    buyer.opens(AGENCY)
    assert buyer.known.customer != first


def test_plan_that_the_catalogue_lacks_cannot_be_bought(buyer: Buyer) -> None:
    """BI-22"""
    listed: Any = {"lookup_keys": ["palabre.agency.seats.year"]}
    [price] = buyer.account.v1.prices.list(listed).data
    buyer.account.v1.prices.update(price.id, {"active": False})
    yearly = replace(AGENCY, interval="year")
    assert buyer.tries(yearly) == "catalogue_incomplete"
    buyer.account.v1.prices.update(price.id, {"active": True})
    assert buyer.tries(yearly).startswith("http")


def test_fewer_than_are_in_use_cannot_be_bought(buyer: Buyer) -> None:
    buyer.uses(seats=9, brands=1, channels=1)
    with pytest.raises(errors.Invalid) as refused:
        buyer.opens()
    assert (refused.value.code, refused.value.field) == ("below_use", "seats")
