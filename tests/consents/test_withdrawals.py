"""Somebody takes their consent back at Meta, or wants their data deleted: only Meta can say so."""

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.support import consenting
from tests.support.stack import Stack, ask, number

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def signed(secret: str, **payload: Any) -> str:
    def plain(raw: bytes) -> str:
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    text = plain(json.dumps({"algorithm": "HMAC-SHA256", "issued_at": 1, **payload}).encode())
    return f"{plain(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest())}.{text}"


def told(stack: Stack, what: str, request: str) -> Any:
    body = urlencode({"signed_request": request}).encode()
    return ask("POST", f"{stack.api.removesuffix('/v1')}/meta/{what}", body=body, headers=FORM)


@pytest.fixture
def secret(stack: Stack) -> str:
    return stack.networks["facebook"]["app_secret"]


@pytest.fixture
def page(stack: Stack) -> tuple[str, str]:
    """A channel that rests on somebody's consent, and that person's id."""
    user, account = number(), f"10150{number()}"
    begun = stack.ours.owner.post("/consents", {"brand": stack.ours.brand, "network": "facebook"})
    consenting.consented(stack, begun, account, user=user)
    [made] = consenting.connected(stack.ours, begun["id"], account)
    return made["channel"], user


def test_who_takes_their_consent_back_leaves_no_token(stack: Stack, secret: str, page: tuple[str, str]) -> None:
    channel, user = page
    for _ in range(2):
        assert told(stack, "deauthorise", signed(secret, user_id=user)).status == 200
    shown = stack.ours.owner.get(f"/channels/{channel}/health")
    assert (shown["health"], shown["alert"], shown["consent"]) == ("expired", "token.withdrawn", None)


def test_who_consents_again_brings_the_channel_back(stack: Stack, secret: str, page: tuple[str, str]) -> None:
    channel, user = page
    told(stack, "deauthorise", signed(secret, user_id=user))
    account = stack.ours.owner.get(f"/channels/{channel}")["account"]
    begun = stack.ours.owner.post("/consents", {"brand": stack.ours.brand, "network": "facebook"})
    consenting.consented(stack, begun, account, user=user)
    assert consenting.connected(stack.ours, begun["id"], account)[0]["channel"] == channel
    assert stack.ours.owner.get(f"/channels/{channel}/health")["health"] == "ok"


def test_deletion_is_confirmed_with_a_page_that_says_so(stack: Stack, secret: str, page: tuple[str, str]) -> None:
    answer = told(stack, "deletion", signed(secret, user_id=page[1]))
    assert answer.status == 200
    assert answer.json["url"].endswith(f"/meta/deletion/{answer.json['confirmation_code']}")
    shown = ask("GET", f"{stack.api.removesuffix('/v1')}/meta/deletion/{answer.json['confirmation_code']}")
    assert shown.status == 200 and b"done at" in shown.raw
    assert stack.ours.owner.get(f"/channels/{page[0]}/health")["health"] == "expired"


def test_person_of_whom_we_have_nothing_is_confirmed_too(stack: Stack, secret: str) -> None:
    assert told(stack, "deletion", signed(secret, user_id="1")).status == 200


@pytest.mark.parametrize("code", ["1", "1-00", "x-y", "1764000000-000000000000000000000000"])
def test_code_that_we_never_gave_is_not_there(stack: Stack, code: str) -> None:
    assert ask("GET", f"{stack.api.removesuffix('/v1')}/meta/deletion/{code}").status == 404


@pytest.mark.parametrize(
    "request_of",
    [
        lambda secret: "",
        lambda secret: "x.y",
        lambda secret: signed("other", user_id="1"),
        lambda secret: signed(secret, user_id="1") + "x",
        lambda secret: signed(secret, algorithm="none", user_id="1"),
        signed,
        lambda secret: "." + signed(secret, user_id="1").partition(".")[2],
    ],
    ids=["nothing", "no_base64", "another_secret", "longer", "no_algorithm", "nobody", "no_signature"],
)
def test_request_that_meta_did_not_sign_is_refused(stack: Stack, secret: str, request_of: Any) -> None:
    assert told(stack, "deauthorise", request_of(secret)).status == 401
