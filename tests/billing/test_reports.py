"""Stripe's meter is told what was said, each hour once it is over: exactly that, whoever dies, repeats or is late."""

from typing import Any

import pytest

from chalicelib import clock
from chalicelib.access import actors
from chalicelib.billing import reports, stripe
from chalicelib.figures import usage
from chalicelib.store import fence
from chalicelib.store.due import now_due
from tests.billing.metered import Metered


def test_hour_is_told_when_it_is_over_and_once(metered: Metered) -> None:
    metered.hears(range(3))
    metered.hears([3], direction="out", reply="rpl_1")
    metered.later(metered.hour + 59 * clock.MINUTE - metered.now)
    assert metered.reports() == 0
    metered.later(clock.MINUTE)
    assert [metered.reports() for _ in range(2)] == [1, 0]
    assert metered.meter_has() == {metered.hour: 4}


def test_what_the_brand_said_elsewhere_is_not_billed(metered: Metered) -> None:
    metered.hears([1], direction="out")
    metered.later(3 * clock.HOUR)
    metered.reports()
    assert metered.meter_has() == {}


# BI-37
def test_hour_that_comes_to_more_or_to_less_is_told_again_and_replaced(metered: Metered) -> None:
    metered.hears(range(3))
    metered.later(2 * clock.HOUR + 1)
    metered.reports()
    metered.hears([7])
    metered.reports()
    assert (metered.meter_has(), metered.row().revision) == ({metered.hour: 4}, 2)
    metered.tells({metered.hour: 2})
    assert (metered.meter_has(), metered.sum()) == ({metered.hour: 2}, 2)


def test_all_brands_are_told_as_one(metered: Metered) -> None:
    metered.hears(range(3))
    metered.hears(range(2), brand=metered.opens_a_brand())
    metered.later(3 * clock.HOUR)
    metered.reports()
    assert metered.meter_has() == {metered.hour: 5}


def test_what_was_said_before_the_contract_began_is_given(metered: Metered) -> None:
    metered.hears(range(3), hour=metered.hour - 2 * clock.HOUR)
    metered.later(2 * clock.HOUR)
    metered.reports()
    assert metered.meter_has() == {}
    assert (metered.row(metered.hour - 2 * clock.HOUR).counted, metered.row(metered.hour - 2 * clock.HOUR).value) == (
        3,
        0,
    )


HOUR = clock.parse("2026-11-27T12:00:00Z")


class Lost:
    """A client whose answers to meter events are lost: `after` Stripe took them, or before."""

    def __init__(self, client: Any, *, after: bool) -> None:
        self.v1, self._client, self._after = self, client, after
        self.billing = self.meter_events = self

    def create(self, params: Any, options: Any) -> Any:
        if self._after:
            self._client.v1.billing.meter_events.create(params, options)
        raise ValueError("cut off")


# BI-37 A11
@pytest.mark.parametrize("after", [True, False], ids=["taken", "not_taken"])
def test_answer_that_is_lost_has_the_very_same_event_told_again(metered: Metered, after: bool) -> None:
    metered.hears(range(3))
    metered.later(2 * clock.HOUR)
    with pytest.raises(stripe.Unavailable):
        metered.reports(Lost(metered.paying.account.client, after=after))
    assert (metered.row().revision, metered.row().sent_revision) == (1, 0)
    assert metered.reports() == 1
    assert (metered.meter_has(), metered.row().sent_revision) == ({metered.hour: 3}, 1)


# BI-37
def test_event_that_stripe_knows_counts_as_told(metered: Metered) -> None:
    metered.hears(range(3))
    metered.later(2 * clock.HOUR)
    metered.tell(3, f"{metered.agency}:m:{metered.hour}:1", second=1)
    assert metered.reports() == 1
    assert (metered.meter_has(), metered.row().sent_revision) == ({metered.hour: 3}, 1)


# A12 BI-37
def test_no_more_is_billed_than_the_cap_and_all_is_counted_on(metered: Metered) -> None:
    metered.later(6 * clock.HOUR)
    for said in ({metered.hour + n * clock.HOUR: 2_000 for n in range(4)}, {metered.hour: 2_500}):
        metered.tells(said, cap=1)  # two messages beyond the 5,000 that are included
    assert (sum(metered.meter_has().values()), metered.sum()) == (5_002, 5_002)
    assert metered.row(metered.hour + 3 * clock.HOUR).counted == 2_000
    assert (metered.row().counted, metered.row().value) == (2_500, 2_000)


# A12
def test_higher_cap_is_for_what_is_said_from_then_on(metered: Metered) -> None:
    metered.later(6 * clock.HOUR)
    for cap, hour in ((0, metered.hour), (400, metered.hour), (400, metered.hour + clock.HOUR)):
        metered.tells({hour: 6_000}, cap)
    assert metered.meter_has() == {metered.hour: 5_000, metered.hour + clock.HOUR: 1_000}


def test_new_period_begins_with_the_whole_cap_and_the_last_hours_are_on_the_old_invoice(metered: Metered) -> None:
    turn = -(-metered.contract.usage_until // clock.HOUR) * clock.HOUR
    metered.later(turn + 2 * clock.HOUR - metered.now)
    metered.tells({turn - clock.HOUR: 5_001, turn: 5_001}, cap=0)
    assert metered.meter_has() == {turn - clock.HOUR: 5_000, turn: 5_000}


# A7
def test_stripe_that_does_not_answer_leaves_all_to_be_told_later(metered: Metered) -> None:
    metered.hears(range(3))
    metered.hears(range(3, 5), hour=metered.hour + clock.HOUR)
    metered.later(4 * clock.HOUR)
    with pytest.raises(stripe.Unavailable):
        metered.reports(Lost(metered.paying.account.client, after=False))
    assert metered.reports() == 2
    assert metered.meter_has() == {metered.hour: 3, metered.hour + clock.HOUR: 2}


def test_nothing_is_told_of_who_does_not_pay(metered: Metered) -> None:
    metered.hears(range(3))
    metered.later(2 * clock.HOUR)
    metered.paying.account.v1.subscriptions.cancel(metered.paying.contract())
    metered.paying.looks()
    assert metered.reports() == 0
    assert metered.meter_has() == {}


def test_report_has_the_next_morning_compare(metered: Metered) -> None:
    metered.reports()
    morning = reports.next_comparison(metered.agency, metered.now)
    asked = [item.when for item in now_due(morning) if item.agency == metered.agency and item.kind == reports.DUE_CHECK]
    assert asked == [morning]
    assert metered.now < morning <= metered.now + clock.DAY


@pytest.mark.parametrize("minutes", [0, 9, 10, 35, 59])
def test_hour_is_reported_when_it_is_over_for_ten_minutes_and_within_an_hour_and_a_half(minutes: int) -> None:
    now = HOUR + minutes * clock.MINUTE
    for agency in ("agc_1", "agc_2"):
        turn = reports.turn_at(agency, HOUR, now)
        assert HOUR + 70 * clock.MINUTE <= turn <= HOUR + 90 * clock.MINUTE
        assert reports.turn_at(agency, HOUR, turn) == turn + clock.HOUR


def test_usage_shows_what_was_billed_and_what_was_not(metered: Metered) -> None:
    metered.later(2 * clock.HOUR)
    metered.tells({metered.hour: 5_003}, cap=1)
    with fence.within(metered.agency):
        first, last = (clock.text(at)[:10] for at in (metered.hour, metered.now))
        query = {"by": "brand", "zone": "utc", "from": first, "to": last}
        asked = usage.read_query(actors.system(metered.agency), query, metered.now)
        assert usage.report(metered.agency, asked)["billed"] == {"counted": 5_003, "billed": 5_002, "unbilled": 1}
