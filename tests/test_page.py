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
    position = [draw.draw(SHAPES[kind]) for kind in shape]
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


def numbers(edge: str, is_back: bool, most: int) -> list[int]:
    """A list of numbers as text; those beyond an edge, at most so many."""
    beyond = [n for n in range(17) if not edge or (f"{n:02d}" < edge if is_back else f"{n:02d}" > edge)]
    return (beyond[::-1] if is_back else beyond)[:most]


@given(st.integers(1, 20))
def test_one_goes_on_and_comes_back_the_same_way(limit: int) -> None:
    def part(cursor: str | None) -> page.Part[int]:
        return page.both_ways("a list", cursor, limit, numbers, "{:02d}".format)

    parts = [part(None)]
    while parts[-1].next:
        parts.append(part(parts[-1].next))
    assert [n for portion in parts for n in portion.items] == list(range(17))
    assert parts[0].previous is None
    back = parts[-1]
    for there in parts[-2::-1]:
        back = part(back.previous)
        assert back.items == there.items
        assert part(back.next).items == parts[parts.index(there) + 1].items
    assert back.previous is None


def test_a_part_without_anything_has_no_way_back() -> None:
    assert page.part("a list", "05", [], str, is_back=False, more="") == page.Part([])
    assert page.part("a list", "05", [], str, is_back=False, more="03").next
