"""A text in the form in which texts are compared: without case, accents, invisible characters and lookalike letters.

Folding is only for comparing. Each folded character has its place in the text as written, so a finding in the folded
text can be shown as it was written.
"""

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path

# What is read of a long text: its beginning and its end. So no text costs more than another by its length.
HEAD, TAIL = 2000, 500
LOOKALIKES = Path(__file__).with_name("lookalikes.json")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
ENDS = str.maketrans("'\u2019-", "   ")
# Letters in boxes and discs, which Unicode does not decompose; flags are made of others, and are not letters.
BOXED = (0x1F130, 0x1F150, 0x1F170)
# Nothing is seen of them, though Unicode counts them as letters or marks of their own.
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


@dataclass(frozen=True, slots=True)
class Folding:
    """`places[n]` is the index of the character `text[n]` in the text as written."""

    written: str
    text: str
    places: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the folded characters from start to end begin and end in the text as written."""
        return self.places[start], self.places[end - 1] + 1

    def as_written(self, start: int, end: int) -> str:
        """The folded characters from start to end with their accents, in small letters."""
        begin, stop = self.span(start, end)
        return unicodedata.normalize("NFC", self.written[begin:stop].lower())


def fold(text: str) -> Folding:
    """The text, folded; of a text of over 2500 characters only the first 2000 and the last 500, with a line break
    between.
    """
    cut = len(text) > HEAD + TAIL
    read = text[:HEAD] + "\n" + text[-TAIL:] if cut else text
    if read.isascii() and not CONTROL.search(read):
        return Folding(text, read.lower(), range(len(read)))
    parts = [character(sign) for sign in read]
    lead = len(text) - len(read) if cut else 0
    at = chain.from_iterable([place + lead * (place > HEAD)] * len(part) for place, part in enumerate(parts))
    return Folding(text, "".join(parts), list(at))


def entry(text: str) -> str:
    """A search entry in the form in which texts are compared; apostrophes and hyphens become spaces."""
    return " ".join(fold(text).text.translate(ENDS).split())


@lru_cache(maxsize=4096)
def character(written: str) -> str:
    """The folded form of one character: often one letter, sometimes several, sometimes none."""
    if is_invisible(written):
        return ""
    if written in lookalikes():
        return lookalikes()[written]
    plain = unicodedata.normalize("NFKD", _unboxed(written))
    shown = (sign for sign in plain if not unicodedata.combining(sign) and not is_invisible(sign))
    return "".join(lookalikes().get(sign, sign) for sign in shown).casefold()


def is_invisible(written: str) -> bool:
    """True for everything that is not seen: joiners, marks without a letter, controls, halves of characters."""
    if written in "\t\n\r ":
        return False
    return unicodedata.category(written) in {"Cf", "Cc", "Cs", "Mn", "Me"} or written in BLANK


def steps(written: str) -> tuple[str, ...]:
    """The names of what folding undid in this piece of text; accents and capitals do not count."""
    seen = set()
    for sign in written:
        if sign.isascii():
            continue
        if unicodedata.category(sign) in {"Mn", "Me"} and not "\u0300" <= sign <= "\u0328":
            seen.add("combining")
        elif is_invisible(sign) and unicodedata.category(sign) != "Mn":
            seen.add("invisible")
        elif sign in lookalikes():
            seen.add("homoglyph")
        elif unicodedata.decomposition(sign).startswith("<") or _unboxed(sign) != sign:
            seen.add("font")
    return tuple(sorted(seen))


@cache
def lookalikes() -> dict[str, str]:
    """For each character of another alphabet, the letter that it looks like."""
    table: dict[str, str] = json.loads(LOOKALIKES.read_text())
    return {other: letter for letter, others in table.items() for other in others}


def _unboxed(written: str) -> str:
    for first in BOXED:
        if first <= ord(written) < first + 26:
            return chr(ord("a") + ord(written) - first)
    return written
