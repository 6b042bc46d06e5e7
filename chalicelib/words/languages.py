"""The languages in which a text is read, and the scripts in which it is written."""

import unicodedata
from collections.abc import Mapping, Sequence

from chalicelib.words.lexicons import Lexicon
from chalicelib.words.readings import Reading
from chalicelib.words.terms import CUE, Term

LONGEST = 2_000  # characters whose letters are looked at
# By the first word of the names that Unicode gives its letters.
_NAMES: Mapping[str, str] = {
    "LATIN": "latin", "FULLWIDTH": "latin", "GREEK": "greek", "CYRILLIC": "cyrillic", "ARABIC": "arabic",
    "HEBREW": "hebrew", "DEVANAGARI": "devanagari", "THAI": "thai", "CJK": "chinese", "HIRAGANA": "japanese",
    "KATAKANA": "japanese", "HANGUL": "korean",
}  # fmt: skip
SCRIPTS = (*dict.fromkeys(_NAMES.values()), "other")
CLOSE = 0.25  # a language with this much of a word fewer than the best one still counts


def spoken(readings: Sequence[Reading], lexicon: Lexicon, given: str | None) -> tuple[str, ...]:
    """The language that the network names; else those with the most function words in the text; else all of the
    lexicon.

    A word that several languages have counts for each of them by its share.
    """
    known = lexicon.function_words
    if given in known:
        return (str(given),)
    counts = dict.fromkeys(known, 0.0)
    for reading in readings:
        having = [language for language, words in known.items() if reading.words[0] in words]
        for language in having:
            counts[language] += 1 / len(having)
    most = max(counts.values(), default=0)
    return tuple(language for language, count in counts.items() if most - count <= CLOSE or count * 3 > most * 2)


def applies(word: str, written: str, term: Term, spoken: Sequence[str], lexicon: Lexicon) -> bool:
    """True if the word, `written` in this way, has the meaning of this term in a text of those languages.

    Who writes in one language may swear in another. But a word that is harmless in the text's own language is not a
    term of another, and cues are only read in the text's languages: they are small words.
    """
    if term.language == "any" or (term.category == CUE and term.language in spoken):
        return True
    others = (lexicon.harmless.get(language, frozenset()) for language in spoken if language != term.language)
    return term.category != CUE and not any(word in harmless or written in harmless for harmless in others)


def scripts(text: str) -> tuple[str, ...]:
    """The scripts of the text's letters, in the order of their first letters; empty without letters."""
    letters = dict.fromkeys(filter(str.isalpha, text[:LONGEST]))
    if all(map(str.isascii, letters)):
        return ("latin",) if letters else ()
    names = (unicodedata.name(letter, "").partition(" ")[0] for letter in letters)
    return tuple(dict.fromkeys(_NAMES.get(name, "other") for name in names))


def capitals(text: str) -> int | None:
    """The percentage of capitals among the letters; None if no letter has upper and lower case."""
    cased = [letter for letter in text[:LONGEST] if letter.isupper() or letter.islower()]
    return sum(map(str.isupper, cased)) * 100 // len(cased) if cased else None
