"""Mails are in five languages, and each of them says the same."""

import json
from string import Formatter
from typing import Any

import pytest

from chalicelib.api import titles
from chalicelib.aws import mail

TOLD: dict[str, Any] = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in mail.PLACE.glob("*.json")}
ENGLISH = TOLD["en"]


def words(text: str) -> list[str]:
    return sorted({name for _, name, _, _ in Formatter().parse(text) if name is not None})


def test_there_is_a_file_for_each_language_of_the_api() -> None:
    assert set(TOLD) == set(mail.LANGUAGES) == set(titles.LANGUAGES)


@pytest.mark.parametrize("language", mail.LANGUAGES)
def test_each_language_has_all_mails_with_the_same_words(language: str) -> None:
    translation = TOLD[language]
    assert {name: words(text) for name, text in translation["parts"].items()} == {
        name: words(text) for name, text in ENGLISH["parts"].items()
    }
    assert translation["mails"].keys() == ENGLISH["mails"].keys()
    for kind, text in translation["mails"].items():
        english = ENGLISH["mails"][kind]
        assert {part: words(said) for part, said in text.items()} == {
            part: words(said) for part, said in english.items()
        }, kind
        assert language == "en" or text != english, kind


@pytest.mark.parametrize("kind", ENGLISH["mails"])
def test_a_mail_is_whole_once_its_words_are_in(kind: str) -> None:
    for language in (*mail.LANGUAGES, None, "xx"):
        text = mail.template(kind, language)
        assert not set(words(text.body)) & set(ENGLISH["parts"]), language
    assert mail.template(kind, "xx") == mail.template(kind, None) == mail.template(kind, "en")
