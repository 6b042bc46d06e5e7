"""Cursors lead back to their place, and are taken for their own list alone."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib import errors, page

POSITIONS = st.recursive(st.text() | st.integers() | st.none(), lambda inner: st.lists(inner, max_size=3), max_leaves=4)


@given(st.text(), POSITIONS)
def test_cursor_gives_its_position_back(scope: str, position: object) -> None:
    assert page.position(scope, page.cursor(scope, position)) == position


@given(st.text(), st.text(), POSITIONS)
def test_cursor_of_another_list_is_refused(scope: str, other: str, position: object) -> None:
    assume(scope != other)
    with pytest.raises(errors.Malformed):
        page.position(other, page.cursor(scope, position))


@given(st.text(min_size=1))
def test_no_other_text_is_a_cursor(text: str) -> None:
    with pytest.raises(errors.Malformed):
        page.position("a list", text)


@given(st.text(), st.data())
def test_cursor_that_was_touched_is_refused(position: str, draw: st.DataObject) -> None:
    cursor = page.cursor("a list", position)
    place = draw.draw(st.integers(0, len(cursor) - 2))  # the last character holds bits nobody reads
    letter = draw.draw(st.sampled_from(sorted(set("ABab01-_") - {cursor[place]})))
    with pytest.raises(errors.Malformed):
        page.position("a list", cursor[:place] + letter + cursor[place + 1 :])


def test_without_a_cursor_there_is_no_position() -> None:
    assert page.position("a list", None) is None
    assert page.position("a list", "") is None
