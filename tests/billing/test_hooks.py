"""The door to which Stripe posts: what it proves, what it keeps out, and that what it lets in is done, once."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib import settings
from chalicelib.billing import hooks, notices
from tests.billing.paying import Paying
from tests.support.stack import Stack, eventually, number

Post = Callable[..., int]


@pytest.fixture
def post(paying: Paying, secret: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    """Posts as Stripe does, where billing is on; gives the status."""
    monkeypatch.setenv("BILLING", "on")
    settings.get.cache_clear()

    def send(raw: bytes, *, header: str | None = None, kind: str = "application/json", by: str = secret) -> int:
        at = int(time.time())
        signed = hmac.new(by.encode(), f"{at}.".encode() + raw, hashlib.sha256).hexdigest()
        headers = {"Content-Type": kind, "Stripe-Signature": f"t={at},v1={signed}" if header is None else header}
        answer = hooks.handle(event(raw, headers))
        assert answer["statusCode"] != 401 or answer["body"] == "", "who proves nothing is not told why"
        return int(answer["statusCode"])

    yield send
    settings.get.cache_clear()


def event(raw: bytes, headers: dict[str, str]) -> dict[str, Any]:
    import base64

    return {
        "routeKey": "POST /hooks/stripe", "headers": headers, "rawQueryString": "", "isBase64Encoded": True,
        "requestContext": {"requestId": "1"}, "body": base64.b64encode(raw).decode(),
    }  # fmt: skip


def told(customer: str, **more: Any) -> bytes:
    """A thin event about a customer, as the double writes it."""
    id = f"evt_{number()}"
    about = {"id": customer, "type": "customer", "url": f"/v1/customers/{customer}"}
    return json.dumps(
        {"id": id, "object": "v2.core.event", "type": "v1.customer.updated", "livemode": False, "context": None,
         "created": "2026-11-22T15:00:00Z", "related_object": about, **more}
    ).encode()  # fmt: skip


def kept(stack: Stack) -> int:
    """How many bodies are in quarantine."""
    listed = stack.client("s3").list_objects_v2(Bucket=stack.platform.outputs["Bucket"], Prefix="quarantine/stripe/")
    return int(listed["KeyCount"])


def test_what_is_posted_is_learned(post: Post, paying: Paying) -> None:
    paying.buys()
    assert post(told(paying.customer)) == 200
    eventually(lambda: paying.state == "active")


def test_same_event_twenty_times_is_done_once(post: Post, paying: Paying) -> None:
    """BI-08."""
    paying.buys()
    raw = told(paying.customer)
    assert {post(raw) for _ in range(20)} == {200}
    eventually(lambda: paying.state == "active")
    assert paying.audited() == ["subscription.start"]


@pytest.mark.parametrize(
    ("id", "header", "kind", "status"),
    [
        ("BI-01", "", "application/json", 401),
        ("BI-01", "t=1,v0=ab", "application/json", 401),
        ("BI-03", "t={old},v1=ab", "application/json", 401),
        ("BI-04", None, "text/plain", 415),
    ],
)
def test_what_is_not_proven_is_not_taken(
    post: Post, paying: Paying, id: str, header: str | None, kind: str, status: int
) -> None:
    given = header and header.format(old=int(time.time()) - 400)
    assert post(told(paying.customer), header=given, kind=kind) == status


def test_other_secrets_prove_nothing(post: Post, paying: Paying) -> None:
    assert post(told(paying.customer), by="whsec_other") == 401


@pytest.mark.parametrize("raw", [b"[]", b'"x"', b'{"a":1e999}', b"[" * 10_000, b"\xff\xfe"])
def test_signed_nonsense_is_kept_and_answered_well(post: Post, stack: Stack, raw: bytes) -> None:
    """BI-05."""
    before = kept(stack)
    assert post(raw) == 200
    assert kept(stack) == before + 1


def test_body_above_a_megabyte_is_too_large(post: Post) -> None:
    """BI-05."""
    assert post(b" " * (notices.LARGEST_BODY + 1)) == 413


def test_another_mode_another_account_and_types_of_no_concern_are_dropped(post: Post, paying: Paying) -> None:
    """BI-11, BI-14."""
    for more in ({"livemode": True}, {"context": "acct_1"}, {"type": "v1.coupon.created"}):
        assert post(told(paying.customer, **more)) == 200
    assert paying.is_now.refreshed_at == 0


def test_customer_of_nobody_is_kept_apart_whatever_is_written_on_it(post: Post, paying: Paying, stack: Stack) -> None:
    """BI-11, BI-12."""
    made = paying.account.v1.customers.create({"metadata": {"agency": paying.agency}})
    before = kept(stack)
    assert post(told(str(made.id), metadata={"agency": paying.agency})) == 200
    eventually(lambda: kept(stack) > before)
    assert paying.is_now.refreshed_at == 0


@pytest.mark.parametrize(("stage", "status"), [("nowhere", 401), ("broken", 503)])
def test_without_a_secret_that_can_be_read_nothing_is_taken(
    post: Post, paying: Paying, stack: Stack, monkeypatch: pytest.MonkeyPatch, stage: str, status: int
) -> None:
    """BI-06."""
    secrets = stack.client("secretsmanager")
    broken = "palabre/broken/billing"
    if broken not in [each["Name"] for each in secrets.list_secrets()["SecretList"]]:
        secrets.create_secret(Name=broken, SecretString="{")
    monkeypatch.setenv("STAGE", stage)
    settings.get.cache_clear()
    assert post(told(paying.customer)) == status


def test_what_cannot_be_queued_is_asked_for_again(post: Post, paying: Paying, monkeypatch: pytest.MonkeyPatch) -> None:
    """BI-07."""
    monkeypatch.setenv("BILLING_QUEUE", "http://127.0.0.1:9/none")
    settings.get.cache_clear()
    assert post(told(paying.customer)) == 503


def test_where_billing_is_off_there_is_no_such_door(paying: Paying) -> None:
    """A17."""
    settings.get.cache_clear()
    assert hooks.handle(event(told(paying.customer), {}))["statusCode"] == 404
