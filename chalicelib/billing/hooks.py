"""The endpoint to which Stripe posts. A body that is proved to be Stripe's and concerns us is queued; nothing else is
done.

A notice only says for whom something changed: the task asks Stripe for the present state.
"""

from dataclasses import asdict

from chalice.app import Response

from chalicelib import clock, errors, ids, log, settings
from chalicelib.api import answers, http, posted
from chalicelib.api.posted import Json, Request
from chalicelib.aws import queues, secrets, storage
from chalicelib.aws.queues import Task
from chalicelib.billing import notices, stripe
from chalicelib.billing.notices import Notice


def handle(event: Json) -> Json:
    request = posted.read(event)
    return posted.answer(http.answer_or_problem(request, lambda: _receive_notice(request)))


def _receive_notice(request: Request) -> Response:
    """Raises NotFound where billing is off, UnsupportedMedia and TooLarge. A bad signature is
    answered with a bare 401.
    """
    if not settings.get().billing:
        raise errors.NotFound
    if request.content_type != "application/json":
        raise errors.UnsupportedMedia
    if len(request.raw) > notices.LARGEST_BODY:
        raise errors.TooLarge
    now, known = clock.now(), secrets.of_billing()
    signing = notices.live_secrets(known, now)
    if not notices.is_signed(request.headers.get("stripe-signature", ""), request.raw, signing, now):
        log.count("billing_rejected" if signing else "billing_unconfigured")
        return Response("", answers.SAFE, 401)
    _accept(request.raw, livemode=stripe.is_live(known.get("key", "")), now=now)
    return Response("", answers.SAFE, 200)


def _accept(raw: bytes, *, livemode: bool, now: int) -> None:
    notice = notices.read(raw)
    outcome = notices.outcome(notice, livemode=livemode, api_version=stripe.API_VERSION)
    if outcome.counted:
        log.count("billing_notice", outcome=outcome.counted)
    if outcome.do == "quarantine" or notice is None:
        keep(raw)
    elif outcome.do == "apply":
        queues.send(task(notice, now))


def keep(raw: bytes) -> None:
    """Stores in quarantine a body that cannot be applied to any agency."""
    storage.put(f"quarantine/stripe/{ids.new('raw')}", raw, "application/octet-stream")
    log.count("billing_quarantined")


def task(notice: Notice, now: int) -> Task:
    body = {"kind": "notice", "received_at": now, "notice": asdict(notice)}
    return Task("billing", body, group=notice.customer or notice.subject or notice.type)
