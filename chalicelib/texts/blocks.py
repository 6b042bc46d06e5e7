"""A block: many lines, newest first, deflated. It is searched without turning it back into lines.

    length of the columns | columns, deflated | texts, deflated

The columns are a header in JSON, then the keys one after the other, then numbers: those of each line's brand, network
and author (the header has their names), and its version. If no searched brand is in it, the block is skipped.
"""

import json
import re
import struct
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any

from chalicelib.texts.indexes import Query
from chalicelib.texts.lines import GONE, Line

_NUMBER = "I"  # four bytes on every machine that Lambda has
_LENGTH = struct.Struct("<I")
_LEVEL = 6
_Wanted = tuple[set[int], "array[int]"]  # numbers of names, and the column that has some of them
_FEW = 20  # if one line in so many is left, these lines are searched one by one, and not the whole text


def packed(lines: Sequence[Line]) -> bytes:
    """The block of these lines, which are newest first. There must be at least one, and all keys must have the same
    length.
    """
    names: dict[str, dict[str, int]] = {"brand": {}, "network": {}, "author": {}}
    numbers = [
        array(_NUMBER, [known.setdefault(getattr(line, name), len(known)) for line in lines])
        for name, known in names.items()
    ]
    versions = array(_NUMBER, [min(line.version, GONE) for line in lines])
    header = {
        "lines": len(lines), "width": len(lines[0].key), **{name: list(known) for name, known in names.items()}
    }  # fmt: skip
    columns = b"".join(
        [
            json.dumps(header, separators=(",", ":")).encode(),
            b"\n",
            "".join(line.key for line in lines).encode(),
            *(column.tobytes() for column in (*numbers, versions)),
        ]
    )
    texts = "\n".join(["", *(line.text for line in lines), ""]).encode("utf-8", "replace")
    deflated = zlib.compress(columns, _LEVEL)
    return _LENGTH.pack(len(deflated)) + deflated + zlib.compress(texts, _LEVEL)


class Block:
    """A packed block, of which only as much is inflated as is asked for."""

    def __init__(self, content: bytes) -> None:
        (length,) = _LENGTH.unpack_from(content)
        head, _, self._columns = zlib.decompress(content[_LENGTH.size : _LENGTH.size + length]).partition(b"\n")
        self._header: dict[str, Any] = json.loads(head)
        self._deflated = content[_LENGTH.size + length :]
        self._length = len(content)
        self.count: int = self._header["lines"]
        self._width: int = self._header["width"]

    @property
    def size(self) -> int:
        """About how many bytes the block takes in memory."""
        return self._length + len(self._columns) + (len(self._texts) if "_texts" in vars(self) else 0)

    def key(self, row: int) -> str:
        return self._columns[row * self._width : (row + 1) * self._width].decode()

    @cached_property
    def _numbers(self) -> Sequence["array[int]"]:
        """The columns of brands, networks and authors, and that of the versions."""
        start, size = self.count * self._width, self.count * 4
        return [array(_NUMBER, self._columns[start + part * size : start + (part + 1) * size]) for part in range(4)]

    @cached_property
    def _known(self) -> Sequence[dict[str, int]]:
        return [{value: number for number, value in enumerate(self._header[name])} for name in _COLUMNS]

    @cached_property
    def _ends(self) -> "array[int]":
        """Where in the texts each line begins and ends: line n lies between ends n and n + 1."""
        return array(_NUMBER, [match.start() for match in re.finditer(b"\n", self._texts)])

    @cached_property
    def _texts(self) -> bytes:
        return zlib.decompress(self._deflated)

    def lines(self) -> list[Line]:
        """All lines, newest first."""
        keys, texts = map(self.key, range(self.count)), self._texts.decode().split("\n")[1:-1]
        brands, networks, authors = (self._header[name] for name in ("brand", "network", "author"))
        return [
            Line(key, brands[brand], networks[network], authors[author], version, text)
            for key, text, brand, network, author, version in zip(keys, texts, *self._numbers, strict=True)
        ]

    def find(self, query: Query, before: str) -> Iterator[str]:
        """The keys below `before` that match the query, newest first."""
        wanted = [self._wanted(name, value) for name, value in _asked(query)]
        if any(numbers == set() for numbers, _ in wanted):
            return
        first = self._position(min(before, query.high))
        last = self._position(query.low) if query.low else self.count
        yield from (self.key(row) for row in self._rows(query, wanted, first, last))

    def _wanted(self, name: str, values: frozenset[str]) -> _Wanted:
        """The numbers of the values that are in this block, and the column that they are in."""
        column = _COLUMNS.index(name)
        known = self._known[column]
        return {known[value] for value in values if value in known}, self._numbers[column]

    def _position(self, key: str) -> int:
        """How many keys are at or above this one; the keys are in falling order."""
        return bisect_left(range(self.count), True, key=lambda row: self.key(row) < key)

    def _rows(
        self, query: Query, wanted: Sequence[tuple[set[int], "array[int]"]], first: int, last: int
    ) -> Iterator[int]:
        if first >= last:
            return
        narrow = [(numbers, column) for numbers, column in wanted if len(numbers) < len(self._header_of(column))]
        rows: Sequence[int] = range(first, last)
        for numbers, column in narrow:
            rows = list(_those(rows, column, numbers))
        versions = self._numbers[-1]
        if not query.words:
            yield from (row for row in rows if versions[row] != GONE)
            return
        words = sorted((word.encode("utf-8", "replace") for word in query.words), key=len, reverse=True)
        if len(rows) * _FEW <= self.count:
            texts, ends = self._texts, self._ends
            yield from (row for row in rows if all(texts.find(word, ends[row], ends[row + 1]) >= 0 for word in words))
        else:
            among = None if not narrow else set(rows)
            yield from self._scanned(words, first, last, lambda row: among is None or row in among)

    def _header_of(self, column: "array[int]") -> Sequence[str]:
        return next(self._header[name] for name, known in zip(_COLUMNS, self._numbers, strict=False) if known is column)

    def _scanned(self, words: Sequence[bytes], first: int, last: int, may: Callable[[int], bool]) -> Iterator[int]:
        """The rows from first to last that have all words, found by jumping between the places of the first word."""
        texts, (rarest, *others) = self._texts, words
        start = self._ends[first] if first else 0
        row, at = first, texts.find(rarest, start)
        while at >= 0:
            row += texts.count(b"\n", start + 1, at)
            if row >= last:
                return
            start, end = texts.rfind(b"\n", start, at), texts.find(b"\n", at)
            if may(row) and all(texts.find(other, start, end) >= 0 for other in others):
                yield row
            row, start = row + 1, end
            at = texts.find(rarest, start)


_COLUMNS = ("brand", "network", "author")


def _asked(query: Query) -> Iterator[tuple[str, frozenset[str]]]:
    """The columns that the query restricts, and the values it allows."""
    if query.brands is not None:
        yield "brand", query.brands
    if query.network:
        yield "network", frozenset({query.network})
    if query.author:
        yield "author", frozenset({query.author})


def _those(rows: Sequence[int], column: "array[int]", numbers: set[int]) -> Iterator[int]:
    """Those of the rows, which are in rising order, that have one of the numbers."""
    if len(numbers) > 1 or not isinstance(rows, range):
        yield from (row for row in rows if column[row] in numbers)
        return
    (number,), row = numbers, rows.start
    with suppress(ValueError):  # there is no more
        while True:
            row = column.index(number, row, rows.stop)
            yield row
            row += 1
