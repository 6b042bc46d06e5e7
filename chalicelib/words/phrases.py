"""Entries of more than one word, and how they are met.

`va|vas te faire ... foutre?`: alternatives, up to four words in between, a word that may be missing; `brech*` and
`*arsch` begin or end with these letters, `#` is a number, `_` any word. An entry begins with a word.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

GAP = 4  # so many words `...` stands for at most
LONGEST = 12  # so many elements a phrase has at most, and two gaps


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a phrase. Without words, heads and tails any word is meant."""

    words: frozenset[str] = frozenset()
    heads: tuple[str, ...] = ()
    tails: tuple[str, ...] = ()
    optional: bool = False
    number: bool = False
    gap: bool = False

    @property
    def only(self) -> frozenset[str] | None:
        """Its words, if one of them has to be there."""
        free = self.optional or self.number or self.gap or self.heads or self.tails or not self.words
        return None if free else self.words

    def meets(self, readings: Sequence[str]) -> bool:
        """True if one of a word's readings is meant."""
        if self.number:
            return any(reading.isdecimal() for reading in readings)
        if not self.heads and not self.tails:
            return not self.words or not self.words.isdisjoint(readings)
        return any(
            reading in self.words
            or (self.heads and reading.startswith(self.heads))
            or (self.tails and reading.endswith(self.tails))
            for reading in readings
        )


@dataclass(frozen=True, slots=True)
class Phrase:
    """A term by its number in the lexicon, and the elements by which it is met.

    `second` are the words of which one has to follow the first; None if another may, or none.
    """

    term: int
    elements: tuple[Element, ...]
    second: frozenset[str] | None = None

    @classmethod
    def of(cls, term: int, elements: tuple[Element, ...]) -> Self:
        return cls(term, elements, elements[1].only if len(elements) > 1 else None)

    def may_begin(self, readings: Sequence[Sequence[str]], at: int) -> bool:
        """False if the next word is another. It costs little: most that begin with a word do not go on with it."""
        return self.second is None or (at + 1 < len(readings) and not self.second.isdisjoint(readings[at + 1]))


def parse(pattern: str) -> tuple[Element, ...]:
    """The elements of an entry. Raises ValueError for one that would be met everywhere, or is too long."""
    elements = tuple(map(_element, pattern.split()))
    if not elements or not (elements[0].words or elements[0].heads or elements[0].tails) or elements[0].optional:
        raise ValueError("an entry begins with a word")
    if any("" in (*element.heads, *element.tails) for element in elements):
        raise ValueError("no letters beside the star")
    if len(elements) > LONGEST or sum(element.gap for element in elements) > 2:
        raise ValueError("an entry is too long")
    return elements


def is_readable(pattern: str) -> bool:
    """False of what `parse` raises ValueError for."""
    try:
        parse(pattern)
    except ValueError:
        return False
    return True


def end(elements: tuple[Element, ...], readings: Sequence[Sequence[str]], at: int) -> int | None:
    """Behind which word the phrase ends that begins at this one; None if it does not begin there.

    Takes at most as many steps as two gaps and the optional words have combinations, whatever the text.
    """
    if not elements:
        return at
    head, rest = elements[0], elements[1:]
    if head.gap:
        last = min(at + GAP, len(readings))
        return next((stop for skip in range(at, last + 1) if (stop := end(rest, readings, skip)) is not None), None)
    if at < len(readings) and head.meets(readings[at]) and (stop := end(rest, readings, at + 1)) is not None:
        return stop
    return end(rest, readings, at) if head.optional else None


def _element(text: str) -> Element:
    if text == "...":
        return Element(gap=True)
    optional, text = text.endswith("?"), text.rstrip("?")
    parts = text.split("|")
    return Element(
        frozenset(part for part in parts if "*" not in part and part not in "#_"),
        tuple(part[:-1] for part in parts if part.endswith("*")),
        tuple(part[1:] for part in parts if part.startswith("*")),
        optional,
        text == "#",
    )
