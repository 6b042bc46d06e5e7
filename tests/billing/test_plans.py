"""Plans are data: what fits, what is sold, what it costs."""

from decimal import Decimal

import pytest

from chalicelib.plans import plans


def test_a_price_is_that_of_the_sheet_of_prices() -> None:
    team = {part.name: part for part in plans.PLANS["team"].components}
    assert team["base"].price("month", "eur") == 4900
    assert team["base"].price("year", "eur") == 49_000
    assert team["messages"].price("year", "eur") == Decimal("0.4")  # by the month in any case
    assert team["seats"].tiers("month", "eur") == (plans.Tier(3, Decimal(0)), plans.Tier(None, Decimal(900)))
    assert team["base"].tiers("month", "eur") == (plans.Tier(None, Decimal(4900)),)


@pytest.mark.parametrize("plan", plans.PLANS.values(), ids=plans.PLANS)
def test_every_price_is_there_for_each_interval_and_currency(plan: plans.Plan) -> None:
    for part in plan.components:
        for interval in plans.INTERVALS:
            assert all(part.price(interval, currency) > 0 for currency in plans.CURRENCIES)


@pytest.mark.parametrize("plan", plans.PLANS.values(), ids=plans.PLANS)
def test_limits_include_what_the_plan_includes(plan: plans.Plan) -> None:
    assert plan.limits_of({}) == plan.limits
    assert all(getattr(plan.limits, name) == count for name, count in plan.included.items())


def test_who_bought_more_may_have_more_and_never_less_than_is_included() -> None:
    assert plans.PLANS["team"].limits_of({"seats": 7, "brands": 1}) == plans.Limits(7, 3, 15)


def test_what_does_not_fit_is_named_with_its_numbers() -> None:
    holdings = plans.Holdings(seats=3, brands=1, channels=9)
    assert plans.excess(plans.FREE.limits, holdings) == (plans.Excess("seats", 2, 3), plans.Excess("channels", 2, 9))
    assert not plans.fits(plans.FREE, holdings)
    assert plans.fits(plans.TRIAL, holdings)
    assert plans.fits(plans.TRIAL, plans.Holdings(seats=9), {"seats": 9})
    assert plans.excess(plans.Limits(), plans.Holdings(10**9, 10**9, 10**9)) == ()


def test_a_plan_that_is_not_there_is_none() -> None:
    assert plans.of("gold") is None
    assert plans.of("team") is plans.TRIAL


def test_what_is_not_sold_has_no_price() -> None:
    with pytest.raises(KeyError):
        plans.TRIAL.components[0].price("week", "eur")
