"""The index in the bucket: blocks of lines, of which a search reads the newest first until it has enough.

New lines go to a small block at the end, which is rewritten until it has a thousand lines; twenty small blocks are
merged into a large one. A later version of a line, or its removal, rewrites the block that has it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from chalicelib import errors
from chalicelib.store import together
from chalicelib.texts import shelves
from chalicelib.texts.blocks import Block
from chalicelib.texts.indexes import AFTER_ALL, Found, Query, Time, busy
from chalicelib.texts.lines import CONTACTS, MESSAGES, MOMENT, Line
from chalicelib.texts.shelves import Place, Shelved

_MOST_TRIES = 8
_MOST_AT_ONCE = 4  # blocks that are fetched together
Rows = Mapping[str, Line]
Load = Callable[[Shelved, Place], Block]
Changed = dict[int, list[Line]]  # the lines of blocks that change, by the block's place in the shelf


@dataclass(frozen=True)
class Sizes:
    """How many lines a block has while lines are still added to it, and how many a full-sized one has."""

    small: int = 1_000
    large: int = 20_000


class Segments:
    """See `indexes.Index`."""

    name = "segments"

    def __init__(self, sizes: Sizes = Sizes()) -> None:
        self._sizes = sizes

    def put(self, agency: str, shelf: str, lines: Sequence[Line]) -> None:
        wanted = {line.key: line for line in lines}
        if wanted:
            self._written(agency, shelf, lambda shelved: _with(shelved, wanted, self._sizes))

    def remove(self, agency: str, shelf: str, keys: Iterable[str]) -> None:
        gone = frozenset(keys)
        if gone:
            self._written(agency, shelf, lambda shelved: _without(shelved, gone))

    def erase(self, agency: str, contact: str) -> int:
        count = 0
        for shelf in (MESSAGES, CONTACTS):
            # Written even if nothing is found: whoever read the shelf before must read it again.
            count += self._written(agency, shelf, partial(_erased, contact), always=True)
            shelves.sweep(shelves.read(agency, shelf), thorough=True)
        return count

    def find(self, agency: str, shelf: str, query: Query, before: str, most: int, time: Time) -> Found:
        for _ in range(_MOST_TRIES):
            try:
                return Walk(shelves.read(agency, shelf), query, before, _load).find(most, time)
            except _Moved:
                continue
        raise errors.Unavailable

    def replace(self, agency: str, shelf: str, portions: Iterable[Sequence[Line]]) -> None:
        begun = shelves.read(agency, shelf)
        places = [shelves.put(begun, lines, far=True) for lines in portions][::-1]
        for _ in range(_MOST_TRIES):
            shelved = shelves.read(agency, shelf)
            if not shelves.has(shelved, places):
                break
            if shelves.change(shelved, places):
                return
        raise busy()

    def every(self, agency: str, shelf: str) -> Iterator[Line]:
        shelved = shelves.read(agency, shelf)
        for place in shelved.places:
            yield from _load(shelved, place).lines()

    def _written(
        self, agency: str, shelf: str, changes: Callable[[Shelved], tuple[Changed, int]], *, always: bool = False
    ) -> int:
        """Makes the changes; tries again if somebody else wrote meanwhile. Returns the number that `changes` gives."""
        for _ in range(_MOST_TRIES):
            shelved = shelves.read(agency, shelf)
            try:
                changed, number = changes(shelved)
                if not changed and not always:
                    return 0
                if shelves.change(shelved, _joined(shelved, _places(shelved, changed), self._sizes)):
                    return number
            except _Moved:
                continue
        raise busy()


class _Moved(Exception):
    """Raised when a block no longer exists, because the shelf was changed since it was read."""


def _load(shelved: Shelved, place: Place) -> Block:
    block = shelves.load(shelved, place)
    if block is None:
        raise _Moved
    return block


def _places(shelved: Shelved, changed: Changed) -> list[Place]:
    places: list[Place | None] = [*shelved.places]
    for at, lines in changed.items():
        new = shelves.put(shelved, _newest_first(lines)) if lines else None
        places[at : at + 1] = [new]
    return [place for place in places if place]


def _joined(shelved: Shelved, places: list[Place], sizes: Sizes) -> list[Place]:
    """The blocks. If there are enough small ones before the last, which is still added to, they are merged into a large
    one.
    """
    full = [place for place in places[:-1] if place.count < sizes.large // 2]
    some: list[Place] = []
    for place in full:
        if sum(block.count for block in (*some, place)) > sizes.large:
            break
        some.append(place)
    if len(some) == len(full):
        return places
    lines = _newest_first([line for place in some for line in _load(shelved, place).lines()])
    return [shelves.put(shelved, lines), *(place for place in places if place not in some)]


def _newest_first(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: line.key, reverse=True)


def _with(shelved: Shelved, wanted: Rows, sizes: Sizes) -> tuple[Changed, int]:
    """Puts each line that has news into the block that has it, and new lines into the last block or a new one."""
    changed: Changed = {}
    known: set[str] = set()
    for at, rows in _holding(shelved, wanted):
        known |= rows.keys() & wanted.keys()
        later = {key: line for key, line in wanted.items() if key in rows and _is_news(line, rows[key])}
        if later:
            changed[at] = list({**rows, **later}.values())
    new = [line for key, line in wanted.items() if key not in known]
    end = len(shelved.places)
    if new and end and shelved.places[-1].count + len(new) <= sizes.small:
        changed.setdefault(end - 1, _load(shelved, shelved.places[-1]).lines()).extend(new)
    else:
        size = sizes.large
        changed |= {end + part: new[start : start + size] for part, start in enumerate(range(0, len(new), size))}
    return changed, len(wanted)


def _is_news(line: Line, known: Line) -> bool:
    if line.version <= known.version:
        return False
    return (line.brand, line.author, line.text) != (known.brand, known.author, known.text)


def _holding(shelved: Shelved, keys: Iterable[str]) -> Iterator[tuple[int, dict[str, Line]]]:
    """The blocks that may have some of the keys, with all their lines."""
    moments = sorted(key[:MOMENT] for key in keys)
    for at, place in enumerate(shelved.places):
        if any(place.first <= moment <= place.last for moment in moments):
            yield at, {line.key: line for line in _load(shelved, place).lines()}


def _without(shelved: Shelved, gone: frozenset[str]) -> tuple[Changed, int]:
    changed: Changed = {}
    for at, rows in _holding(shelved, gone):
        if there := gone & rows.keys():
            changed[at] = [line for key, line in rows.items() if key not in there]
    return changed, len(gone)


def _erased(contact: str, shelved: Shelved) -> tuple[Changed, int]:
    changed, count = Changed(), 0
    theirs = Query(author=contact)
    for at, place in enumerate(shelved.places):
        block = _load(shelved, place)
        if keys := set(block.find(theirs, AFTER_ALL)):
            changed[at] = [line.blank if line.key in keys else line for line in block.lines()]
            count += len(keys)
    return changed, count


class Walk:
    """Walks through the blocks of a shelf, newest lines first. A block is opened once it may have the next line."""

    def __init__(self, shelved: Shelved, query: Query, before: str, load: Load) -> None:
        self._shelved, self._query, self._before, self._load = shelved, query, before, load
        below, above = min(before, query.high), query.low[:MOMENT]
        asked = [place for place in shelved.places if place.first <= below[:MOMENT] and place.last >= above]
        self._waiting = sorted(asked, key=lambda place: place.last, reverse=True)
        self._open: list[tuple[str, Iterator[str]]] = []
        self._at_once = 1

    def find(self, most: int, time: Time) -> Found:
        keys: list[str] = []
        while self._open or self._waiting:
            at, newest = max(enumerate(key for key, _ in self._open), key=lambda pair: pair[1], default=(-1, ""))
            if self._waiting and self._waiting[0].last >= newest[:MOMENT]:
                if self._at_once > 1 and time.is_over():
                    return Found(keys, min(self._before, self._waiting[0].last + AFTER_ALL))
                self._open_some()
                continue
            if len(keys) == most:
                return Found(keys, keys[-1])
            keys.append(newest)
            self._advance(at)
        return Found(keys, None)

    def _open_some(self) -> None:
        """Opens one block first, as it may have enough; then more at once, as all of them may have little."""
        some, self._waiting = self._waiting[: self._at_once], self._waiting[self._at_once :]
        self._at_once = min(2 * self._at_once, _MOST_AT_ONCE)
        for block in together.each([partial(self._load, self._shelved, place) for place in some]):
            walk = block.find(self._query, self._before)
            if (key := next(walk, None)) is not None:
                self._open.append((key, walk))

    def _advance(self, at: int) -> None:
        walk = self._open[at][1]
        key = next(walk, None)
        self._open[at : at + 1] = [(key, walk)] if key is not None else []
