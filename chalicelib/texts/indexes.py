"""The interface of an index. There are two: `segments`, in the bucket, and `opensearch`.

An index returns only keys. Its callers read the messages and contacts themselves and check who may see them, so an
index that is behind shows nobody anything that they may not see.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from chalicelib import errors, ids
from chalicelib.texts.lines import GONE, Line

Timer = Callable[[], float]  # as `time.monotonic`
AFTER_ALL = "~"  # sorts behind every character of a key


def busy() -> errors.Unavailable:
    return errors.Unavailable("Others are changing the search index at the same time. Try again.")


@dataclass(frozen=True)
class Query:
    """Folded words, all of which must be in the text; no words match everything. The other fields restrict it; None
    does not.

    `since` and `until` are times (ms); `until` is not included.
    """

    words: tuple[str, ...] = ()
    brands: frozenset[str] | None = None
    author: str = ""
    network: str = ""
    since: int | None = None
    until: int | None = None

    @property
    def low(self) -> str:
        """All keys are at or above this."""
        return ids.moment(max(0, self.since)) if self.since else ""

    @property
    def high(self) -> str:
        """All keys are below this."""
        return ids.moment(max(0, self.until)) if self.until is not None else AFTER_ALL

    def finds(self, line: Line) -> bool:
        """True if the query matches the line: the definition that every index follows."""
        return (
            line.version != GONE
            and all(word in line.text for word in self.words)
            and (self.brands is None or line.brand in self.brands)
            and self.author in ("", line.author)
            and self.network in ("", line.network)
            and self.low <= line.key < self.high
        )


@dataclass(frozen=True)
class Found:
    """Keys, newest first. `next` is the key below which all the rest is, None if there is nothing more."""

    keys: Sequence[str]
    next: str | None


@dataclass(frozen=True)
class Time:
    """Until when to search. Every search makes at least one step, so that the next one can go on from there."""

    ends: float
    timer: Timer = time.monotonic

    def is_over(self) -> bool:
        return self.timer() >= self.ends


def within(seconds: float, timer: Timer = time.monotonic) -> Time:
    return Time(timer() + seconds, timer)


class Index(Protocol):
    """The index of all agencies; each call is for one, and sees nothing of another. A shelf is of messages or of
    contacts.

    Of two versions of a line the later one stays, in whatever order and however often they come.
    """

    name: str

    def put(self, agency: str, shelf: str, lines: Sequence[Line]) -> None:
        """Stores the lines, in place of their earlier versions."""

    def remove(self, agency: str, shelf: str, keys: Iterable[str]) -> None:
        """Removes the lines with these keys."""

    def erase(self, agency: str, contact: str) -> int:
        """Erases for good everything that the contact wrote, and the contact. Nothing can put it back. Returns the
        number of lines.
        """

    def find(self, agency: str, shelf: str, query: Query, before: str, most: int, time: Time) -> Found:
        """The keys below `before` that match the query: at most `most`, and fewer if the time is over."""

    def replace(self, agency: str, shelf: str, portions: Iterable[Sequence[Line]]) -> None:
        """Stores these lines, newest first, and removes all others."""

    def every(self, agency: str, shelf: str) -> Iterable[Line]:
        """All lines, in no order, for checking them."""
