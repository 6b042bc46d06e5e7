"""Mails an agency's owners that an endpoint was disabled, and why."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from chalicelib import errors, log
from chalicelib.aws import mail
from chalicelib.deliveries import records
from chalicelib.people import agencies, members
from chalicelib.store.models.people import Member
from chalicelib.webhooks import endpoints

_REASONS = ("gone", "failing", "unanswered")


def mail_disabled(agency: str, id: str) -> None:
    """Sends the mail. Not for an endpoint that was enabled again; a mail that cannot be sent is not tried again."""
    endpoint = endpoints.find(agency, id)
    if endpoint is None or endpoint.disabled not in _REASONS:
        return
    last = next(iter(records.listing(endpoint, 1, None, failed=True)["items"]), None)
    words = {
        "agency": agencies.get(agency).name,
        "host": urlsplit(endpoint.url).netloc,
        "last": _last_failure(last),
        "endpoint": id,
    }
    for owner in _owners(agency):
        try:
            reason = mail.part(endpoint.disabled, owner.language)
            mail.send(owner.email, mail.template("webhook_disabled", owner.language), {**words, "reason": reason})
        except errors.Unavailable as unsent:
            log.line("notice_unsent", code=unsent.code, endpoint=id)


def _owners(agency: str) -> Iterator[Member]:
    return (
        member
        for member in members.every(agency)
        if any(grant["role"] == "owner" and grant["brands"] is None for grant in member.grants)
    )


def _last_failure(failure: Any) -> str:
    """What failed last: the event and its type, and the answer, so that nobody has to look it up first."""
    if failure is None:
        return "-"
    came = failure["status"] or failure["reason"]
    return f"{failure['type']} {failure['event']}: {came} {failure['answer'][:200]}"
