"""What each word of a text may be read as: as it is written, and as the word that it disguises.

Each disguise is undone in one step, in a fixed order, by looking up what is left; nothing is tried twice. So the time
for a text depends only on its words, whoever wrote it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from chalicelib.words import disguises, tokens
from chalicelib.words.foldings import Folding
from chalicelib.words.lexicons import Lexicon
from chalicelib.words.tokens import Token

SIGNS = {"-": "", ".": "", "@": "a", "$": "s", "!": "i", "\u20ac": "e", "+": "t", "\u00a3": "l"}
EDGES = re.compile(r"^[^\w*@$#]+|[^\w*@$]+$")
OUTSIDE = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """A stretch of the folded text, and the words it may be; the first is as written. `how`: by which disguises."""

    start: int
    end: int
    words: tuple[str, ...]
    how: tuple[str, ...] = ()
    sure: bool = True


def read(folding: Folding, lexicon: Lexicon, handle: bool = False) -> list[Reading]:
    """The text's words in order. With `handle` the whole text is cut like an account's name, even without an @."""
    words = tokens.words(folding)
    places = {first: (last, met) for first, last, met in _joined(folding, words, lexicon, handle)}
    readings: list[Reading] = []
    at = 0
    while at < len(words):
        if at in places:
            at, met = places[at]
            readings.extend(met)
        else:
            readings.append(_word(words[at], folding, lexicon, words[at - 1].text if at else ""))
            at += 1
    return readings


def _joined(
    folding: Folding, words: list[Token], lexicon: Lexicon, handle: bool
) -> Iterator[tuple[int, int, list[Reading]]]:
    """Which words are not to be read one by one, and what is read instead. If two apply to the same words, the last
    counts.
    """
    if handle and words:
        start, end = words[0].start, words[-1].end
        token = Token(folding.text[start:end], start, end, "tag")
        yield 0, len(words), list(_tag(token, folding, lexicon))
        return
    for first, last, token in tokens.chunks(folding, words):
        if token.form == "address":
            yield first, last, []
        elif token.form == "tag":
            yield first, last, list(_tag(token, folding, lexicon))
        elif known := _chunk(token, folding, lexicon):
            yield first, last, [known]
    for first, last, token in tokens.spaced(folding, words):
        for skip in (0, 1):  # a word of one letter may stand before
            whole = replace(token, text=token.text[skip:], start=words[first + skip].start)
            if known := _spaced(whole, lexicon):
                yield first + skip, last, [known]
                break


def _spaced(token: Token, lexicon: Lexicon) -> Reading | None:
    text = token.text
    if len(text) >= tokens.FEWEST and text in lexicon.words:
        return Reading(token.start, token.end, (text,), ("spaced",))
    if len(text) >= tokens.FEWEST and (word := disguises.leet(text, lexicon)):
        return Reading(token.start, token.end, (word,), ("leet", "spaced"))
    inside = disguises.inside(text, lexicon)
    return Reading(token.start, token.end, (inside,), ("spaced",)) if inside else None


def _chunk(token: Token, folding: Folding, lexicon: Lexicon) -> Reading | None:
    """Signs within a word: they separate its letters, stand for some, or hide some."""
    trimmed = EDGES.sub("", token.text)
    start = token.start + token.text.find(trimmed)
    end = start + len(trimmed)
    if not trimmed or trimmed.isalnum():
        return None
    together = OUTSIDE.sub("", trimmed)
    if len(together) >= tokens.FEWEST and lexicon.names(together):
        return Reading(start, end, (together,), ("separated",))
    signed = "".join(SIGNS.get(sign, sign) for sign in trimmed)
    if not disguises.is_code(folding, start, end) and (word := disguises.leet(signed, lexicon)):
        return Reading(start, end, (word,), ("leet",))
    hidden = disguises.unmask(trimmed, lexicon)
    return Reading(start, end, (hidden[0],), ("masked",), hidden[1]) if hidden else None


def _tag(token: Token, folding: Folding, lexicon: Lexicon) -> Iterator[Reading]:
    """The words of a hashtag or handle, cut at capitals and signs; if none is a finding, also a long term anywhere in
    it.
    """
    how = "hashtag" if token.text.startswith("#") else "handle"
    known = False
    for piece in tokens.pieces(folding, token):
        words = (piece.text, *(word for word in [disguises.ELIDED.sub("", piece.text)] if word in lexicon.words))
        known = known or any(map(lexicon.names, words))
        yield Reading(piece.start, piece.end, words, (how,))
    together = OUTSIDE.sub("", token.text)
    if not known and (inside := disguises.inside(together, lexicon) or disguises.leet(together, lexicon)):
        yield Reading(token.start, token.end, (inside,), (how,))


def _word(token: Token, folding: Folding, lexicon: Lexicon, before: str) -> Reading:
    """A word as written and, if no entry has it, also the word that it may disguise."""
    plain = Reading(token.start, token.end, (token.text,))
    if token.text in lexicon.words or len(token.text) < 3 or token.text.isdecimal():
        return plain
    written = folding.as_written(token.start, token.end)
    if any(token.text in harmless or written in harmless for harmless in lexicon.harmless.values()):
        return plain
    how, word = _disguised(token, folding, lexicon, before)
    return replace(plain, words=(token.text, word), how=(how,)) if word else plain


def _disguised(token: Token, folding: Folding, lexicon: Lexicon, before: str) -> tuple[str, str | None]:
    """The word that it may be, and the disguise; the likeliest disguise is tried first."""
    text = token.text
    if word := disguises.repeated(text, lexicon):
        return "repeated", word
    ordered = any(lexicon.terms[number].lemma == "order" for number in lexicon.words.get(before, ()))
    coded = disguises.is_code(folding, token.start, token.end, ordered)
    if not coded and (word := disguises.leet(text, lexicon)):
        return "leet", word
    if word := disguises.spoken(text, lexicon):
        return "phonetic", word
    return "compound", disguises.compound(text, lexicon)
