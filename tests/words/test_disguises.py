"""Each way to disguise a word, made by machine of every plain insult and slur that the lexicons have."""

from collections.abc import Callable

import pytest

from chalicelib.words import lexicons
from chalicelib.words.looks import look

VOWELS = "aeiou"
LEET, FULL_LEET = str.maketrans("aeio", "4310"), str.maketrans("aeiost", "431057")
CYRILLIC = str.maketrans("aceopxyis", "асеорхуіѕ")


def masked(sign: str) -> Callable[[str], str]:
    """One vowel, not the first letter, behind a sign."""

    def hide(word: str) -> str:
        at = next((at for at, letter in enumerate(word) if at and letter in VOWELS), 1)
        return word[:at] + sign + word[at + 1 :]

    return hide


WAYS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "capitals": str.upper,
    "spaced": " ".join,
    "dotted": ".".join,
    "hyphens": "-".join,
    "underscores": "_".join,
    "cyrillic": lambda word: word.translate(CYRILLIC),
    "full width": lambda word: "".join(chr(ord(letter) + 0xFEE0) for letter in word),
    "mathematical bold": lambda word: "".join(chr(ord(letter) - ord("a") + 0x1D41A) for letter in word),
    "boxed": lambda word: "".join(chr(ord(letter) - ord("a") + 0x1F170) for letter in word),
    "combining strokes": lambda word: "".join(f"{letter}\u0336" for letter in word),
    "soft hyphen": "\u00ad".join,
    "zero width": "\u200b".join,
    "hashtag": lambda word: f"#Velostra{word.title()}",
    "repeated vowels": lambda word: "".join(letter * 4 if letter in VOWELS else letter for letter in word),
    "star": masked("*"),
    "emoji": masked("🌙"),
    "leet": lambda word: word.translate(LEET),
    "full leet": lambda word: word.translate(FULL_LEET),
}
# What has hardly a letter left may as well be a number; with one letter hidden it may be another word.
LEAST = {"full leet": 0.84, "star": 0.98, "emoji": 0.98}


def plain_terms(language: str) -> list[str]:
    """Words of five letters and more, by themselves clear."""
    terms = lexicons.source(language).terms
    clear = [term for term in terms if term.category in {"insult", "hate"} and term.certainty in {"clear", "slur"}]
    words = {form for term in clear for form in term.patterns if form.isascii() and form.isalpha() and len(form) >= 5}
    return sorted(words)


@pytest.mark.parametrize("language", lexicons.LANGUAGES)
@pytest.mark.parametrize("way", WAYS)
def test_a_disguised_word_is_found_as_the_plain_one_is(way: str, language: str) -> None:
    lexicon, words = lexicons.joined((language,)), plain_terms(language)
    lost = [word for word in words if not look(f"you {WAYS[way](word)} !", lexicon).findings]
    assert len(words) > 60
    assert len(lost) <= (1 - LEAST.get(way, 1.0)) * len(words), lost
