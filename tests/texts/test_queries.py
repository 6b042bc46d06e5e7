"""What somebody types becomes words; what finds nothing sensible is refused."""

import pytest

from chalicelib import errors
from chalicelib.texts import queries, results

WORDS = {
    "case and accents": ("Où est ma COMMANDE ?", ("ou", "est", "ma", "commande")),
    "punctuation": ("(hello), #promo @ana!", ("hello", "promo", "ana")),
    "inside a word": ("l'eau re-send 3.50", ("l'eau", "re-send", "3.50")),
    "phrase": ('"my order" late', ("my order", "late")),
    "open quote": ('"my order', ("my", "order")),
    "twice": ("order Order", ("order",)),
    "chinese": ("我的订单", ("我的订单",)),
    "emoji": ("😂 ok", ("😂", "ok")),
}
NAMES = {
    "french number": ("06 12 34 56 78", ("612345678",)),
    "with its country": ("+33 (6) 12.34.56.78", ("33612345678",)),
    "with two zeros": ("0033612345678", ("33612345678",)),
    "a name": ("Ana  Silva", ("ana", "silva")),
    "a short number": ("123", ("123",)),
}
BAD = {
    "empty": ("", "query_empty"),
    "blank": (" \t\u3000", "query_empty"),
    "punctuation": ('?! ... "-" _', "query_blank"),
    "marks": ("\u0301\u0302", "query_blank"),
    "nothing to see": ("\u200b\u200d", "query_blank"),
    "long": ("x" * 201, "query_too_long"),
    "many words": (" ".join(f"w{number}" for number in range(13)), "query_too_long"),
}


@pytest.mark.parametrize(("asked", "words"), WORDS.values(), ids=WORDS)
def test_words_are_folded_and_without_punctuation_around_them(asked: str, words: tuple[str, ...]) -> None:
    assert queries.words(asked) == words


@pytest.mark.parametrize(("asked", "words"), NAMES.values(), ids=NAMES)
def test_a_telephone_number_is_one_word_however_it_is_written(asked: str, words: tuple[str, ...]) -> None:
    assert queries.names(asked) == words


@pytest.mark.parametrize(("asked", "code"), BAD.values(), ids=BAD)
def test_what_finds_nothing_sensible_is_refused(asked: str, code: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        queries.names(asked)
    assert (refused.value.code, refused.value.field) == (code, "q")


def test_an_excerpt_is_the_part_around_the_first_word() -> None:
    text = f"{'a ' * 100}My ORDER is late, my order!{' b' * 100}"
    shown = results.excerpt(text, ("order",))
    assert shown
    assert text[shown["start"] :].startswith(shown["text"])
    marked = [shown["text"][place["start"] : place["end"]] for place in shown["highlights"]]
    assert (marked, len(shown["text"])) == (["ORDER", "order"], 200)


def test_a_text_that_lost_a_word_has_no_excerpt() -> None:
    assert results.excerpt("My order", ("order", "late")) is None
