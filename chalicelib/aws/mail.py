"""Sends e-mail through SES, from the address in the settings. Without such an address, sending raises Unavailable."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from chalicelib import errors, settings
from chalicelib.aws import clients


@dataclass(frozen=True)
class Text:
    """What a mail says, with the names of its words in braces; `{app}` is the address of the web page."""

    subject: str
    body: str


@cache
def _client() -> Any:
    return clients.make("ses")


def send(to: str, text: Text, words: Mapping[str, str]) -> None:
    """Sends the mail with these words. Raises Unavailable if no sender is configured, or if SES refuses it."""
    from botocore.exceptions import BotoCoreError, ClientError

    current = settings.get()
    if not current.mail_from or not current.app_url:
        raise errors.Unavailable("No sender for e-mail is configured.", code="mail_unconfigured")
    filled = {name: " ".join(word.split()) for name, word in words.items()} | {"app": current.app_url}
    message = {
        "Subject": {"Data": text.subject.format(**filled), "Charset": "UTF-8"},
        "Body": {"Text": {"Data": text.body.format(**filled), "Charset": "UTF-8"}},
    }
    try:
        _client().send_email(Source=current.mail_from, Destination={"ToAddresses": [to]}, Message=message)
    except (BotoCoreError, ClientError) as refused:
        raise errors.Unavailable("The e-mail could not be sent.", code="mail_failed") from refused
