"""What the text of an API key says by itself: whether it is ours at all, and whether it may do everything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.access import tokens
from chalicelib.people import api_keys
from chalicelib.people.members import Grants

OWNER = [{"role": "owner", "brands": None}]
KEYS = st.builds(lambda is_full: tokens.new_key(is_full=is_full), st.booleans())


@given(KEYS)
def test_key_of_ours_is_known_without_a_look_up(key: str) -> None:
    assert tokens.is_key(key)
    caller = tokens.caller(f"Bearer {key}")
    assert caller is not None
    assert caller.is_key


@given(KEYS, st.integers(0, 38), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_mistyped_key_is_known_without_a_look_up(key: str, place: int, letter: str) -> None:
    wrong = key[: 9 + place] + letter + key[10 + place :]
    assert tokens.is_key(wrong) == (wrong == key)
    assert (tokens.caller(f"Bearer {wrong}") is None) == (wrong != key)


@pytest.mark.parametrize(
    "text", ["", "pal_", "pal_full_", "pal_none_" + "a" * 39, "pal_part_" + "a" * 39, "pal_full_" + "é" * 39]
)
def test_what_was_made_up_is_no_key(text: str) -> None:
    assert not tokens.is_key(text)


@pytest.mark.parametrize(
    ("grants", "expires_at", "ranges", "restricted"),
    [
        (OWNER, None, (), False),
        (OWNER, "2030-01-01T00:00:00Z", (), True),
        (OWNER, None, ("203.0.113.0/24",), True),
        ([{"role": "owner", "brands": ["brd_1"]}], None, (), True),
        ([{"role": "client", "brands": None}], None, (), True),
    ],
)
def test_key_that_may_do_less_than_all_is_restricted(
    grants: Grants, expires_at: str | None, ranges: tuple[str, ...], restricted: bool
) -> None:
    assert api_keys.is_restricted(grants, expires_at, ranges) == restricted
