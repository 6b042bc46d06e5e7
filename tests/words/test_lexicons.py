"""The lexicons as they ship: made from their sources, and right about the commonest words where these are at hand."""

import importlib.util
import subprocess
import sys

import pytest

from chalicelib.words import lexicons
from chalicelib.words.terms import Term
from local import lexicon as made
from local.environment import ROOT


@pytest.mark.parametrize("language", lexicons.LANGUAGES)
def test_what_ships_is_what_the_sources_say(language: str) -> None:
    """If this fails: `make lexicon`."""
    assert (lexicons.FILES / f"{language}.json").read_text() == made.page(language)


@pytest.mark.skipif(not importlib.util.find_spec("wordfreq"), reason="make lexicon has it; nothing else needs it")
def test_no_common_word_is_found_that_nobody_has_looked_at() -> None:
    assert list(made.collisions()) == []


@pytest.mark.parametrize("language", lexicons.LANGUAGES)
def test_no_lemma_is_in_two_groups_of_its_language(language: str) -> None:
    terms = [term for term in lexicons.source(language).terms if term.category not in {"cue", "allowed"}]
    named = [(term.lemma, term.category, term.severity, term.certainty) for term in terms]
    assert len(set(named)) == len(named)
    assert len(terms) >= 60


def test_a_brands_own_terms_are_put_beside_the_languages_once() -> None:
    own = (Term("zorglub", ("zorglub", "grand zorglub"), "insult"),)
    assert lexicons.joined(("fr",), own) is lexicons.joined(("fr",), own)
    assert lexicons.joined(("fr",), own).names("zorglub")
    assert lexicons.joined(("fr",), own).names("connard")


def test_a_language_without_a_lexicon_is_passed_over() -> None:
    assert lexicons.joined(("xx",)).terms == ()


@pytest.mark.parametrize("pattern", ["", "#", "...", "_ a", "a? b", " ".join("abcdefghijklm"), "a ... b ... c ... d"])
def test_an_entry_that_would_be_met_everywhere_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="an entry"):
        lexicons.extended(lexicons.of_languages(()), (Term("a", (pattern,), "insult"),))


def test_no_lexicon_is_read_before_the_first_text() -> None:
    asked = "from chalicelib.words import looks, lexicons, foldings; print(lexicons.source.cache_info().currsize)"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"


def test_what_a_draft_says_and_is_no_word_is_left_out() -> None:
    strange = ("?", "...", "*", "#", "a ... ... ... b", "", " ".join("a" * 40))
    [term] = lexicons.readable([Term("a", (*strange, "nice word"), "insult")])
    assert term.patterns == ("nice word",)
    lexicons.extended(lexicons.of_languages(()), (term,))
