"""A7: Stripe is down for two hours, or does what it is asked and its answers are lost. Nothing is done twice."""

import pytest

from chalicelib import clock, errors
from chalicelib.billing import stripe
from tests.billing.metered import Metered
from tests.billing.purchases.conftest import Buyer

OUTAGE = 2 * clock.HOUR


@pytest.mark.parametrize(
    ("how", "path"),
    [("unavailable", ""), ("timeout", "^/v1/customers$"), ("timeout", "^/v1/checkout/sessions$")],
)
def test_page_that_stripe_could_not_open_is_opened_later_and_only_it(alone: Buyer, how: str, path: str) -> None:
    alone.account.fails(how, path)
    with pytest.raises(errors.Unavailable) as refused:
        alone.opens()
    assert (refused.value.code, refused.value.after) == ("stripe_unavailable", 30)
    alone.account.goes_on()
    alone.waits(OUTAGE)
    url = alone.opens()
    assert [session.url for session in alone.sessions()] == [url]
    assert [customer.id for customer in alone.account.v1.customers.list().data] == [alone.known.customer]
    assert alone.account.press(url, "pay").status == 303
    assert alone.looks().known.state == "active"


@pytest.mark.parametrize("how", ["unavailable", "timeout"])
def test_who_has_bought_keeps_what_they_have_while_stripe_is_down(alone: Buyer, how: str) -> None:
    alone.account.press(alone.opens(), "pay")
    before = alone.looks().known
    alone.account.fails(how)
    alone.waits(OUTAGE)
    with pytest.raises(stripe.Unavailable):
        alone.looks()
    assert alone.known == before
    alone.account.goes_on()
    assert alone.looks().known == before


@pytest.mark.parametrize("how", ["unavailable", "timeout"])
def test_what_was_said_while_stripe_was_down_is_told_afterwards_once(metered: Metered, how: str) -> None:
    metered.hears(range(3))
    metered.later(2 * clock.HOUR)
    metered.paying.account.fails(how, "meter_events")
    with pytest.raises(stripe.Unavailable):
        metered.reports()
    metered.hears(range(3, 5), hour=metered.hour + clock.HOUR)
    metered.later(OUTAGE)
    with pytest.raises(stripe.Unavailable):
        metered.reports()
    metered.paying.account.goes_on()
    assert metered.reports() == 2
    assert metered.meter_has() == {metered.hour: 3, metered.hour + clock.HOUR: 2}
