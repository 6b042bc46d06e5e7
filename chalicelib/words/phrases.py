"""Entries of more than one word, and how they are found in a text.

`va|vas te faire ... foutre?`: `|` divides alternatives, `...` is up to four words, `?` marks a word that may be
missing; `brech*` and `*arsch` are words that begin or end with these letters, `#` is a number, `_` any word. An entry
begins with a word.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

GAP = 4  # so many words `...` stands for at most
LONGEST = 12  # so many elements a phrase has at most, and two gaps


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a phrase. Without words, heads and tails it matches any word."""

    words: frozenset[str] = frozenset()
    heads: tuple[str, ...] = ()
    tails: tuple[str, ...] = ()
    optional: bool = False
    number: bool = False
    gap: bool = False

    @property
    def only(self) -> frozenset[str] | None:
        """Its words, if exactly one of them must be at this place; else None."""
        free = self.optional or self.number or self.gap or self.heads or self.tails or not self.words
        return None if free else self.words

    def meets(self, readings: Sequence[str]) -> bool:
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
    """A term by its number in the lexicon, and the elements of the phrase.

    `second` are the words of which one must follow the first; None if any word may follow, or none.
    """

    term: int
    elements: tuple[Element, ...]
    second: frozenset[str] | None = None

    @classmethod
    def of(cls, term: int, elements: tuple[Element, ...]) -> Self:
        return cls(term, elements, elements[1].only if len(elements) > 1 else None)

    def may_begin(self, readings: Sequence[Sequence[str]], at: int) -> bool:
        """False if the next word does not fit. A cheap first test: most phrases with that first word do not go on."""
        return self.second is None or (at + 1 < len(readings) and not self.second.isdisjoint(readings[at + 1]))


def parse(pattern: str) -> tuple[Element, ...]:
    """The elements of an entry. Raises ValueError for an entry that would match everywhere, or is too long."""
    elements = tuple(map(_element, pattern.split()))
    if not elements or not (elements[0].words or elements[0].heads or elements[0].tails) or elements[0].optional:
        raise ValueError("an entry begins with a word")
    if any("" in (*element.heads, *element.tails) for element in elements):
        raise ValueError("no letters beside the star")
    if len(elements) > LONGEST or sum(element.gap for element in elements) > 2:
        raise ValueError("an entry is too long")
    return elements


def is_readable(pattern: str) -> bool:
    try:
        parse(pattern)
    except ValueError:
        return False
    return True


def end(elements: tuple[Element, ...], readings: Sequence[Sequence[str]], at: int) -> int | None:
    """The index after the last word of the phrase, if it begins at the word `at`; else None.

    The number of steps is limited by the combinations of two gaps and the optional words, whatever the text.
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
