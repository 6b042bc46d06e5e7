"""Terms, put in order so that a word of a text is looked up and not compared with each."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from chalicelib.words import foldings, phrases
from chalicelib.words.phrases import Phrase
from chalicelib.words.sounds import sound
from chalicelib.words.terms import ALLOWED, CUE, Term

Value = TypeVar("Value")
FILES = Path(__file__).with_name("lexicon")
LANGUAGES = ("de", "en", "es", "fr", "pt")
# Too short to be told from other words when a letter is hidden, or when only their sound is known.
SHORTEST_MASKED, SHORTEST_SOUND, SHORTEST_INSIDE = 4, 5, 6


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`words` has every word that occurs in an entry, with the numbers of the terms that consist of it alone."""

    terms: tuple[Term, ...] = ()
    words: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    phrases: Mapping[str, tuple[Phrase, ...]] = field(default_factory=dict)
    heads: Mapping[str, tuple[Phrase, ...]] = field(default_factory=dict)
    tails: Mapping[str, tuple[Phrase, ...]] = field(default_factory=dict)
    squeezed: Mapping[str, str] = field(default_factory=dict)
    sounds: Mapping[str, str] = field(default_factory=dict)
    first: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    last: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    harmless: Mapping[str, frozenset[str]] = field(default_factory=dict)
    function_words: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def names(self, word: str) -> bool:
        """True if the word by itself is a finding, not only a part of one, or a cue or allowed word."""
        return any(self.terms[number].category not in {CUE, ALLOWED} for number in self.words.get(word, ()))


@dataclass(frozen=True, slots=True)
class Source:
    """The contents of a language's file. A word of `harmless`, with accents where they matter, is never taken for a
    disguise or for a term of another language. `everyday` words, folded, are so common that a term list hardly means
    them.
    """

    terms: tuple[Term, ...]
    harmless: frozenset[str]
    function_words: frozenset[str]
    everyday: frozenset[str]


@lru_cache(maxsize=8)
def source(language: str) -> Source:
    """The lexicon of a language that ships with us, read at first use."""
    file = json.loads((FILES / f"{language}.json").read_text())
    terms = tuple(
        Term(lemma, tuple(forms), category, severity, certainty, language)
        for category, severity, certainty, lemma, forms in file["terms"]
    )
    words = (frozenset(file[name]) for name in ("harmless", "function_words", "everyday"))
    return Source(terms, *words)


@lru_cache(maxsize=1)
def everyday() -> frozenset[str]:
    """The words that people of any of our languages say every day, as far as they are known here; folded."""
    sources = [source(language) for language in LANGUAGES]
    every = (
        word
        for source in sources
        for words in (source.everyday, source.function_words, source.harmless)
        for word in words
    )
    return frozenset(map(foldings.entry, every))


@lru_cache(maxsize=8)
def of_languages(languages: tuple[str, ...]) -> Lexicon:
    """The lexicons of these languages in one. A language without a lexicon is passed over."""
    sources = {language: source(language) for language in languages if language in LANGUAGES}
    empty = Lexicon(
        harmless={language: source.harmless for language, source in sources.items()},
        function_words={language: source.function_words for language, source in sources.items()},
    )
    return extended(empty, tuple(term for source in sources.values() for term in source.terms))


@lru_cache(maxsize=64)
def joined(languages: tuple[str, ...], more: tuple[Term, ...] = ()) -> Lexicon:
    """The lexicons of these languages and a brand's own terms. Callers keep the result: finding it in the cache
    compares all terms.
    """
    return extended(of_languages(languages), more)


def readable(terms: Iterable[Term]) -> tuple[Term, ...]:
    """The terms with only those of their patterns that can be parsed: what a brand drafts may not be words at all."""
    kept = ((term, tuple(filter(phrases.is_readable, term.patterns))) for term in terms)
    return tuple(term if patterns == term.patterns else replace(term, patterns=patterns) for term, patterns in kept)


def extended(base: Lexicon, more: tuple[Term, ...]) -> Lexicon:
    """The lexicon with more terms; it shares the contents of `base`. Raises ValueError for a pattern that cannot be
    parsed.
    """
    words, starts, heads, tails = dict(base.words), dict(base.phrases), dict(base.heads), dict(base.tails)
    for number, term in enumerate(more, len(base.terms)):
        for elements in map(phrases.parse, term.patterns):
            head, phrase = elements[0], Phrase.of(number, elements)
            for word in (word for element in elements for word in element.words):
                words.setdefault(word, ())  # known, so that its disguises are read, too
            for word in head.words:
                _add(words, word, number) if len(elements) == 1 else _add(starts, word, phrase)
            for letters in head.heads:
                _add(heads, letters, phrase)
            for letters in head.tails:
                _add(tails, letters, phrase)
    longer = replace(base, terms=(*base.terms, *more), words=words, phrases=starts, heads=heads, tails=tails)
    return _disguisable(longer, base)


def _disguisable(lexicon: Lexicon, base: Lexicon) -> Lexicon:
    """The lexicon with the tables for undoing disguises of its words, for those words that `base` does not have."""
    fresh = [word for word in sorted(lexicon.words) if word not in base.words and len(word) > 2]
    named = [word for word in sorted(lexicon.words) if lexicon.names(word) and not base.names(word)]
    hidden = [word for word in named if len(word) >= SHORTEST_MASKED]
    first, last = dict(base.first), dict(base.last)
    for word in hidden:
        _add(first, word[0], word)
        _add(last, word[-1], word)
    heard = {key: word for word in hidden if _is_french(word, lexicon) and len(key := sound(word)) >= SHORTEST_SOUND}
    squeezed = {squeeze(word): word for word in [*fresh, *named] if len(word) > 2}
    return replace(
        lexicon, first=first, last=last, sounds={**base.sounds, **heard}, squeezed={**base.squeezed, **squeezed}
    )


def _is_french(word: str, lexicon: Lexicon) -> bool:
    return any(lexicon.terms[number].language == "fr" for number in lexicon.words[word])


def _add(table: dict[str, tuple[Value, ...]], key: str, value: Value) -> None:
    table[key] = (*table.get(key, ()), value)


def squeeze(word: str) -> str:
    """The word with repeated letters reduced to one."""
    return "".join(letter for at, letter in enumerate(word) if not at or word[at - 1] != letter)
