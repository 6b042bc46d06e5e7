"""Moments go out in one form and come back the same."""

import re

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
def test_texts_sort_as_moments_do(one: int, other: int) -> None:
    assert (clock.text(one) < clock.text(other)) == (one < other)


@given(st.integers())
def test_every_number_has_a_text(ms: int) -> None:
    assert FORM.fullmatch(clock.text(ms))


def test_zones_are_understood_and_asked_for() -> None:
    assert clock.parse("2026-11-22T16:00:00+01:00") == clock.parse("2026-11-22T15:00:00Z") == 1_795_359_600_000


@pytest.mark.parametrize("text", ["2026-11-22T15:00:00", "2026-11-22", "yesterday", "", "2026-02-30T00:00:00Z", "1"])
def test_other_texts_are_no_moments(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - Python words them differently
        clock.parse(text)
