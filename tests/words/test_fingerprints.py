"""When two texts say the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.words.fingerprints import Fingerprint, fingerprint

SAID = "J'ai revendu le mien, trop déçu, la concurrence fait bien mieux que cette marque"


def printed(text: str) -> Fingerprint:
    whole = fingerprint(text)
    assert whole
    return whole


@pytest.mark.parametrize(
    "text",
    [
        SAID.upper(),
        f"@somebody {SAID} !!! 😀",
        f"{SAID} https://elsewhere.com/x?y=1",
        SAID.replace(" ", "  "),
        SAID.replace("e", "е"),
        f"{SAID} 4711",
    ],
)
def test_the_same_words_are_the_same_however_they_are_dressed(text: str) -> None:
    assert printed(text).whole == printed(SAID).whole


def test_names_that_are_given_are_left_out() -> None:
    nordlux = fingerprint("la marque Nordlux fait bien mieux que vous", {"nordlux"})
    other = fingerprint("la marque Velostra fait bien mieux que vous", {"velostra"})
    assert nordlux == other


def test_a_word_more_is_near_and_another_text_is_not() -> None:
    assert printed(f"{SAID} franchement").near(printed(SAID))
    assert printed(f"{SAID} franchement").whole != printed(SAID).whole
    assert not printed("votre service client est vraiment très agréable et rapide").near(printed(SAID))


def test_few_words_are_the_same_by_chance() -> None:
    assert fingerprint("merci beaucoup à vous") is None
    assert fingerprint("") is None


@given(st.text(max_size=400))
def test_no_text_fails(text: str) -> None:
    fingerprint(text)
