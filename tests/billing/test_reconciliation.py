"""Each morning Stripe's meter is compared with what was counted, hour by hour, and is told again what differs."""

import pytest

from chalicelib import clock
from tests.billing.metered import Metered


def test_meter_that_has_all_is_told_nothing(metered: Metered) -> None:
    metered.hears(range(3))
    metered.later(2 * clock.HOUR)
    metered.reports()
    metered.later(8 * clock.HOUR)
    assert metered.checks() == 0
    assert metered.row().revision == 1


def test_what_was_counted_too_late_for_the_report_is_told_in_the_morning(metered: Metered) -> None:
    metered.later(10 * clock.HOUR)
    metered.hears(range(3))
    assert metered.reports() == 0
    metered.checks()
    assert metered.meter_has() == {metered.hour: 3}


@pytest.mark.parametrize("value", [1, 7])
def test_meter_that_has_less_or_more_is_told_ours_again(metered: Metered, value: int) -> None:
    metered.hears(range(3))
    metered.later(2 * clock.HOUR)
    metered.reports()
    metered.tell(value, f"{metered.agency}-1", second=1)
    metered.later(8 * clock.HOUR)
    assert metered.checks() == 1
    assert (metered.meter_has(), metered.row().seen) == ({metered.hour: 3}, value)
    metered.later(clock.DAY)
    assert metered.checks() == 0
    assert metered.row().differs_since is None


def test_hour_of_which_only_the_meter_knows_is_taken_back(metered: Metered) -> None:
    metered.later(2 * clock.HOUR)
    metered.tell(9, f"{metered.agency}-1", second=0)
    metered.later(8 * clock.HOUR)
    assert metered.checks() == 1
    assert metered.meter_has() == {metered.hour: 0}


def test_meter_that_still_differs_a_day_after_is_told_to_the_operator(
    metered: Metered, capsys: pytest.CaptureFixture[str]
) -> None:
    metered.hears(range(3))
    metered.later(2 * clock.HOUR)
    metered.reports()
    metered.tell(5, f"{metered.agency}-1")  # of a later second than any revision of ours
    for day in range(2):
        metered.later(clock.DAY)
        assert (metered.checks(), '"usage_differs"' in capsys.readouterr().out) == (1, day == 1)
    assert (metered.row().value, metered.row().seen) == (3, 5)


def test_what_was_told_just_now_is_not_judged(metered: Metered) -> None:
    metered.later(10 * clock.HOUR)
    metered.hears(range(3))
    assert metered.checks() == 0
    assert metered.row().revision == 1
