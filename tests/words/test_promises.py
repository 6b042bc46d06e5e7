"""What holds for every text, however it was made: a look never fails, never points outside, never takes long."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.words import foldings, lexicons
from chalicelib.words.looks import look

ALL = lexicons.joined(lexicons.LANGUAGES)
PIECES = [
    *("con", "fuck you", "je vais te", "va te ", "@", "#", "*", "4", "1", ".", " ", "\n", "'", "-", "+33 6 ", "FR76"),
    *(".com", "\u200b", "\U0001f600", "\u0441", "e\u0301", "\ufdfa", "\ud800"),
]
TEXTS = st.one_of(
    st.text(max_size=400), st.lists(st.sampled_from([*PIECES, *sorted(ALL.words)[::30]]), max_size=100).map("".join)
)
UNLETTERED = st.text(st.characters(categories=["N", "P", "S", "Z"], exclude_characters="\u200b"), max_size=200)
LOOKALIKES = {"a": "а", "e": "е", "i": "і", "o": "о", "c": "с", "p": "р", "x": "х", "s": "ѕ"}
KNOWN = ["connards", "gilipollas", "wankers", "arschloch", "babacas", "abrutis", "morons"]


@given(TEXTS, st.booleans())
@example("- fucker", True)
@example("#\u200bAB\ufb01cCon", False)
def test_a_look_never_fails_and_every_span_is_in_the_text(text: str, handle: bool) -> None:
    for finding in look(text, ALL, handle=handle).findings:
        for span in finding.spans:
            assert span.length > 0
            assert text[span.at : span.at + span.length] == span.text
            assert len(text[: span.at].encode("utf-16-le", "surrogatepass")) // 2 == span.at16


@given(TEXTS)
def test_each_folded_character_has_a_place_in_the_text(text: str) -> None:
    folding = foldings.fold(text)
    assert len(folding.places) == len(folding.text)
    assert list(folding.places) == sorted(folding.places)
    assert all(0 <= place < len(text) for place in folding.places)


@given(st.sampled_from(KNOWN), st.data())
def test_capitals_lookalikes_and_invisible_characters_never_hide_a_word(word: str, data: st.DataObject) -> None:
    ways: list[Callable[[str], str]] = [
        str.upper,
        lambda letter: LOOKALIKES.get(letter, letter),
        lambda letter: f"{letter}\u200b",
        str,
    ]
    written = "".join(data.draw(st.sampled_from(ways))(letter) for letter in word)
    assert look(f"{written} !", ALL).findings


@given(UNLETTERED)
def test_without_letters_no_word_is_found(text: str) -> None:
    letters = any(letter.isalpha() for letter in foldings.fold(text).text)
    assert letters or {finding.category for finding in look(text, ALL).findings} <= {"personal_data"}


HOSTILE = [
    *("a", "4", "a.", "c*", "1a", "\U0001f600", "\u200b", "e\u0301", " ", "a ", "con ", "fuck ", "you ", "va te "),
    *("@a", "#aB", "07 ", "a-", "1l1 ", "\ufdfa", "www.", "a@", "a.com ", "FR76 ", "co* ", "s*h*t ", "co🌙 "),
]


@pytest.mark.slow
@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_text_takes_steps_in_proportion_to_what_is_read_of_it(piece: str) -> None:
    """MO-01"""
    half, whole, endless = (steps(piece * (length // len(piece))) for length in (1250, 2500, 60_000))
    assert whole <= 2.5 * half + 2_000
    assert endless <= whole * 1.3 + 2_000


def steps(text: str) -> int:
    """How many calls a look takes, once what it has to look up is known."""
    look(text, ALL)
    calls = 0

    def count(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        look(text, ALL)
    finally:
        sys.setprofile(before)
    return calls
