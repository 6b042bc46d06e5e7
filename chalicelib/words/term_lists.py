"""A brand's own words, and what of them can be looked for: whole words, beginnings and ends of words, phrases."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.words import foldings, lexicons
from chalicelib.words.terms import ALLOWED, Term

MOST_ENTRIES, LONGEST_ENTRY, MOST_WORDS = 2000, 60, 8
FEWEST_LETTERS, FEWEST_WITH_STAR = 2, 4
ENTRY = re.compile(r"\*?[^\W_]+(?: [^\W_]+)*\*?")


@dataclass(frozen=True, slots=True)
class TermList:
    """`entries` are searched for in texts of the language; nothing is found inside a phrase of `allowed`."""

    id: str
    entries: tuple[str, ...]
    allowed: tuple[str, ...] = ()
    category: str = "insult"
    severity: int = 2
    certainty: str = "clear"
    language: str = "any"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an entry, by its list (`field`) and its place in the list."""

    field: str
    place: int
    code: str


def faults(terms: TermList, brand: frozenset[str] = frozenset()) -> Iterator[Fault]:
    """Each entry that cannot be searched for, or is the brand's own name (`brand`, folded)."""
    for field, entries in (("entries", terms.entries), ("allowed", terms.allowed)):
        if len(entries) > MOST_ENTRIES:
            yield Fault(field, MOST_ENTRIES, "too_many")
        for place, entry in enumerate(entries[:MOST_ENTRIES]):
            if code := _fault(entry):
                yield Fault(field, place, code)
            elif field == "entries" and foldings.entry(entry).strip("*") in brand:
                yield Fault(field, place, "own_name")


def warnings(terms: TermList) -> Iterator[Fault]:
    """Each entry that finds a word which people use every day."""
    for place, entry in enumerate(terms.entries):
        if is_everyday(entry):
            yield Fault("entries", place, "everyday_word")


def is_everyday(entry: str) -> bool:
    """True if the entry is an everyday word; with a star, if an everyday word begins or ends with it."""
    folded, everyday = foldings.entry(entry), lexicons.everyday()
    bare = folded.strip("*")
    begins, ends = folded.endswith("*"), folded.startswith("*")
    return bare in everyday or any(
        (begins and word.startswith(bare)) or (ends and word.endswith(bare))
        for word in (everyday if bare and (begins or ends) else ())
    )


def terms_of(terms: TermList) -> tuple[Term, ...]:
    """The list as terms for a lexicon. It must be without faults."""
    said = (
        Term(entry, _patterns(entry), terms.category, terms.severity, terms.certainty, terms.language, terms.id)
        for entry in terms.entries
    )
    allowed = (Term(entry, _patterns(entry), ALLOWED, 0, "clear", terms.language, terms.id) for entry in terms.allowed)
    return (*said, *allowed)


def _patterns(entry: str) -> tuple[str, ...]:
    """For an entry with a star also the bare word, so that its disguises are found."""
    folded = foldings.entry(entry)
    return (folded, folded.strip("*")) if "*" in folded else (folded,)


def _fault(entry: str) -> str | None:
    folded = foldings.entry(entry)
    bare = folded.strip("*")
    if len(entry) > LONGEST_ENTRY or folded.count(" ") >= MOST_WORDS:
        return "too_long"
    if not ENTRY.fullmatch(folded) or ("*" in folded and " " in folded):
        return "cannot_be_read"
    if len(bare) < (FEWEST_WITH_STAR if "*" in folded else FEWEST_LETTERS):
        return "too_short"
    return None
