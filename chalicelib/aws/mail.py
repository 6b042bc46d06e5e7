"""Sends e-mail through SES, from the address in the settings. Without such an address, sending raises Unavailable.

The texts are in `mails/`, a file for each language: the mails, and parts that several of them share.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib import errors, settings
from chalicelib.aws import clients


@dataclass(frozen=True)
class Text:
    """The text of a mail, with placeholders in braces; `{app}` is the address of the web page."""

    subject: str
    body: str


PLACE = Path(__file__).with_name("mails")
ENGLISH, LANGUAGES = "en", ("en", "de", "es", "fr", "pt")


def template(kind: str, language: str | None) -> Text:
    """A mail in that language, in English if it is None or unknown, with its shared parts filled in."""
    texts = _texts(language)
    subject, body = texts["mails"][kind]["subject"], texts["mails"][kind]["body"]
    for name, part in texts["parts"].items():
        body = body.replace(f"{{{name}}}", part)
    return Text(subject, body)


def part(name: str, language: str | None) -> str:
    words: str = _texts(language)["parts"][name]
    return words


def _texts(language: str | None) -> Mapping[str, Any]:
    return _file(language if language in LANGUAGES else ENGLISH)


@cache
def _file(language: str) -> Mapping[str, Any]:
    texts: Mapping[str, Any] = json.loads((PLACE / f"{language}.json").read_text(encoding="utf-8"))
    return texts


@cache
def _client() -> Any:
    return clients.make("ses")


def send(to: str, text: Text, words: Mapping[str, str]) -> None:
    """Sends the mail with these values for its placeholders. Raises Unavailable if no sender is configured, or if SES
    refuses it.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    current = settings.get()
    if not current.mail_from or not current.app_url:
        raise errors.Unavailable("The deployment has no sender address for e-mail.", code="mail_unconfigured")
    filled = {name: " ".join(word.split()) for name, word in words.items()} | {"app": current.app_url}
    message = {
        "Subject": {"Data": text.subject.format(**filled), "Charset": "UTF-8"},
        "Body": {"Text": {"Data": text.body.format(**filled), "Charset": "UTF-8"}},
    }
    try:
        _client().send_email(Source=current.mail_from, Destination={"ToAddresses": [to]}, Message=message)
    except (BotoCoreError, ClientError) as refused:
        raise errors.Unavailable("The e-mail could not be sent. Try again.", code="mail_failed") from refused
