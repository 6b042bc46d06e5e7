"""The words of a folded text, as far as spaces, signs and capitals separate them.

A token may cover several words as written: letters with spaces between them, or a chunk without spaces, are one token.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from chalicelib.words.foldings import Folding

WORD = re.compile(r"[^\W_]+")
STRETCH = re.compile(r"\S+")
ADDRESS = re.compile(r"://|^www\.|\w@\w[\w-]*\.\w|\w\.(?:com|net|org|fr|de|es|pt|br|it|uk|be|ch|io|example)\b")
# Quotation marks, brackets and commas stand between words; other signs may stand in one.
CHUNK = re.compile(r"[^\s'\u2018\u2019\"\u00ab\u00bb\u201c\u201d\u201e()\[\],;:?]+")
# Where a hashtag or a handle is cut: before a capital, around digits, at signs.
PIECE = re.compile(r"[A-Z\u00c0-\u00de]?[^\WA-Z\u00c0-\u00de_\d]+|[A-Z\u00c0-\u00de]+(?![^\WA-Z_\d])")
ENDS = ".,;:!?"  # signs that stand behind words
LONGEST = 80  # whatever is longer is no word, and no disguise of one
FEWEST = 4  # so many separated letters are a word; fewer are initials


@dataclass(frozen=True, slots=True)
class Token:
    """`form` is `word`, `spaced` (spaces between its letters), `chunk` (with signs in it), `tag` (hashtag or handle) or
    `address`.
    """

    text: str
    start: int
    end: int
    form: str = "word"


def words(folding: Folding) -> list[Token]:
    """Each run of letters and digits, up to 80 characters."""
    return [
        Token(hit.group(), hit.start(), hit.end())
        for hit in WORD.finditer(folding.text)
        if hit.end() - hit.start() <= LONGEST
    ]


def spaced(folding: Folding, words: list[Token]) -> Iterator[tuple[int, int, Token]]:
    """Each run of four or more single letters with the same signs between them, with the range of its words.

    A change of the signs, such as two spaces instead of one, ends a run.
    """
    gaps = [
        folding.text[before.end : after.start] if len(before.text) == len(after.text) == 1 else None
        for before, after in pairwise(words)
    ]
    at = 0
    for gap, run in groupby(gaps):
        count = len(list(run))
        if gap is not None and count + 1 >= FEWEST and len(gap) <= 3 and gap.count(" ") < 3:
            yield at, at + count + 1, _joined(words[at : at + count + 1], "spaced")
        at += count


def chunks(folding: Folding, words: list[Token]) -> Iterator[tuple[int, int, Token]]:
    """Whatever has signs in it or before it, such as `f*ck`, `@some.one`, an address; with the range of its words."""
    at = 0
    for chunk in _stretches(folding.text):
        while at < len(words) and words[at].start < chunk.start:
            at += 1
        first = at
        while at < len(words) and words[at].start < chunk.end:
            at += 1
        alone = at - first == 1 and words[first].end - words[first].start == len(chunk.text)
        if at > first and not alone and (len(chunk.text) <= LONGEST or chunk.form == "address"):
            yield first, at, chunk


def _stretches(text: str) -> Iterator[Token]:
    for stretch in STRETCH.finditer(text):
        if stretch.group().rstrip(ENDS).isalnum():
            continue  # it is a word, and nothing else
        if ADDRESS.search(stretch.group()):
            yield Token(stretch.group(), stretch.start(), stretch.end(), "address")
            continue
        for hit in CHUNK.finditer(text, stretch.start(), stretch.end()):
            yield Token(hit.group(), hit.start(), hit.end(), "tag" if hit.group()[0] in "#@" else "chunk")


def pieces(folding: Folding, token: Token) -> list[Token]:
    """The words that a hashtag or handle is made of, by its capitals, digits and signs."""
    begin, end = folding.span(token.start, token.end)
    written = folding.written[begin:end]
    if list(folding.places[token.start : token.end]) != list(range(begin, end)):  # capitals cannot be told
        return [
            Token(hit.group(), token.start + hit.start(), token.start + hit.end()) for hit in WORD.finditer(token.text)
        ]
    return [
        Token(token.text[hit.start() : hit.end()], token.start + hit.start(), token.start + hit.end())
        for hit in PIECE.finditer(written)
    ]


def _joined(words: list[Token], form: str) -> Token:
    return Token("".join(word.text for word in words), words[0].start, words[-1].end, form)
