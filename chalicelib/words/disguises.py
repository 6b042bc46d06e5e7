"""How a word hides: digits and signs for letters, another spelling of its sound, other words around it.

Each disguise is undone by looking up what is left. Each function returns the word that is meant, or None.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from chalicelib.words.foldings import Folding
from chalicelib.words.lexicons import SHORTEST_INSIDE, SHORTEST_MASKED, Lexicon, squeeze
from chalicelib.words.sounds import sound

LEET = {"0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b", "9": "g"}
# An article or pronoun that French writes onto the next word, where the apostrophe is left out.
ELIDED = re.compile(r"^(?:qu|[dlmnstjc])(?=[aeiouh])")
REPEATED = re.compile(r"(.)\1\1")
DIGITS = "0123456789"
MANY_DIGITS = re.compile(r"\d{3}")
# First letters that sound alike; a word that begins otherwise is another word.
ALIKE = {"a": "e", "e": "ah", "k": "cq", "c": "kqs", "q": "kc", "f": "p", "h": "e", "s": "c"}
LONGEST, LETTERS, MOST_ONES = 24, 0.3, 4
# Signs in place of letters. The share of letters that must be known to be sure, or for a person to look.
HIDDEN = re.compile(r"[^\w\s.,\-/+~|=&:;]+|_+")
SURE, LIKELY, MOST_GAPS = 0.5, 0.35, 3


def repeated(text: str, lexicon: Lexicon) -> str | None:
    """`idioooot`."""
    return lexicon.squeezed.get(squeeze(text)) if REPEATED.search(text) else None


def spoken(text: str, lexicon: Lexicon) -> str | None:
    """A French term that sounds like this word."""
    if len(text) > LONGEST or not text.isalpha():
        return None
    word = lexicon.sounds.get(sound(text))
    return word if word and word[0] in text[0] + ALIKE.get(text[0], "") else None


def leet(text: str, lexicon: Lexicon) -> str | None:
    """The entry that digits and signs in the word stand for; None if it has few letters."""
    letters = sum(map(str.isalpha, text))
    if letters == len(text) and text not in lexicon.words and text not in lexicon.squeezed:
        return None
    bare = text.strip(DIGITS)
    if bare != text and lexicon.names(bare):
        return bare
    if letters < LETTERS * len(text) or len(text) > LONGEST or text.count("1") > MOST_ONES:
        return None
    meant = map("".join, product(*(LEET.get(character, character) for character in text)))
    return next((entry for word in meant if (entry := _entry(word, lexicon)) and entry != text), None)


def _entry(word: str, lexicon: Lexicon) -> str | None:
    """The entry that equals this word, or equals it without an article or repeated letters."""
    if word in lexicon.words:
        return word
    bare = ELIDED.sub("", word)
    if bare != word and lexicon.names(bare):
        return bare
    return repeated(word, lexicon)


def is_code(folding: Folding, start: int, end: int, ordered: bool = False) -> bool:
    """True for an order or part number: capitals and digits, with `ordered` (after a word such as order) or three
    digits in a row.
    """
    begin, stop = folding.span(start, end)
    chunk = folding.written[max(0, begin - 1) : stop + 12].split()
    written = folding.written[begin:stop]
    if written.upper() != written or not any(map(str.isdecimal, written)):
        return False
    return ordered or MANY_DIGITS.search(chunk[0] if chunk else written) is not None


def compound(text: str, lexicon: Lexicon) -> str | None:
    """A German term of six letters or more at either end of a longer word."""
    if len(text) > LONGEST or not text.isalpha():
        return None
    for length in range(len(text) - 3, SHORTEST_INSIDE - 1, -1):
        for part in (text[:length], text[-length:]):
            if lexicon.names(part) and _is_german(part, lexicon):
                return part
    return None


def _is_german(word: str, lexicon: Lexicon) -> bool:
    terms = (lexicon.terms[number] for number in lexicon.words[word])
    return any(term.language == "de" and term.certainty in {"clear", "oath"} for term in terms)


def inside(text: str, lexicon: Lexicon) -> str | None:
    """A term of six letters or more anywhere in a text that no sign or space divides."""
    most = min(len(text), LONGEST)
    for length in range(most, SHORTEST_INSIDE - 1, -1):
        for at in range(len(text) - length + 1):
            if lexicon.names(text[at : at + length]):
                return text[at : at + length]
    return None


@dataclass(frozen=True, slots=True)
class Gap:
    """At least and at most so many letters may be hidden here."""

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
    """Stars are counted, as authors write one per letter; another picture stands for one to three letters."""
    if signs.isascii():
        return Gap(len(signs), len(signs) + (len(signs) > 1))
    return Gap(1, 3)


def _candidates(parts: list[str], lexicon: Lexicon) -> Iterator[str]:
    if parts[0]:
        yield from lexicon.first.get(parts[0][0], ())
    elif parts[-1]:
        yield from lexicon.last.get(parts[-1][-1], ())


def _fits(word: str, parts: list[str], gaps: list[Gap]) -> bool:
    """True if the word consists of the parts, in order, with gaps of the right lengths between them."""
    if not word.startswith(parts[0]):
        return False
    rest = word[len(parts[0]) :]
    if not gaps:
        return not rest
    return any(_fits(rest[hidden:], parts[1:], gaps[1:]) for hidden in range(gaps[0].least, gaps[0].most + 1))
