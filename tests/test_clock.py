"""Moments go out in one form and come back the same."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import clock

FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@given(st.integers(0, clock.LAST))
def test_moment_comes_back_as_it_went(ms: int) -> None:
    text = clock.text(ms)
    assert FORM.fullmatch(text)
    assert clock.parse(text) == ms


@given(st.integers(0, clock.LAST), st.integers(0, clock.LAST))
def test_texts_sort_as_moments_do(moment: int, other: int) -> None:
    assert (clock.text(moment) < clock.text(other)) == (moment < other)


@given(st.integers())
def test_every_number_has_a_text(ms: int) -> None:
    assert FORM.fullmatch(clock.text(ms))


def test_zones_are_understood_and_asked_for() -> None:
    assert clock.parse("2026-11-22T16:00:00+01:00") == clock.parse("2026-11-22T15:00:00Z") == 1_795_359_600_000


@pytest.mark.parametrize("text", ["2026-11-22T15:00:00", "2026-11-22", "yesterday", "", "2026-02-30T00:00:00Z", "1"])
def test_other_texts_are_no_moments(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - Python words them differently
        clock.parse(text)


@pytest.mark.parametrize(
    ("text", "zone", "utc"),
    [
        ("2026-11-22T15:00", "Europe/Paris", "2026-11-22T14:00:00Z"),
        ("2026-07-22T15:00:30", "Europe/Paris", "2026-07-22T13:00:30Z"),
        ("2026-10-25T02:30", "Europe/Paris", "2026-10-25T00:30:00Z"),
        ("2026-11-22T15:00", "UTC", "2026-11-22T15:00:00Z"),
        ("2026-11-22T15:00+05:30", "Europe/Paris", "2026-11-22T09:30:00Z"),
    ],
    ids=["winter", "summer", "the first of two", "utc", "its own offset"],
)
def test_local_time_is_on_the_clocks_of_the_zone(text: str, zone: str, utc: str) -> None:
    assert clock.local(text, zone) == clock.parse(utc)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("2026-03-29T02:30", "Europe/Paris"),
        ("2026-03-08T02:00", "America/New_York"),
        ("2011-12-30T12:00", "Pacific/Apia"),
    ],
)
def test_time_the_clocks_skip_is_none(text: str, zone: str) -> None:
    with pytest.raises(clock.NoSuchTime):
        clock.local(text, zone)


@given(st.text() | st.datetimes().map(datetime.isoformat) | st.dates().map(str), st.sampled_from(["UTC", "Asia/Tokyo"]))
def test_local_time_is_a_moment_or_refused(text: str, zone: str) -> None:
    try:
        at = clock.local(text, zone)
    except ValueError:
        return
    assert datetime.fromtimestamp(at / 1000, UTC).year > 0
