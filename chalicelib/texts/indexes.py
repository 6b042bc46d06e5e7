"""What an index is asked, and what it does. There are two: `segments`, in the bucket, and `opensearch`.

An index gives keys and nothing else. Whoever asks reads the things themselves and judges who may see them, so that an
index that is behind shows nobody anything that they may not see.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from chalicelib import ids
from chalicelib.texts.lines import GONE, Line

Timer = Callable[[], float]  # as `time.monotonic`
AFTER_ALL = "~"  # sorts behind every character of a key


@dataclass(frozen=True)
class Query:
    """Folded words, all of which are in the text; none finds everything. The other parts narrow it; None does not.

    `since` and `until` are moments (ms), of which the latter is not included.
    """

    words: tuple[str, ...] = ()
    brands: frozenset[str] | None = None
    author: str = ""
    network: str = ""
    since: int | None = None
    until: int | None = None

    @property
    def low(self) -> str:
        """No key is below this."""
        return ids.moment(max(0, self.since)) if self.since else ""

    @property
    def high(self) -> str:
        """All keys are below this."""
        return ids.moment(max(0, self.until)) if self.until is not None else AFTER_ALL

    def finds(self, line: Line) -> bool:
        """What every index should say of the line: that all of this is so."""
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
    """Keys, newest first. `next` is where to go on, None at the end: all that is left is below it."""

    keys: Sequence[str]
    next: str | None


@dataclass(frozen=True)
class Time:
    """Until when to look. Whoever looks begins at least, so that the next one goes on from further."""

    ends: float
    timer: Timer = time.monotonic

    def is_over(self) -> bool:
        return self.timer() >= self.ends


def within(seconds: float, timer: Timer = time.monotonic) -> Time:
    return Time(timer() + seconds, timer)


class Index(Protocol):
    """The index of all agencies; each call is for one, and sees nothing of another. A shelf is of messages or contacts.

    Of two versions of a line the later one stays, in whatever order and however often they come.
    """

    name: str

    def put(self, agency: str, shelf: str, lines: Sequence[Line]) -> None:
        """Keeps the lines, in place of earlier versions of them."""

    def remove(self, agency: str, shelf: str, keys: Iterable[str]) -> None:
        """Forgets the lines with these keys."""

    def erase(self, agency: str, contact: str) -> int:
        """Forgets for good whatever the contact wrote and is. Nothing puts it back. Gives how many lines these were."""

    def find(self, agency: str, shelf: str, query: Query, before: str, most: int, time: Time) -> Found:
        """The keys below `before` of what the query finds, at most so many, and fewer once the time is over."""

    def replace(self, agency: str, shelf: str, portions: Iterable[Sequence[Line]]) -> None:
        """Keeps these lines, newest first, and nothing else."""

    def every(self, agency: str, shelf: str) -> Iterable[Line]:
        """All lines, in no order, for whoever proves them."""
