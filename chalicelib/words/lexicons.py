"""Terms, put in order so that a word of a text is looked up and not compared with each."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from chalicelib.words import phrases
from chalicelib.words.phrases import Phrase
from chalicelib.words.sounds import sound
from chalicelib.words.terms import ALLOWED, CUE, Term

FILES = Path(__file__).with_name("lexicon")
LANGUAGES = ("de", "en", "es", "fr", "pt")
# Too short to be told from other words when a letter is hidden, or when only their sound is known.
SHORTEST_MASKED, SHORTEST_SOUND, SHORTEST_INSIDE = 4, 5, 6


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`words` has each single word that an entry has anywhere, and which terms it is by itself."""

    terms: tuple[Term, ...]
    words: Mapping[str, tuple[int, ...]]
    phrases: Mapping[str, tuple[Phrase, ...]]
    heads: Mapping[str, tuple[Phrase, ...]]
    tails: Mapping[str, tuple[Phrase, ...]]
    squeezed: Mapping[str, str]
    sounds: Mapping[str, str]
    first: Mapping[str, tuple[str, ...]]
    last: Mapping[str, tuple[str, ...]]
    harmless: Mapping[str, frozenset[str]]
    function_words: Mapping[str, frozenset[str]]

    def names(self, word: str) -> bool:
        """True if the word by itself is a finding, not only a part of one or a cue."""
        return any(self.terms[number].category not in {CUE, ALLOWED} for number in self.words.get(word, ()))


@dataclass(frozen=True, slots=True)
class Source:
    """What a language's file holds. Of `harmless`, with accents where these tell, none is a disguise, or a term of
    another language.
    """

    terms: tuple[Term, ...]
    harmless: frozenset[str]
    function_words: frozenset[str]


@lru_cache(maxsize=8)
def source(language: str) -> Source:
    """The lexicon that comes with us for a language, read when it is first asked for."""
    file = json.loads((FILES / f"{language}.json").read_text())
    terms = tuple(
        Term(lemma, tuple(forms), category, severity, certainty, language)
        for category, severity, certainty, lemma, forms in file["terms"]
    )
    return Source(terms, frozenset(file["harmless"]), frozenset(file["function_words"]))


@lru_cache(maxsize=200)
def joined(languages: tuple[str, ...], more: tuple[Term, ...] = ()) -> Lexicon:
    """The lexicons of these languages and a brand's own terms, in one. A language without a lexicon is passed over."""
    sources = {language: source(language) for language in languages if language in LANGUAGES}
    terms = [term for one in sources.values() for term in one.terms]
    return build(
        (*terms, *more),
        {language: one.harmless for language, one in sources.items()},
        {language: one.function_words for language, one in sources.items()},
    )


def build(
    terms: tuple[Term, ...],
    harmless: Mapping[str, frozenset[str]] | None = None,
    function_words: Mapping[str, frozenset[str]] | None = None,
) -> Lexicon:
    """A lexicon of these terms. Raises ValueError for a pattern that cannot be read."""
    words: dict[str, list[int]] = defaultdict(list)
    starts: dict[str, dict[str, list[Phrase]]] = {"words": defaultdict(list), "heads": {}, "tails": {}}
    for number, term in enumerate(terms):
        for pattern in term.patterns:
            _enter(phrases.parse(pattern), number, words, starts)
    named = {word for word, numbers in words.items() if any(terms[number].category != CUE for number in numbers)}
    hidden = sorted(word for word in named if len(word) >= SHORTEST_MASKED)
    heard = [word for word in hidden if any(terms[number].language == "fr" for number in words[word])]
    return Lexicon(
        terms,
        {word: tuple(numbers) for word, numbers in words.items()},
        _settled(starts["words"]),
        _settled(starts["heads"]),
        _settled(starts["tails"]),
        {squeeze(word): word for word in [*sorted(words), *sorted(named)] if len(word) > 2},
        {key: word for word in heard if len(key := sound(word)) >= SHORTEST_SOUND},
        _grouped(hidden, 0),
        _grouped(hidden, -1),
        harmless or {},
        function_words or {},
    )


def _settled(starts: Mapping[str, list[Phrase]]) -> dict[str, tuple[Phrase, ...]]:
    return {letters: tuple(met) for letters, met in starts.items()}


def squeeze(word: str) -> str:
    """The word with each letter once where it is written several times in a row."""
    return "".join(letter for at, letter in enumerate(word) if not at or word[at - 1] != letter)


def _enter(
    elements: tuple[phrases.Element, ...],
    number: int,
    words: dict[str, list[int]],
    starts: Mapping[str, dict[str, list[Phrase]]],
) -> None:
    """Put one pattern of a term where it is looked for."""
    for word in (word for element in elements for word in element.words):
        words[word]  # known, so that its disguises are read, too
    head = elements[0]
    if len(elements) == 1:
        for word in head.words:
            words[word].append(number)
    phrase = Phrase(number, elements)
    for word in head.words if len(elements) > 1 else ():
        starts["words"][word].append(phrase)
    for letters in head.heads:
        starts["heads"].setdefault(letters, []).append(phrase)
    for letters in head.tails:
        starts["tails"].setdefault(letters, []).append(phrase)


def _grouped(words: Iterable[str], place: int) -> dict[str, tuple[str, ...]]:
    """The words by the letter that stands at this place of each."""
    groups: dict[str, list[str]] = defaultdict(list)
    for word in words:
        groups[word[place]].append(word)
    return {letter: tuple(group) for letter, group in groups.items()}
