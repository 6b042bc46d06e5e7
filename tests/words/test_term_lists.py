"""A brand's own words: what of them can be looked for, and how they are found."""

import pytest

from chalicelib.words import lexicons, term_lists
from chalicelib.words.looks import look
from chalicelib.words.term_lists import Fault, TermList


def listed(*entries: str, allowed: tuple[str, ...] = (), language: str = "any") -> TermList:
    return TermList("trm_1", entries, allowed, language=language)


def spans(text: str, terms: TermList) -> list[str]:
    lexicon = lexicons.joined(("fr",), term_lists.terms_of(terms))
    return [finding.spans[0].text for finding in look(text, lexicon).findings if finding.origin == "trm_1"]


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ("", "cannot_be_read"),
        ("a", "too_short"),
        ("*", "cannot_be_read"),
        ("**a*", "cannot_be_read"),
        ("abc*", "too_short"),
        ("x" * 61, "too_long"),
        ("(a|b)+", "cannot_be_read"),
        ("a...b", "cannot_be_read"),
        ("big* bad", "cannot_be_read"),
        ("\u200b\u200d", "cannot_be_read"),
        ("Vélostra", "own_name"),
    ],
)
def test_an_entry_that_cannot_be_looked_for_is_told_by_its_place(entry: str, code: str) -> None:
    """MO-10"""
    assert list(term_lists.faults(listed("fine", entry), frozenset({"velostra"}))) == [Fault("entries", 1, code)]


def test_two_thousand_entries_are_enough() -> None:
    """MO-10"""
    many = [f"word{number}" for number in range(2001)]
    assert list(term_lists.faults(listed(*many[:2000]))) == []
    assert list(term_lists.faults(listed(*many))) == [Fault("entries", 2000, "too_many")]


def test_an_everyday_word_is_warned_of() -> None:
    """MO-11"""
    entries = (
        "zorglub",
        "negro",
        "vous",
        "Orange",
        "ZÉPHYR",
        "frais*",
        "*ville",
        "zorg*",
        "big orange zorglub",
        "groß",
    )
    warned = term_lists.warnings(listed(*entries))
    assert [(warning.place, warning.code) for warning in warned] == [
        (place, "everyday_word") for place in (1, 2, 3, 4, 5, 6, 9)
    ]
    assert list(term_lists.warnings(listed("fine", "*", ""))) == []


@pytest.mark.parametrize(
    ("entry", "text", "expected"),
    [
        ("zorglub", "quel Zorglub !", ["Zorglub"]),
        ("zorglub", "quels zorglubs", []),
        ("zorgl*", "quels zorglubs", ["zorglubs"]),
        ("*glub", "un zorglub", ["zorglub"]),
        ("zorglub", "quel z0rglub", ["z0rglub"]),
        ("zorgl*", "z o r g l", ["z o r g l"]),
        ("l'été pourri", "quel l’été pourri alors", ["l’été pourri"]),
        ("grand méchant loup", "ce GRAND MÉCHANT LOUP", ["GRAND MÉCHANT LOUP"]),
        ("grand méchant loup", "ce grand loup", []),
    ],
)
def test_words_their_ends_and_phrases_are_found_in_disguise_too(entry: str, text: str, expected: list[str]) -> None:
    assert spans(text, listed(entry)) == expected


def test_what_a_list_allows_is_let_through_where_it_stands_only() -> None:
    """MO-08"""
    terms = listed("zorglub", allowed=("saint zorglub",))
    assert spans("saint zorglub", terms) == []
    assert spans("saint zorglub, pas zorglub", terms) == ["zorglub"]
