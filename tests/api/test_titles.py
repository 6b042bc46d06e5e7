"""The titles of problems are in the language that the caller likes best of those that we speak."""

import pytest

from chalicelib import errors
from chalicelib.api import titles

KINDS: list[type[errors.Problem]] = [errors.Problem, *errors.Problem.__subclasses__()]
STATUSES = {error.status for error in KINDS}


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("fr", "fr"),
        ("FR-ca", "fr"),
        ("pt-BR,pt;q=0.9,en;q=0.8", "pt"),
        ("it,es;q=0.5,de;q=0.7", "de"),
        ("it, nl", "en"),
        ("*", "en"),
        ("de;q=0, fr;q=0.1", "fr"),
        ("de;q=x, es", "es"),
        ("," * 5000, "en"),
        ("de;q=nan", "en"),
    ],
)
def test_language_is_the_one_that_is_liked_best(accepted: str, language: str) -> None:
    assert titles.language(accepted) == language


@pytest.mark.parametrize("language", sorted(titles.TITLES))
def test_each_title_is_in_each_language(language: str) -> None:
    assert set(titles.TITLES[language]) == STATUSES
    assert titles.title(errors.NotFound(), language) != errors.NotFound.title


def test_what_we_do_not_speak_is_english() -> None:
    assert titles.title(errors.NotFound(), "it") == errors.NotFound.title
