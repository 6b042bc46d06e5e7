"""Stripe's objects are read without ever raising; what is unknown is named."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import clock
from chalicelib.billing import snapshots
from chalicelib.plans.subscriptions import Card
from tests.billing.stripe_objects import NOW, PERIOD_END, SECONDS, Json, invoice, item, paused, snapshot, subscription

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("id", "status", "created", "items", "cancel_at", "status_details", "pending_update", "default_payment_method")


def test_an_ordinary_subscription_is_read() -> None:
    (contract,) = snapshot(subscription()).contracts
    assert (contract.plan, contract.interval, contract.currency) == ("team", "month", "eur")
    assert contract.quantities == {"seats": 4, "brands": 3}
    assert contract.period_end == PERIOD_END * 1000
    assert (contract.ends_at, contract.pending_until, contract.problems) == (0, 0, ())


@pytest.mark.parametrize("fields", [{"cancel_at": PERIOD_END}, {"cancel_at_period_end": True}])
def test_either_of_two_fields_says_that_it_is_to_end(fields: Json) -> None:
    assert snapshot(subscription(**fields)).contracts[0].ends_at == PERIOD_END * 1000


def test_a_change_that_waits_for_its_payment_says_until_when() -> None:
    waiting = subscription(pending_update={"expires_at": SECONDS + 5})
    assert snapshot(waiting).contracts[0].pending_until == NOW + 5000


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        pytest.param({"status": "frozen"}, "unknown_status", id="BI-14 status"),
        pytest.param({"items": [item("base", plan="gold")]}, "unknown_price", id="BI-14 price"),
        pytest.param({"items": [item("rockets")]}, "unknown_price", id="BI-14 product"),
        pytest.param({"items": [item("base"), item("base", plan="agency")]}, "two_bases", id="BI-14 two base items"),
        pytest.param({"items": [item("base", price=None)]}, "item_without_price", id="BI-14 item without price"),
        pytest.param({"items": []}, "no_base", id="no base"),
        pytest.param({"status": "paused", **paused("moon")}, "unknown_pause", id="unknown pause"),
        pytest.param({"pause_collection": {"behavior": "void"}}, "collection_paused", id="collection paused"),
    ],
)
def test_what_cannot_be_understood_is_named(changes: Json, problem: str) -> None:
    assert problem in snapshot(subscription(**changes)).problems


def test_a_price_is_recognised_by_what_we_wrote_on_it_if_its_product_is_another() -> None:
    written = {"product": "prod_1", "metadata": {"plan": "agency", "item": "base"}, "recurring": {"interval": "year"}}
    (contract,) = snapshot(subscription(items=[item("base", price=written)])).contracts
    assert (contract.plan, contract.interval, contract.problems) == ("agency", "year", ())


def test_metadata_of_a_price_never_overrule_its_product() -> None:
    row = item("base")
    row["price"]["metadata"] = {"plan": "agency", "item": "base"}
    assert snapshot(subscription(items=[row])).contracts[0].plan == "team"


def test_many_subscriptions_and_invoices_are_read_and_told() -> None:
    """BI-19."""
    many = [subscription("canceled", id=f"sub_{n}", created=n) for n in range(20)]
    seen = snapshot(*many, subscription(id="sub_live", created=99), invoices=tuple(map(invoice, range(300))))
    assert seen.contracts[0].id == "sub_live"
    assert len(seen.contracts) == 21
    assert seen.owed == {"sub_1": NOW - 299 * clock.DAY}
    assert seen.problems == ("many_subscriptions", "many_invoices")


def test_only_open_invoices_of_a_subscription_are_owed_for_it() -> None:
    seen = snapshot(
        subscription(), invoices=(invoice(3), invoice(9, status="paid"), invoice(8, "sub_2"), invoice(1, ""))
    )
    assert seen.owed == {"sub_1": NOW - 3 * clock.DAY, "sub_2": NOW - 8 * clock.DAY}


def test_the_card_of_a_live_subscription_comes_before_the_customers() -> None:
    visa = {"type": "card", "card": {"brand": "visa", "last4": "4242", "exp_month": 4, "exp_year": 2030}}
    sepa = {"type": "sepa_debit", "sepa_debit": {"last4": "3000"}}
    settings = {"default_payment_method": sepa}
    own = snapshot(subscription(default_payment_method=visa), invoice_settings=settings)
    assert own.card == Card("visa", "4242", "2030-04")
    assert snapshot(subscription(), invoice_settings=settings).card == Card("sepa_debit", "3000")
    assert snapshot(subscription()).card is None


def test_a_test_clock_is_the_time_in_a_sandbox_and_never_in_live_mode() -> None:
    """BI-39."""
    frozen = {"frozen_time": SECONDS + 60}
    sandbox = snapshots.read({"id": "cus_1", "livemode": False}, [], [], test_clock=frozen)
    live = snapshots.read({"id": "cus_1", "livemode": True}, [], [], test_clock=frozen)
    assert snapshots.present(sandbox, NOW) == NOW + 60_000
    assert snapshots.present(live, NOW) == snapshots.present(None, NOW) == NOW


@pytest.mark.parametrize("day", ["2028-02-29", "2027-01-31", "2027-12-31", "2016-12-31", "2027-03-28"])
def test_periods_are_taken_as_stripe_tells_them(day: str) -> None:
    """BI-39: 29 Feb, 31st, the year's end, a leap second, a day with 23 hours."""
    end = clock.parse(f"{day}T23:59:59Z")
    row = item("base", current_period_end=end // 1000)
    assert snapshot(subscription(items=[row])).contracts[0].period_end == end


@given(st.sampled_from(FIELDS), ANYTHING, ANYTHING)
def test_nothing_raises(name: str, value: Any, other: Any) -> None:
    snapshot(subscription(**{name: value}), invoice_settings=other)
    snapshot(subscription(items=[item("base", price=value, quantity=other, current_period_end=value)]))
    snapshots.read({}, [value], [other], [value], {"frozen_time": other})
