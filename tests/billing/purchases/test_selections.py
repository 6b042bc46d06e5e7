"""What may be chosen, and what is more and what less than before."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import errors
from chalicelib.api import schema
from chalicelib.plans import plans
from chalicelib.plans.subscriptions import Contract
from chalicelib.purchases import schemas, selections
from chalicelib.purchases.selections import Selection

WISH = {"plan": "team", "interval": "month", "seats": 4, "brands": 3, "currency": "eur", "return_to": "https://a.b"}
CONTRACT = Contract("sub_1", "active", plan="team", interval="month", currency="eur", quantities={"seats": 4})
SELECTIONS = st.builds(
    Selection,
    st.sampled_from(selections.SOLD),
    st.sampled_from(plans.INTERVALS),
    st.integers(1, 50),
    st.integers(1, 50),
)


@pytest.mark.parametrize("seats", [0, -1, 10**9, "3", 3.5, True, None])
@pytest.mark.parametrize("body", [schemas.CHECKOUT, schemas.PREVIEW])
def test_so_many_seats_cannot_be_asked_for(body: Any, seats: Any) -> None:
    """BI-28"""
    wish = {**WISH, "seats": seats} if body is schemas.CHECKOUT else {"seats": seats}
    with pytest.raises(errors.Invalid) as refused:
        schema.check(body, wish)
    assert refused.value.field == "seats"


@pytest.mark.parametrize(
    ("field", "value"), [("plan", "free"), ("plan", "gold"), ("interval", "week"), ("currency", "chf"), ("price", 1)]
)
def test_what_is_not_sold_cannot_be_asked_for(field: str, value: Any) -> None:
    """BI-28"""
    schema.check(schemas.CHECKOUT, WISH)
    with pytest.raises(errors.Invalid) as refused:
        schema.check(schemas.CHECKOUT, {**WISH, field: value})
    assert refused.value.field == field


def test_currency_of_a_subscription_cannot_be_changed() -> None:
    """BI-28"""
    with pytest.raises(errors.Invalid):
        schema.check(schemas.CHANGE, {"preview": "x", "currency": "usd"})


def test_what_the_plan_includes_comes_with_it() -> None:
    assert selections.for_first_purchase({**WISH, "seats": 1, "brands": 1}) == Selection("team", "month", 3, 3)
    assert selections.changed(CONTRACT, {"plan": "agency"}) == Selection("agency", "month", 10, 10)


def test_what_we_do_not_recognise_cannot_be_changed() -> None:
    with pytest.raises(errors.Conflict):
        selections.of_contract(Contract("sub_1", "active"))


@pytest.mark.parametrize(
    ("after", "is_more"),
    [
        ({"seats": 5}, True),
        ({"seats": 3}, False),
        ({"plan": "agency"}, True),
        ({"interval": "year"}, True),
        ({"brands": 4, "seats": 3}, True),
    ],
)
def test_more_of_anything_is_paid_at_once(after: dict[str, Any], is_more: bool) -> None:
    before = selections.of_contract(CONTRACT)
    assert selections.is_more(before, selections.changed(CONTRACT, after), "eur") == is_more


@given(selection=SELECTIONS, other=SELECTIONS, currency=st.sampled_from(plans.CURRENCIES))
def test_of_two_that_differ_one_is_more_or_only_shorter(selection: Selection, other: Selection, currency: str) -> None:
    ways = [selections.is_more(selection, other, currency), selections.is_more(other, selection, currency)]
    assert any(ways) == (selection != other)


@given(selection=SELECTIONS, seats=st.integers(0, 60), brands=st.integers(0, 60))
def test_who_fits_may_buy_and_may_change_and_who_does_not_may_neither(
    selection: Selection, seats: int, brands: int
) -> None:
    holdings = plans.Holdings(seats, brands)
    for check, error in ((selections.check_use, errors.Invalid), (selections.check_fit, errors.Conflict)):
        if plans.fits(selection.chosen_plan, holdings, selection.quantities):
            check(selection, holdings)
        else:
            with pytest.raises(error):
                check(selection, holdings)
