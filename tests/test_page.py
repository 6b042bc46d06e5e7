"""Cursors lead back to their place, and are taken for their own list alone."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib import errors, page

TEXTS = st.text(st.characters(codec="ascii"))
SHAPES: dict[type, st.SearchStrategy[object]] = {int: st.integers(0, page.LARGEST), str: TEXTS}


@given(st.text(), TEXTS)
def test_cursor_gives_its_position_back(scope: str, position: str) -> None:
    assert page.position(scope, page.cursor(scope, position)) == position


@given(st.lists(st.sampled_from([int, str]), min_size=1), st.data())
def test_cursor_of_several_parts_gives_them_back(shape: list[type], draw: st.DataObject) -> None:
    position = [draw.draw(SHAPES[one]) for one in shape]
    assert page.position("a list", page.cursor("a list", position), *shape) == position
    with pytest.raises(errors.Malformed):
        page.position("a list", page.cursor("a list", position), *shape, int)


@pytest.mark.parametrize(
    "forged", [5, None, True, [], ["a", 1], [1], [1, "a", 2], [True, "a"], [1.5, "a"], {}, [1, "é"]]
)
def test_sealed_position_of_another_kind_is_refused(forged: object) -> None:
    cursor = page.cursor("a list", forged)
    for shape in ((), (int, str)):
        with pytest.raises(errors.Malformed):
            page.position("a list", cursor, *shape)


@given(st.text(), st.text(), TEXTS)
def test_cursor_of_another_list_is_refused(scope: str, other: str, position: str) -> None:
    assume(scope != other)
    with pytest.raises(errors.Malformed):
        page.position(other, page.cursor(scope, position))


@given(st.text(min_size=1))
def test_no_other_text_is_a_cursor(text: str) -> None:
    with pytest.raises(errors.Malformed):
        page.position("a list", text)


@given(TEXTS, st.data())
def test_cursor_that_was_touched_is_refused(position: str, draw: st.DataObject) -> None:
    cursor = page.cursor("a list", position)
    place = draw.draw(st.integers(0, len(cursor) - 2))  # the last character holds bits nobody reads
    letter = draw.draw(st.sampled_from(sorted(set("ABab01-_") - {cursor[place]})))
    with pytest.raises(errors.Malformed):
        page.position("a list", cursor[:place] + letter + cursor[place + 1 :])


def test_without_a_cursor_there_is_no_position() -> None:
    assert page.position("a list", None) is None
    assert page.position("a list", "") is None
