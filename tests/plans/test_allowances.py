"""How much of what was said is billed: never more than the cap pays for, whatever comes in which order."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import clock
from chalicelib.plans import allowances
from chalicelib.plans.subscriptions import Contract

NOW = clock.parse("2026-11-27T12:00:00Z")
MONTH = NOW - 10 * clock.DAY
TEAM = Contract("sub_1", "active", created=MONTH - 60 * clock.DAY, plan="team", interval="month", currency="eur",
                usage_since=MONTH, usage_until=MONTH + 30 * clock.DAY)  # fmt: skip
HOURS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 40)), max_size=40)


@pytest.mark.parametrize(("cap", "messages"), [(0, 5_000), (1, 5_002), (100, 5_250), (None, 5_000 + 24_500)], ids=str)
def test_cap_pays_for_so_many_messages_beyond_those_included(cap: int | None, messages: int) -> None:
    assert allowances.allowed(TEAM, cap) == messages


def test_plan_that_is_not_known_has_no_cap_and_is_billed_as_counted() -> None:
    assert allowances.allowed(replace(TEAM, plan=""), 100) is None
    assert allowances.value(7, 0, 10**9, None) == 7


@given(HOURS, st.integers(0, 100))
def test_never_more_is_billed_than_is_allowed_or_was_counted(changes: list[tuple[int, int]], most: int) -> None:
    values, counted = dict.fromkeys(range(6), 0), dict.fromkeys(range(6), 0)
    for hour, number in changes:
        counted[hour] = number
        values[hour] = allowances.value(number, values[hour], sum(values.values()), most)
        assert sum(values.values()) <= most
        assert values[hour] <= number


@given(st.lists(st.integers(0, 40), min_size=1, max_size=6), st.integers(0, 100))
def test_all_is_billed_while_the_cap_is_not_reached(numbers: list[int], more: int) -> None:
    billed = 0
    for number in numbers:
        billed += allowances.value(number, 0, billed, sum(numbers) + more)
    assert billed == sum(numbers)


@pytest.mark.parametrize(
    ("hour", "is_taken"),
    [
        (NOW, True),
        (MONTH, True),
        (MONTH - 1, False),
        (TEAM.created - 1, False),
    ],
)
def test_hour_comes_on_an_invoice_of_the_period_in_which_it_begins(hour: int, is_taken: bool) -> None:
    assert allowances.takes(TEAM, hour, NOW) is is_taken


# BI-37
def test_last_hours_of_a_period_are_taken_while_its_invoice_waits() -> None:
    last = MONTH - clock.HOUR
    ends = MONTH + allowances.INVOICE_WAITS
    assert [allowances.takes(TEAM, last, now) for now in (ends - 1, ends)] == [True, False]


# BI-37
def test_hour_of_36_days_ago_is_not_taken() -> None:
    year = replace(TEAM, usage_since=NOW - 90 * clock.DAY, created=0)
    assert [allowances.takes(year, NOW - days * clock.DAY, NOW) for days in (33, 36)] == [True, False]


@pytest.mark.parametrize("status", ["paused", "canceled", "incomplete", "incomplete_expired"])
def test_nothing_is_billed_of_who_gets_no_invoices(status: str) -> None:
    assert not allowances.is_billed(replace(TEAM, status=status))
    assert not allowances.is_billed(replace(TEAM, usage_since=0))
    assert not allowances.is_billed(None)
    assert allowances.is_billed(TEAM)
