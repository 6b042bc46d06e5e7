"""The pure parts of the double: forms, tiers, shares of a period, and when periods end."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from stripe._encode import _api_encode

from local.stripe import amounts, forms, periods

AMOUNTS = st.integers(0, 10**9)
NAMES = st.text("abcdefgh_", min_size=1, max_size=8)
VALUES: Any = st.recursive(
    st.text(max_size=8),
    lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(NAMES, inner, min_size=1, max_size=3),
    max_leaves=8,
)
MOMENTS = st.integers(1_500_000_000, 2_000_000_000)


@given(st.dictionaries(NAMES, VALUES, max_size=4))
def test_what_the_library_writes_is_read_as_it_was(params: dict[str, Any]) -> None:
    pairs = [(key, str(value)) for key, value in _api_encode(params)]
    assert forms.nested(pairs) == params


@given(AMOUNTS, MOMENTS, st.integers(1, 40_000_000), st.integers(0, 40_000_000))
def test_what_is_left_and_what_is_gone_are_the_whole(amount: int, start: int, length: int, passed: int) -> None:
    end, at = start + length, start + min(passed, length)
    left = amounts.part(amount, start, end, at)
    gone = amounts.part(amount, 0, length, length - (at - start))
    assert 0 <= left <= amount and abs(left + gone - amount) <= 1


@given(AMOUNTS, MOMENTS, st.integers(1, 40_000_000), st.integers(-100, 100))
def test_all_is_left_at_the_start_and_nothing_at_the_end(amount: int, start: int, length: int, off: int) -> None:
    assert amounts.part(amount, start, start + length, start - abs(off)) == amount
    assert amounts.part(amount, start, start + length, start + length + abs(off)) == 0


def tiers(*each: tuple[int | None, int]) -> list[dict[str, Any]]:
    return [{"up_to": top, "unit_amount_decimal": str(unit), "flat_amount_decimal": None} for top, unit in each]


@given(st.integers(0, 10_000), st.integers(1, 5000), st.integers(0, 500), st.integers(0, 500))
def test_tiers_cost_what_each_unit_costs(quantity: int, top: int, low: int, high: int) -> None:
    each = sum(low if number < top else high for number in range(quantity))
    assert amounts.tiered(tiers((top, low), (None, high)), quantity) == each


@given(MOMENTS, st.sampled_from(["day", "week", "month", "year"]), st.integers(1, 3), st.integers(0, 100_000_000))
def test_now_is_inside_the_period_that_ends_next(anchor: int, interval: str, count: int, passed: int) -> None:
    end = periods.ends(anchor, interval, count, anchor + passed)
    assert anchor + passed < end
    ends = [periods.after(anchor, interval, count, number) for number in range(1200)]
    assert end == min(moment for moment in ends if moment > anchor + passed)


def test_a_short_month_does_not_move_the_anchor() -> None:
    anchor = int(datetime(2028, 1, 31, tzinfo=UTC).timestamp())
    ends = [datetime.fromtimestamp(periods.after(anchor, "month", 1, number), UTC) for number in range(1, 4)]
    assert [(end.month, end.day) for end in ends] == [(2, 29), (3, 31), (4, 30)]
