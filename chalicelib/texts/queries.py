"""What somebody types into a search, as words to search for."""

import re

from chalicelib import errors
from chalicelib.texts import foldings

LONGEST, MOST_WORDS = 200, 12
_PHRASES = re.compile(r'"([^"]+)"|([^\s"]+)')
_NUMBER = re.compile(r"[+(]?\d[\d\s()./-]{3,}")
_OF_NO_WORD = re.compile(r"^[\W_]+|[\W_]+$")


def words(asked: str) -> tuple[str, ...]:
    """The words, folded, without punctuation around them; a quoted phrase is one word, with its spaces.

    Raises Invalid if there is nothing to search for, or too much: over 200 characters or twelve words.
    """
    if len(asked) > LONGEST:
        raise errors.Invalid(f"The query has at most {LONGEST} characters.", code="query_too_long", field="q")
    if not asked.strip():
        raise errors.Invalid("The query is empty.", code="query_empty", field="q")
    parts = [(phrase, word) for phrase, word in _PHRASES.findall(foldings.fold(asked))]
    words = tuple(dict.fromkeys(filter(None, (_trimmed(phrase or word) for phrase, word in parts))))
    if not words:
        raise errors.Invalid("The query has no letter, digit or symbol to look for.", code="query_blank", field="q")
    if len(words) > MOST_WORDS:
        raise errors.Invalid(f"The query has at most {MOST_WORDS} words.", code="query_too_long", field="q")
    return words


def names(asked: str) -> tuple[str, ...]:
    """The words of a name; a telephone number is one word, however it is written. Raises Invalid as `words` does."""
    if len(asked) <= LONGEST and _NUMBER.fullmatch(asked.strip()):
        return ("".join(filter(str.isdigit, asked)).lstrip("0"),)
    return words(asked)


def _trimmed(word: str) -> str:
    """The word without punctuation around it; a word of signs, such as an emoji, stays as it is."""
    trimmed = _OF_NO_WORD.sub("", word)
    return trimmed or (word if _is_sign(word) else "")


def _is_sign(word: str) -> bool:
    import unicodedata

    return all(unicodedata.category(character) in ("So", "Sk", "Mn", "Cf") for character in word) and any(
        unicodedata.category(character) == "So" for character in word
    )
