"""A look begins where the last one ended, gives what is new once, and never calls too often."""

from dataclasses import dataclass, field

import pytest

from chalicelib.networks import base, marks
from chalicelib.networks.marks import HISTORY_MS, Page, Row

NOW, MINUTE = 1_790_000_000_000, 60_000


@dataclass
class Shelf:
    """A list as a network has it, the newest first, in pages; `gone` are places that it no longer knows."""

    rows: list[Row] = field(default_factory=list)
    size: int = 2
    calls: list[str] = field(default_factory=list)
    gone: tuple[str, ...] = ()

    def put(self, id: str, at: int) -> None:
        self.rows = sorted(
            [row for row in self.rows if row.id != id] + [Row(id, at, {"id": id})], key=lambda row: -row.at
        )

    def read(self, place: str) -> Page:
        self.calls.append(place)
        if place in self.gone:
            raise base.Rejected(code="invalidPageToken")
        first = int(place or 0)
        rows, last = self.rows[first : first + self.size], first + self.size
        return Page(rows, rows[-1].at if rows else 0, str(last) if last < len(self.rows) else "")

    def look(self, mark: marks.Json, now: int = NOW, again: int = 0) -> tuple[list[str], marks.Look]:
        self.calls.clear()
        look = marks.look(mark, now, self.read, again=again)
        return [row.id for row in look.rows], look


def test_first_look_gives_the_last_thirty_days_as_history_and_no_more() -> None:
    shelf = Shelf()
    for id, at in {"old": NOW - HISTORY_MS - 1, "a": NOW - HISTORY_MS, "b": NOW - 9}.items():
        shelf.put(id, at)
    given, look = shelf.look({})
    assert (given, look.is_history, look.more, look.calls) == (["a", "b"], True, False, 2)
    [body] = look.pulled("us").bodies
    assert body == {"account": "us", "items": [{"id": "a"}, {"id": "b"}], "history": True}
    assert shelf.look(look.mark, NOW + MINUTE)[0] == []


def test_what_has_no_time_that_can_be_read_is_given_once() -> None:
    shelf = Shelf(size=9)
    shelf.put("a", NOW - 9)
    shelf.put("timeless", 0)
    given, look = shelf.look({})
    assert sorted(given) == ["a", "timeless"]
    assert shelf.look(look.mark, NOW + MINUTE)[0] == []


def test_nothing_new_is_one_call_and_the_same_mark() -> None:
    shelf = Shelf()
    mark = shelf.look({})[1].mark
    assert mark["since"] == NOW
    for _ in range(2):
        given, look = shelf.look(mark, NOW + 99 * MINUTE)
        assert (given, look.mark, shelf.calls, look.is_history) == ([], mark, [""], False)
    assert look.pulled("us") == base.Pulled(bodies=[], mark=mark, calls=1)


def test_new_things_are_given_once_the_oldest_first() -> None:
    shelf = Shelf()
    mark = shelf.look({})[1].mark
    for number in range(3):
        shelf.put(f"n{number}", NOW + number * MINUTE)
    given, look = shelf.look(mark, NOW + 9 * MINUTE)
    assert given == ["n0", "n1", "n2"]
    assert shelf.look(look.mark, NOW + 10 * MINUTE)[0] == []


def test_what_shows_late_or_in_the_same_second_or_changes_is_given() -> None:
    shelf = Shelf()
    shelf.put("a", NOW)
    mark = shelf.look({}, NOW)[1].mark
    shelf.put("b", NOW)
    shelf.put("late", NOW - 9 * MINUTE)
    given, look = shelf.look(mark, NOW + MINUTE)
    assert given == ["late", "b"]
    shelf.put("a", NOW + 2 * MINUTE)
    given, look = shelf.look(look.mark, NOW + 3 * MINUTE)
    assert given == ["a"]
    assert shelf.look(look.mark, NOW + 4 * MINUTE)[0] == []


@pytest.mark.parametrize("is_first", [True, False])
def test_too_much_for_one_look_is_read_on_from_there(is_first: bool) -> None:
    shelf = Shelf(size=1)
    mark = {} if is_first else shelf.look({}, NOW - HISTORY_MS)[1].mark
    for number in range(12):
        shelf.put(f"{number:02d}", NOW - (12 - number) * MINUTE)
    given, look = shelf.look(mark)
    assert (given, look.more, look.is_history) == (["07", "08", "09", "10", "11"], True, is_first)
    shelf.put("new", NOW + MINUTE)
    given, look = shelf.look(look.mark, NOW + MINUTE)
    assert (given, look.more, look.is_history) == (["03", "04", "05", "06"], True, is_first)  # 07 moved, and is known
    given, look = shelf.look(look.mark, NOW + MINUTE)
    assert (given, look.more) == (["00", "01", "02"], False)
    assert shelf.look(look.mark, NOW + 2 * MINUTE)[0] == ["new"]


def test_place_that_is_gone_is_read_again_from_the_newest_on() -> None:
    shelf = Shelf(size=1)
    for number in range(7):
        shelf.put(str(number), NOW - (700 - number) * MINUTE)
    _, look = shelf.look({})
    shelf.gone = ("5",)
    given, look = shelf.look(look.mark)
    assert (shelf.calls, given, look.more) == (["5", "", "1", "2", "3"], [], True)
    shelf.gone = ()
    assert shelf.look(look.mark)[0] == ["0", "1"]


def test_place_that_is_refused_twice_is_a_refusal() -> None:
    shelf = Shelf(gone=("", "5"))
    with pytest.raises(base.Rejected):
        shelf.look({"since": NOW, "floor": NOW, "page": "5", "known": []})


def test_once_more_gives_what_changed_since_then_and_keeps_the_mark() -> None:
    shelf = Shelf()
    for number in range(4):
        shelf.put(str(number), NOW - number * 30 * MINUTE)
    mark = shelf.look({})[1].mark
    given, look = shelf.look(mark, again=70 * MINUTE)
    assert (given, look.mark) == (["2", "1", "0"], mark)


@pytest.mark.parametrize("mark", [{"since": "x"}, {"known": 7}, {"since": NOW, "known": [None, {}], "page": []}])
def test_mark_that_is_none_does_no_harm(mark: marks.Json) -> None:
    assert Shelf().look(mark)[0] == []


def test_mark_stays_small() -> None:
    shelf = Shelf(size=900)
    for number in range(900):
        shelf.put(str(number), NOW)
    _, look = shelf.look({})
    assert len(str(look.mark)) < 2000
