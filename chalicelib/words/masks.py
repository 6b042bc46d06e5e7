"""Words in which letters are hidden by signs: `f*ck`, `c***ard`, an emoji in place of a letter."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.words.lexicons import SHORTEST_MASKED, Lexicon

HIDDEN = re.compile(r"[^\w\s.,\-/+~|=&:;]+|_+")
LONGEST, MOST_GAPS = 24, 3
SURE, LIKELY = 0.5, 0.35  # of the letters known: to say so, and to have somebody look


@dataclass(frozen=True, slots=True)
class Gap:
    """So few and so many letters may be hidden here."""

    least: int
    most: int


def unmask(chunk: str, lexicon: Lexicon) -> tuple[str, bool] | None:
    """The word that is meant, and whether enough of its letters are there to be sure. None if there is none."""
    signs = list(HIDDEN.finditer(chunk))
    if not signs or len(signs) > MOST_GAPS or len(chunk) > LONGEST:
        return None
    parts = HIDDEN.split(chunk)
    known = sum(map(len, parts))
    if known < LIKELY * SHORTEST_MASKED:
        return None
    if not all(part.isalnum() for part in parts[1:-1]) or not any(parts):
        return None
    gaps = [_gap(hit.group()) for hit in signs]
    best: str | None = None
    for word in _candidates(parts, lexicon):
        if known < LIKELY * len(word) or not lexicon.names(word) or not _fits(word, parts, gaps):
            continue
        if best is None or len(word) < len(best):
            best = word
    return (best, known >= SURE * len(best)) if best else None


def _gap(signs: str) -> Gap:
    """Stars are counted by who writes them; a picture stands for a letter or for a short word."""
    if signs.isascii():
        return Gap(len(signs), len(signs) + (len(signs) > 1))
    return Gap(1, 3)


def _candidates(parts: list[str], lexicon: Lexicon) -> Iterator[str]:
    if parts[0]:
        yield from lexicon.first.get(parts[0][0], ())
    elif parts[-1]:
        yield from lexicon.last.get(parts[-1][-1], ())


def _fits(word: str, parts: list[str], gaps: list[Gap]) -> bool:
    """True if the parts are in the word, in order, with as much between them as is hidden."""
    if not word.startswith(parts[0]):
        return False
    rest = word[len(parts[0]) :]
    if not gaps:
        return not rest
    return any(_fits(rest[hidden:], parts[1:], gaps[1:]) for hidden in range(gaps[0].least, gaps[0].most + 1))
