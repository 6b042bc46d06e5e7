"""What we sign, others verify with a library of their own."""

import base64
import json
from collections.abc import Sequence

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import example, given, settings
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from chalicelib import clock
from chalicelib.webhooks import signatures
from tests.support.thorough import examples

BODIES = st.text(max_size=200) | st.recursive(st.text(max_size=20) | st.integers(), st.lists, max_leaves=9).map(
    json.dumps
)
SHARED, PRIVATE = signatures.new_secret("v1"), signatures.new_secret("v1a")


def verify(body: bytes, secret: str, headers: dict[str, str]) -> None:
    Webhook(secret).verify(body, headers, json_parse=False)


def signed(body: bytes, *secrets: str) -> dict[str, str]:
    return dict(signatures.headers("evt_1", body, secrets, clock.now()))


@pytest.mark.slow
@given(body=BODIES)
@settings(max_examples=examples(1000))
@example(body="")
@example(body="👩‍👩‍👧‍👦 e\u0301 \u202e")
@example(body="x" * (256 << 10))
def test_independent_library_verifies_what_we_sign(body: str) -> None:
    raw = body.encode("utf-8", "replace")
    verify(raw, SHARED, signed(raw, SHARED))


@given(body=BODIES)
@settings(max_examples=examples(100))
@example(body="")
def test_public_key_verifies_what_the_private_one_signed(body: str) -> None:
    raw = body.encode("utf-8", "replace")
    verify_with_public_key(raw, signatures.shown(PRIVATE), signed(raw, PRIVATE))


def verify_with_public_key(body: bytes, key: str, headers: dict[str, str]) -> None:
    assert key.startswith("whpk_")
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key.removeprefix("whpk_")))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    [signature] = [entry[4:] for entry in headers["webhook-signature"].split() if entry.startswith("v1a,")]
    public.verify(base64.b64decode(signature), content)


@pytest.mark.parametrize("changed", [b"{ }", b"", b"{}\n"])
def test_nothing_else_is_verified(changed: bytes) -> None:
    with pytest.raises(WebhookVerificationError):
        verify(changed, SHARED, signed(b"{}", SHARED))
    with pytest.raises(InvalidSignature):
        verify_with_public_key(changed, signatures.shown(PRIVATE), signed(b"{}", PRIVATE))


@pytest.mark.parametrize("secrets", [[SHARED, PRIVATE], [signatures.new_secret("v1"), SHARED, PRIVATE]])
def test_each_secret_that_holds_verifies_while_they_rotate(secrets: Sequence[str]) -> None:
    headers = signed(b"{}", *secrets)
    for secret in secrets:
        if secret == PRIVATE:
            verify_with_public_key(b"{}", signatures.shown(secret), headers)
        else:
            verify(b"{}", secret, headers)


def test_secrets_are_as_long_as_the_standard_wants_them() -> None:
    assert 24 <= len(base64.b64decode(SHARED.removeprefix("whsec_"))) <= 64
    assert signatures.shown(SHARED) == SHARED
    assert PRIVATE.removeprefix("whsk_") not in signatures.shown(PRIVATE)
