"""Words are found whatever their case, accents and forms of letters are, and shown where they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.texts import foldings

ODD = "éßİǰΐ가각각ㄱｶﾞがガক়ো\u09c7\u09beأإىـẞŉ①ﬁſ\u0301\u3099\n"
TEXTS = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from(ODD)), max_size=40)
ALIKE = {
    "accents": ("Où est le CAFÉ ?", "ou est le cafe ?"),
    "sharp s": ("STRASSE", "straße"),
    "decomposed": ("cafe\u0301", "café"),
    "ligature": ("oﬃce", "office"),
    "wide": ("ＡＢＣ１２", "abc12"),
    "greek": ("ΑΘΉΝΑ", "αθηνα"),
    "arabic alef": ("أحمد", "احمد"),
    "arabic stroke": ("مـــرحبا", "مرحبا"),
    "arabic marks": ("مَرْحَبًا", "مرحبا"),
    "persian yeh": ("علی", "علي"),
    "kana": ("ｶﾞｲﾄﾞ", "ガイド"),
    "hangul": ("\u1112\u1161\u11ab\u1100\u1173\u11af", "한글"),
    "two lines": ("one\ntwo", "one two"),
}
DIFFERENT = {"voiced": ("か", "が"), "letters": ("ö", "p"), "digits": ("1", "l")}


@pytest.mark.parametrize(("word", "other"), ALIKE.values(), ids=ALIKE)
def test_the_same_word_is_one_however_it_is_written(word: str, other: str) -> None:
    assert foldings.fold(word) == foldings.fold(other)


@pytest.mark.parametrize(("word", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_other_words_stay_others(word: str, other: str) -> None:
    assert foldings.fold(word) != foldings.fold(other)


@given(TEXTS)
def test_folding_again_changes_nothing_and_leaves_one_line(text: str) -> None:
    folded = foldings.fold(text)
    assert foldings.fold(folded) == folded
    assert len(folded.splitlines()) <= 1


@given(TEXTS, st.integers(0, 40), st.integers(1, 10))
def test_every_part_of_a_folded_text_is_shown_where_it_stands(text: str, start: int, length: int) -> None:
    word = foldings.fold(text)[start : start + length]
    if word:
        places = foldings.places(text, [word])
        assert places
        assert all(0 <= begin < end <= len(text) for begin, end in places)
        assert any(word in foldings.fold(text[begin:end]) for begin, end in places)


def test_places_are_those_of_the_text_as_written() -> None:
    text = "CAFÉ, cafe\u0301s, Café"
    assert [text[start:end] for start, end in foldings.places(text, ["cafe"])] == ["CAFÉ", "cafe\u0301", "Café"]


def test_places_that_touch_are_one() -> None:
    assert foldings.places("order number", ["order", "der n", "ber"]) == [(0, 7), (9, 12)]


def test_a_text_without_one_of_the_words_has_no_places() -> None:
    assert foldings.places("My order", ["order", "late"]) == []
    assert foldings.places("", ["order"]) == []
