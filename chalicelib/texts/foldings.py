"""A text in the form in which it is searched: without case, accents and forms of letters. The same for every index.

Words are searched in folded texts; `places` finds them in the text as written.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache

# Arabic letters that are often interchanged, and the stroke that only makes a word longer.
_ARABIC = {"ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي", "ـ": None}
_VOICED = "\u3099\u309a"  # these two make another letter of a Japanese one; all other marks are left out
_LAST_MARK = 0x1F000  # no mark has a higher number
# A syllable of Hangul may be written as its two or three parts, of which these go on with what is before them.
_FIRST_PART, _LAST_PART = "\u1160", "\u11ff"
_SPACES = dict.fromkeys((*range(32), 127, 133, 8232, 8233), " ")
Place = tuple[int, int]  # from, up to: characters of the text as written


def fold(text: str) -> str:
    """The text, folded, in one line. Folding it again changes nothing."""
    if text.isascii():
        return text.lower().translate(_SPACES)
    plain = _plain(text)
    # Folding a capital may produce several letters, with marks of their own.
    return plain if plain.isascii() else unicodedata.normalize("NFC", _plain(plain))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKD", text).translate(_table()).casefold()


@cache
def _table() -> dict[int, str | None]:
    """What each single character becomes: marks and line ends disappear."""
    marks = (number for number in range(0x80, _LAST_MARK) if unicodedata.combining(chr(number)))
    letters: dict[int, str | None] = {ord(letter): other for letter, other in _ARABIC.items()}
    return {**{number: None for number in marks if chr(number) not in _VOICED}, **letters, **_SPACES}


def places(text: str, words: Iterable[str]) -> list[Place]:
    """Where folded words stand in a text as written, in order. Places that touch are joined.

    Empty if one of the words is not there.
    """
    clusters = _clusters(text)
    parts = [fold(text[start:end]) for start, end in clusters]
    folded = "".join(parts)
    cluster_of = [number for number, part in enumerate(parts) for _ in part]
    places: list[Place] = []
    for word in words:
        spans = list(_spans(folded, word))
        if not spans:
            return []
        places += ((clusters[cluster_of[start]][0], clusters[cluster_of[end - 1]][1]) for start, end in spans)
    return list(_joined(sorted(places)))


def _spans(folded: str, word: str) -> Iterator[Place]:
    at = folded.find(word)
    while at >= 0:
        yield at, at + len(word)
        at = folded.find(word, at + len(word))


def _joined(places: Sequence[Place]) -> Iterator[Place]:
    start, end = -1, -1
    for place in places:
        if place[0] > end:
            if end > start:
                yield start, end
            start, end = place
        end = max(end, place[1])
    if end > start:
        yield start, end


def _clusters(text: str) -> list[Place]:
    """The place of each letter, together with the characters that belong to it. Folding the clusters one by one gives
    the same as folding the text.
    """
    starts = [at for at, character in enumerate(text) if at == 0 or not _belongs_to_previous(character)]
    return list(zip(starts, [*starts[1:], len(text)][: len(starts)], strict=True))


@lru_cache(maxsize=4096)
def _belongs_to_previous(character: str) -> bool:
    first = unicodedata.normalize("NFKD", character)[0]
    return unicodedata.category(first)[0] == "M" or _FIRST_PART <= first <= _LAST_PART
