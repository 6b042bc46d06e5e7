"""The days of which figures are asked."""

from typing import Any

import pytest

from chalicelib import clock, errors
from chalicelib.evaluation.stretches import Stretch, stretch_of

NOW = clock.parse("2026-11-27T12:00:00Z")


def stretch(since: str, until: str | None = None) -> Stretch:
    return Stretch(clock.parse(since), clock.parse(until) if until else None)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, stretch("2026-10-28T12:00:00Z")),
        ({"days": 1}, stretch("2026-11-26T12:00:00Z")),
        ({"from": "2026-11-01", "to": "2026-11-02"}, stretch("2026-11-01T00:00:00Z", "2026-11-03T00:00:00Z")),
        ({"from": "2026-11-02", "to": "2026-11-02"}, stretch("2026-11-02T00:00:00Z", "2026-11-03T00:00:00Z")),
        ({"from": "2026-11-27"}, stretch("2026-11-27T00:00:00Z")),
        ({"to": "2026-11-26"}, stretch("2026-10-28T00:00:00Z", "2026-11-27T00:00:00Z")),
        ({"from": "2026-08-30"}, stretch("2026-08-30T00:00:00Z")),
        ({"from": "2026-11-27", "to": "2026-12-31"}, stretch("2026-11-27T00:00:00Z")),
        ({"to": "0001-01-01"}, Stretch(0, 0)),
        ({"from": "9999-12-31", "to": "9999-12-31"}, stretch("9999-12-31T00:00:00Z")),
    ],
)
def test_days_are_counted_back_from_now_or_named(query: dict[str, Any], expected: Stretch) -> None:
    assert stretch_of(query, NOW) == expected


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ({"days": 7, "from": "2026-11-01"}, "not_together", "days"),
        ({"from": "2026-11-02", "to": "2026-11-01"}, "bad_times", "to"),
        ({"from": "2026-11-28"}, "bad_times", "from"),
        ({"from": "2026-08-29"}, "bad_times", "from"),
        ({"from": "2026-01-01", "to": "2026-04-01"}, "bad_times", "from"),
        ({"to": "2026-02-30"}, "bad_times", "to"),
    ],
)
def test_days_that_are_no_stretch_are_refused(query: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        stretch_of(query, NOW)
    assert (refused.value.code, refused.value.field) == (code, field)
