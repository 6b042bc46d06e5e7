"""Coupons and the codes of them: what is taken off, for how long, and what is refused."""

from typing import Any

import pytest
import stripe

from tests.local.stripe.test_checkout import only, opened
from tests.support.stripe_side import DAY, Account


def coupon(account: Account, **more: Any) -> str:
    wanted: Any = {"percent_off": 20, "duration": "forever", **more}
    return account.v1.coupons.create(wanted).id


def code(account: Account, coupon_id: str, word: str = "WELCOME") -> str:
    wanted: Any = {"promotion": {"type": "coupon", "coupon": coupon_id}, "code": word}
    return account.v1.promotion_codes.create(wanted).id


def totals(account: Account, customer: str) -> list[int]:
    """Of the invoices, from the oldest on."""
    return [invoice.total for invoice in account.v1.invoices.list({"customer": customer}).data][::-1]


@pytest.mark.parametrize(
    ("terms", "paid"),
    [
        ({}, [3920, 3920, 3920]),
        ({"duration": "once"}, [3920, 4900, 4900]),
        ({"duration": "repeating", "duration_in_months": 2}, [3920, 3920, 4900]),
        ({"percent_off": "", "amount_off": 1000, "currency": "eur"}, [3900, 3900, 3900]),
        ({"percent_off": "", "amount_off": 99_000, "currency": "eur", "duration": "once"}, [0, 4900, 4900]),
    ],
)
def test_discount_is_taken_off_as_long_as_the_coupon_says(account: Account, terms: Any, paid: list[int]) -> None:
    clock = account.clock()
    customer = account.customer(clock)
    discounts: Any = [{"coupon": coupon(account, **terms)}]
    session = opened(account, customer, discounts=discounts)
    assert session.amount_total == paid[0]
    account.press(str(session.url), "pay")
    account.advance(clock, 61 * DAY)
    assert totals(account, customer) == paid


def test_code_is_typed_on_the_page_and_tax_is_for_what_is_left(account: Account) -> None:
    account.control("settings", tax_percent=19)
    code(account, coupon(account))
    customer = account.customer(account.clock())
    session = opened(account, customer, allow_promotion_codes=True, automatic_tax={"enabled": True})
    account.press(str(session.url), "pay", promotion_code="welcome")
    [invoice] = account.v1.invoices.list({"customer": customer}).data
    assert (invoice.subtotal, invoice.total_excluding_tax, invoice.total) == (4900, 3920, 3920 + 745)
    assert invoice.total_discount_amounts
    assert [each.amount for each in invoice.total_discount_amounts] == [980]
    assert account.v1.promotion_codes.list({"code": "WELCOME"}).data[0].times_redeemed == 1


def test_code_that_is_not_known_or_not_asked_for_is_refused_and_the_page_stays_open(account: Account) -> None:
    code(account, coupon(account))
    customer = account.customer(account.clock())
    asked, unasked = (opened(account, customer, allow_promotion_codes=asks) for asks in (True, False))
    assert account.press(str(asked.url), "pay", promotion_code="GUESSED").status == 400
    assert account.press(str(unasked.url), "pay", promotion_code="WELCOME").status == 400
    assert account.v1.checkout.sessions.retrieve(asked.id).status == "open"


@pytest.mark.parametrize(
    "wrong",
    [
        {"percent_off": ""}, {"amount_off": 5, "currency": "eur"}, {"percent_off": 101}, {"percent_off": 0},
        {"percent_off": "", "amount_off": 5}, {"duration": "repeating"}, {"duration_in_months": 3},
        {"duration": "twice"}, {"applies_to": {"products": ["palabre_team"]}},
    ],
)  # fmt: skip
def test_coupon_that_makes_no_sense_is_refused(account: Account, wrong: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        coupon(account, **wrong)


def test_code_and_coupon_and_both_ways_at_once_are_refused(account: Account) -> None:
    customer = account.customer(account.clock())
    coupon_id = coupon(account, percent_off="", amount_off=5, currency="usd")
    promotion = code(account, coupon_id)
    for wrong in (
        {"discounts": [{"coupon": coupon_id}]},  # another currency
        {"discounts": [{"coupon": coupon_id, "promotion_code": promotion}]},
        {"discounts": [{"coupon": "co_0"}]},
        {"discounts": [{"coupon": coupon(account)}], "allow_promotion_codes": True},
        {"discounts": [{"coupon": coupon(account)}, {"coupon": coupon(account)}]},
    ):
        with pytest.raises(stripe.InvalidRequestError):
            opened(account, customer, **wrong)
    with pytest.raises(stripe.InvalidRequestError):
        code(account, coupon_id)  # there is an active one of that name


def test_what_was_discounted_is_not_changed_in_the_middle_of_a_period(account: Account) -> None:
    customer = account.customer(account.clock())
    discounts: Any = [{"coupon": coupon(account, duration="once")}]
    account.press(str(opened(account, customer, discounts=discounts).url), "pay")
    item = only(account, customer)["items"].data[0].id
    more: Any = {"items": [{"id": item, "quantity": 2}]}
    with pytest.raises(stripe.InvalidRequestError, match="prorate"):
        account.v1.subscriptions.update(only(account, customer).id, more)
