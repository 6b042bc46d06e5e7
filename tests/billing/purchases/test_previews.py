"""The promise of a price: read by the agency that it was made to, for ten minutes, as it was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import errors
from chalicelib.purchases import previews
from chalicelib.purchases.previews import HOLDS, Preview
from chalicelib.purchases.selections import Selection

KEY, NOW = "key-of-the-agency", 1_790_000_000_000
PROMISED = Preview(4, Selection("team", "month", 5, 3), NOW // 1000, NOW)
TOKEN = previews.signed(KEY, PROMISED)


def test_promise_is_read_as_it_was_made() -> None:
    assert previews.read(KEY, TOKEN, NOW + HOLDS - 1) == PROMISED


def test_promise_is_over_after_ten_minutes() -> None:
    """BI-29"""
    with pytest.raises(errors.Gone) as over:
        previews.read(KEY, TOKEN, NOW + HOLDS)
    assert over.value.code == "preview_over"


def test_promise_to_another_agency_is_none() -> None:
    """BI-29"""
    with pytest.raises(errors.Invalid):
        previews.read("key-of-another", TOKEN, NOW)


@given(place=st.integers(0, len(TOKEN) - 1), sign=st.characters())
def test_altered_promise_is_none(place: int, sign: str) -> None:
    """BI-29"""
    altered = TOKEN[:place] + sign + TOKEN[place + 1 :]
    if altered != TOKEN:
        with pytest.raises(errors.Invalid):
            previews.read(KEY, altered, NOW)


@given(token=st.text(max_size=300))
def test_made_up_promise_is_none(token: str) -> None:
    with pytest.raises(errors.Invalid):
        previews.read(KEY, token, NOW)
