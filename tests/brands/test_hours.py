"""Business time: several openings a day, holidays, and clocks that are put forward and back."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.brands import hours
from chalicelib.brands.hours import Hours
from chalicelib.clock import MINUTE

HOUR = 60 * MINUTE
SHOP = {
    "time_zone": "Europe/Paris",
    "hours": {day: [["09:00", "12:00"], ["14:00", "18:00"]] for day in hours.DAYS[:5]},
    "holidays": ["2026-12-25"],
}


def ms(text: str, zone: str = "Europe/Paris") -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-11-23T10:00", 60, "2026-11-23T11:00"),  # a Monday
        ("2026-11-23T11:30", 60, "2026-11-23T14:30"),  # over lunch
        ("2026-11-27T17:30", 60, "2026-11-30T09:30"),  # over a week-end
        ("2026-11-28T03:00", 30, "2026-11-30T09:30"),  # from when it is closed
        ("2026-12-24T17:00", 120, "2026-12-28T10:00"),  # over Christmas, a Friday, and the week-end
        ("2026-11-23T11:00", 60, "2026-11-23T12:00"),  # to the very end
    ],
)
def test_time_passes_only_while_it_is_open(start: str, minutes: int, end: str) -> None:
    assert hours.after(hours.of(SHOP), ms(start), minutes * MINUTE) == ms(end)


def test_brand_without_hours_is_always_open() -> None:
    assert hours.after(hours.of({}), 1000, HOUR) == 1000 + HOUR
    assert hours.after(hours.of({"hours": {"monday": []}}), 1000, 4000) == 5000


def test_night_the_clock_goes_forward_is_an_hour_shorter() -> None:
    always = hours.of({"time_zone": "Europe/Paris", "hours": {day: [["00:00", "24:00"]] for day in hours.DAYS}})
    assert hours.after(always, ms("2026-03-29T00:00"), 23 * HOUR) == ms("2026-03-30T00:00")
    assert hours.after(always, ms("2026-10-25T00:00"), 25 * HOUR) == ms("2026-10-26T00:00")


def test_what_opens_in_the_hour_that_is_left_out_is_counted_once() -> None:
    night = hours.of({"time_zone": "Europe/Paris", "hours": {"sunday": [["02:00", "02:45"], ["03:00", "04:00"]]}})
    assert hours.after(night, ms("2026-03-29T00:00"), HOUR) == ms("2026-03-29T04:00")


SPANS = st.lists(st.integers(0, 1440), unique=True, max_size=6).map(
    lambda edges: tuple(zip(sorted(edges)[::2], sorted(edges)[1::2], strict=False))
)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31)).map(str)
BRANDS = st.builds(
    Hours,
    zone=st.sampled_from(["UTC", "Europe/Paris", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    week=st.one_of(st.just(()), st.tuples(*[SPANS] * 7).filter(any)),
    holidays=st.frozensets(DAYS, max_size=5),
)
MOMENTS = st.integers(ms("2026-01-01T00:00"), ms("2027-06-01T00:00"))
LENGTHS = st.integers(0, 40 * 24 * HOUR).map(lambda length: length // 7)


@given(BRANDS, MOMENTS, LENGTHS, LENGTHS)
def test_waiting_twice_is_waiting_once_for_both(brand: Hours, start: int, length: int, other: int) -> None:
    assert hours.after(brand, hours.after(brand, start, length), other) == hours.after(brand, start, length + other)


@given(BRANDS, MOMENTS, st.lists(LENGTHS, min_size=2, max_size=2).map(sorted))
def test_longer_wait_ends_later_and_business_time_never_outruns_the_clock(
    brand: Hours, start: int, lengths: list[int]
) -> None:
    sooner, later = (hours.after(brand, start, length) for length in lengths)
    assert sooner - start >= lengths[0]
    assert later - sooner >= lengths[1] - lengths[0]
