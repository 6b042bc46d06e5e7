"""Reads a stretch of time from Meta's lists: posts with their comments, conversations with their messages.

Both are lists of lists, the newest first. A portion is a page of the outer list with the first page of each inner list.
If an inner list has more of the stretch, that comes in the next portions, before the next page of the outer list.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from chalicelib.networks import base
from chalicelib.networks._meta.envelope import ASKED, HISTORY
from chalicelib.networks.read import UNREADABLE, part, parts, words

Json = Mapping[str, Any]
Call = Callable[[str, Mapping[str, str]], Json]  # a path and a query; raises an Outcome
_OUTER, _INNER, _AT_ONCE = 4, 50, 4
_LONGEST_CURSOR = 350
_OVER = "-"  # the cursor of a list that has nothing more that is near


@dataclass(frozen=True, kw_only=True)
class Lists:
    """A list at `path`, each row of which has a list `inner`, asked for with `modifiers`.

    `is_near(row)`: the inner list of this row, or of a later row, may have something of the stretch. `at(item)` is when
    an item of an inner list was made (ms). `entries(row, item)` are the webhook entries for that item, and
    `itself(row)` the one for the row. `is_extra`: the list is skipped if the network refuses it.
    """

    path: str
    fields: str
    inner: str
    inner_fields: str
    is_near: Callable[[Json], bool]
    at: Callable[[Json], int]
    entries: Callable[[Json, Json], Iterable[Json]]
    itself: Callable[[Json], Json | None] = lambda row: None
    modifiers: str = ""
    query: Mapping[str, str] | None = None
    is_extra: bool = False

    def asked(self, cursor: str = "") -> str:
        """The fields of a row, with the page of its inner list after that cursor."""
        after = f".after({cursor})" if cursor else ""
        return f"{self.fields},{self.inner}{self.modifiers}.limit({_INNER}){after}{{{self.inner_fields}}}"


@dataclass(frozen=True)
class _Mark:
    """The number of the list that is being read, its cursor, and the rows with more to read, by id and cursor."""

    number: int = 0
    after: str = ""
    left: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> Json:
        return {"number": self.number, "after": self.after, "left": [list(row) for row in self.left]}


def past(call: Call, name: str, lists: Sequence[Lists], stretch: base.Stretch) -> base.Pulled:
    """Reads one portion, by at most four calls. `name` is the object of the bodies."""
    mark = _mark(stretch.mark)
    if mark.number >= len(lists):
        return base.Pulled(mark=mark.as_json(), calls=0)
    asked, now = lists[mark.number], mark.left[:_AT_ONCE]
    rows, after = (_with_next_pages(call, asked, now), mark.after) if now else _page(call, asked, mark.after)
    bodies: list[Json] = []
    left = list(mark.left[_AT_ONCE:])
    for row in rows:
        items, cursor = _inner_page(row, asked)
        new = [item for item in items if asked.at(item) >= stretch.since]
        bodies += _bodies(name, asked, row, new, stretch)
        if cursor and items and len(new) == len(items):
            left.append((words(row.get("id")), cursor))
    is_over = after == _OVER and not left
    following = _Mark(mark.number + 1) if is_over else _Mark(mark.number, after, tuple(left))
    more = following.number < len(lists)
    return base.Pulled(bodies=bodies, mark=following.as_json(), calls=len(now) or 1, more=more)


def _mark(mark: Json) -> _Mark:
    number, left = mark.get("number"), mark.get("left")
    rows = tuple((words(row[0]), words(row[1])) for row in left) if isinstance(left, list) else ()
    return _Mark(number if isinstance(number, int) else 0, words(mark.get("after")), rows)


def _with_next_pages(call: Call, asked: Lists, left: Sequence[tuple[str, str]]) -> list[Json]:
    """The rows of `left`, each with its next inner page. A row that is gone by now is left out."""
    rows = []
    for id, cursor in left:
        try:
            rows.append(call(f"/{id}", {"fields": asked.asked(cursor)}))
        except (base.Gone, base.Rejected):
            continue
    return rows


def _page(call: Call, asked: Lists, after: str) -> tuple[list[Json], str]:
    """The rows of a page that are near the stretch, and the cursor of the next page."""
    query = {"fields": asked.asked(), "limit": str(_OUTER), **(asked.query or {})}
    try:
        page = call(asked.path, {**query, **({"after": after} if after else {})})
    except (base.Gone, base.Rejected, base.ScopeLost):
        if not asked.is_extra:
            raise
        return [], _OVER
    every = parts(page, "data")
    rows: list[Json] = list(takewhile(asked.is_near, every))
    return rows, (_cursor(page) or _OVER) if len(rows) == len(every) > 0 else _OVER


def _inner_page(row: Json, asked: Lists) -> tuple[list[dict[str, Any]], str]:
    """A page of the row's inner list, and the cursor of the next one; empty if there is none."""
    page = part(row, asked.inner)
    return parts(page, "data"), _cursor(page)


def _cursor(page: Json) -> str:
    paging = part(page, "paging")
    cursor = words(part(paging, "cursors").get("after")) if words(paging.get("next")) else ""
    return cursor if len(cursor) <= _LONGEST_CURSOR else ""


def _bodies(
    name: str, asked: Lists, row: Json, items: Sequence[Json], stretch: base.Stretch
) -> Iterator[Mapping[str, Any]]:
    """The bodies that webhooks would have had, the oldest item first. An item that cannot be read is left out."""
    entries: list[Json] = []
    for item in reversed(items):
        try:
            entries += asked.entries(row, item)
        except UNREADABLE:
            continue
    first = asked.itself(row)
    entries = [*([first] if first else []), *entries]
    if entries:
        flags = {HISTORY: True} if stretch.is_history else {}
        yield {"object": name, ASKED: True, **flags, "entry": entries}
