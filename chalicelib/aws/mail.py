"""Sends e-mail through SES, from the address in the settings. Without such an address, sending raises Unavailable."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from chalicelib import errors, settings
from chalicelib.aws import clients

_SUBJECTS = {
    "invitation": "{by} invites you to {agency}",
    "webhook_disabled": "{agency}: nothing more is delivered to {host}",
}
_BODIES = {
    "invitation": "{by} invites you to work in {agency} with Palabre.\n\n"
    "Sign in with this address and open this link, which works once, for three days:\n\n{app}/invitations/{token}\n",
    "webhook_disabled": "The webhook endpoint {endpoint} of {agency} at {host} was disabled. {reason}\n\n"
    "The last failure: {last}\n\nWhat it misses is kept for a week. Enable it again, and say whether to replay it:\n\n"
    "{app}/webhooks/{endpoint}\n",
}


@cache
def _client() -> Any:
    return clients.make("ses")


def send(to: str, kind: str, words: Mapping[str, str]) -> None:
    """Sends a mail of that kind. Raises Unavailable if no sender is configured, or if SES refuses it."""
    from botocore.exceptions import BotoCoreError, ClientError

    current = settings.get()
    if not current.mail_from or not current.app_url:
        raise errors.Unavailable("No sender for e-mail is configured.", code="mail_unconfigured")
    text = {name: " ".join(word.split()) for name, word in words.items()} | {"app": current.app_url}
    message = {
        "Subject": {"Data": _SUBJECTS[kind].format(**text), "Charset": "UTF-8"},
        "Body": {"Text": {"Data": _BODIES[kind].format(**text), "Charset": "UTF-8"}},
    }
    try:
        _client().send_email(Source=current.mail_from, Destination={"ToAddresses": [to]}, Message=message)
    except (BotoCoreError, ClientError) as refused:
        raise errors.Unavailable("The e-mail could not be sent.", code="mail_failed") from refused
