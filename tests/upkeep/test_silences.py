"""A channel is silent if nothing came for three times as long as usual, in the hours in which people write."""

from chalicelib import clock
from chalicelib.upkeep import silences

MONDAY = 1_794_182_400_000 // clock.DAY * clock.DAY  # a Monday, at midnight UTC
NOON = MONDAY + 12 * clock.HOUR


def days(*hours: int, ago: range = range(1, 28), but: tuple[int, ...] = ()) -> list[int]:
    """So many days before Monday, something came in these hours of each."""
    return [MONDAY - day * clock.DAY + hour * clock.HOUR for day in ago for hour in hours if (-day) % 7 not in but]


def test_busy_channel_is_silent_after_half_a_day() -> None:
    heard = days(*range(24))
    assert not silences.is_silent(heard, MONDAY + 2 * clock.HOUR)
    assert silences.is_silent(heard, MONDAY + 12 * clock.HOUR)


def test_night_is_no_silence() -> None:
    heard = days(*range(9, 18))
    assert not silences.is_silent(heard, MONDAY + 8 * clock.HOUR)
    assert not silences.is_silent(heard, NOON)
    assert silences.is_silent(heard, MONDAY + 2 * clock.DAY)


def test_weekend_is_no_silence_where_nobody_writes_then() -> None:
    heard = days(*range(9, 18), but=(5, 6))
    assert not silences.is_silent(heard, MONDAY + 10 * clock.HOUR)


def test_channel_to_which_few_write_is_not_called_silent() -> None:
    assert not silences.is_silent(days(12, ago=range(1, 10)), MONDAY + 5 * clock.DAY)
    assert not silences.is_silent([], NOON)


def test_channel_that_is_new_is_not_called_silent() -> None:
    assert not silences.is_silent(days(*range(24), ago=range(1, 3)), MONDAY + clock.DAY)
