"""Ten tries over three days, spread a little; a receiver may ask for more time."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.clock import DAY, HOUR, MINUTE, SECOND
from chalicelib.deliveries import schedule

HOURS = 75.583


@given(key=st.text())
def test_ten_tries_take_three_days_and_a_tenth_at_most(key: str) -> None:
    waits = [schedule.wait(tries, key) for tries in range(10)]
    assert all(wait is not None for wait in waits)
    assert 0.9 * HOURS * HOUR < sum(wait or 0 for wait in waits) < 1.1 * HOURS * HOUR
    assert all((earlier or 0) < (later or 0) for earlier, later in pairwise(waits))
    assert schedule.wait(10, key) is None


def test_what_failed_at_once_comes_back_apart() -> None:
    waits = {schedule.wait(1, f"evt_{number}") for number in range(100)}
    assert len(waits) > 50
    assert min(waits, key=lambda wait: wait or 0) != 5 * SECOND


@pytest.mark.parametrize(
    ("header", "ms"),
    [
        ("120", 2 * MINUTE), (" 5 ", 5 * SECOND), ("0", 0), ("Thu, 01 Jan 1970 00:02:00 GMT", 2 * MINUTE),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("999999999999", DAY), ("Fri, 31 Dec 9999 23:59:59 GMT", DAY),
        ("", 0), ("soon", 0), ("-5", 0), ("1.5", 0), ("\u0665", 0), ("Thu, 99 Foo 2026", 0),
    ],
)  # fmt: skip
def test_receiver_is_given_the_time_that_it_asks_for(header: str, ms: int) -> None:
    assert schedule.wait_asked_for(header, 0) == ms


@given(header=st.text())
def test_no_header_is_too_odd(header: str) -> None:
    assert 0 <= schedule.wait_asked_for(header, 0) <= DAY
