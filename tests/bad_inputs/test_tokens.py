"""Tokens that are not ours, not valid, or not what they seem: the authorizer takes none of them."""

import hashlib
import hmac
import json
import time
from functools import partial
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chalicelib import errors, settings
from chalicelib.access import tokens
from tests.support.cases import Cases
from tests.support.forged_tokens import CLIENT, ISSUER, POOL, claims, key, published, raw, signed
from tests.support.user_pool import Door

cases = Cases()


@pytest.mark.parametrize("id", cases, ids=cases.sentence)
def test_bad_input(id: str, door: Door) -> None:
    assert door.opens(signed())
    cases[id](door)


@cases.add("AU-03")
def _unsigned(door: Door) -> None:
    for name in ("none", "nOnE", "NONE", "", None):
        head = {"kid": "good", "typ": "JWT"} | ({"alg": name} if name is not None else {})
        assert not door.opens(raw(head, claims()))
        assert not door.opens(raw(head, claims(), lambda text: b"x" * 256))


@cases.add("AU-04")
def _signed_with_the_public_key_as_a_secret(door: Door) -> None:
    public = key("good").public_key()
    secrets = (
        public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        public.public_bytes(Encoding.PEM, PublicFormat.PKCS1),
        json.dumps(published("good")).encode(),
        b"",
    )
    for secret in secrets:
        for name in ("HS256", "hs256", "RS256"):
            token = raw({"alg": name, "kid": "good"}, claims(), partial(hmac.digest, secret, digest=hashlib.sha256))
            assert not door.opens(token)


def _always(signature: bytes, text: bytes) -> bytes:
    """A signature that has nothing to do with what it signs."""
    return signature


@cases.add("AU-05")
def _signed_by_a_curve(door: Door) -> None:
    curve = ec.generate_private_key(ec.SECP256R1())
    assert not door.opens(jwt.encode(claims(), curve, "ES256", {"kid": "good"}))
    for signature in (b"\0" * 64, b"\0" * 63, b"", b"\xff" * 64):
        for name in ("ES256", "PS256", "RS256", "EdDSA"):
            assert not door.opens(raw({"alg": name, "kid": "good"}, claims(), partial(_always, signature)))


@cases.add("AU-06")
def _key_too_short(door: Door) -> None:
    assert not door.opens(signed(by="weak", bits=1024))


@cases.add("AU-07")
def _keys_the_pool_does_not_have(door: Door) -> None:
    for name in ("unknown", "../../dev/null", "1' OR '1'='1", "x" * 10_000, "good\0", "", 5, None, ["good"], {"a": 1}):
        head = {"alg": "RS256"} | ({"kid": name} if name is not None else {})
        assert not door.opens(raw(head, claims(), lambda text: b"x" * 256))
    embedded = {
        "kid": "stranger",
        "jwk": dict(published("stranger")),
        "jku": f"http://127.0.0.1:{door.server.server_address[1]}",
    }
    assert not door.opens(signed(embedded, by="stranger"))
    assert not door.opens(signed({"kid": "good"}, by="stranger"))
    assert len(door.asked) == 1


@cases.add("AU-10")
def _tokens_of_other_kinds(door: Door) -> None:
    token = signed()
    head, payload, signature = token.split(".")
    whole = {"alg": "RS256", "kid": "good"}
    wrong = [
        f"{head}.{payload}", f"{head}.{payload}.", f"{head}..{signature}", f"{head}.{payload}.{signature}.x",
        f"{token}=", f"{head}.{payload}.{signature}.{payload}.{head}", token[:-20], token + "AAAA",
        ".".join("abcde"), "", ".", "..", "....", raw({"alg": "RSA-OAEP", "enc": "A256GCM", "kid": "good"}, b"x"),
        signed({"crit": ["exp"]}), signed({"b64": False, "crit": ["b64"]}), raw(whole, token.encode()),
        raw([1], [2]), raw(5, "x"),
    ]  # fmt: skip
    assert [text for text in wrong if door.opens(text)] == []


@cases.add("AU-11")
def _expired(door: Door) -> None:
    now = int(time.time())
    assert not door.opens(signed(iat=now - 3600, exp=now - 62))
    assert door.opens(signed(iat=now - 3600, exp=now - 50))
    moments: list[Any] = ["never", -1, 0, None, [], 1e300, str(now + 60)]
    for wrong in moments:
        assert not door.opens(signed(exp=wrong))


@cases.add("AU-12")
def _from_the_future(door: Door) -> None:
    now = int(time.time())
    assert not door.opens(signed(nbf=now + 120))
    assert not door.opens(signed(iat=now + 120))
    assert not door.opens(signed(iat=str(now)))
    assert door.opens(signed(nbf=now + 30, iat=now + 30))


@cases.add("AU-14")
def _for_longer_than_an_hour(door: Door) -> None:
    now = int(time.time())
    assert door.opens(signed(iat=now, exp=now + 3600))
    assert not door.opens(signed(iat=now, exp=now + 3600 + 1))
    assert not door.opens(signed(iat=now - 30 * 24 * 3600, exp=now + 60))


@cases.add("AU-15")
def _of_another_pool(door: Door) -> None:
    wrong = (
        ISSUER + "x", ISSUER[:-1], ISSUER + "/", ISSUER.replace("https", "http"), ISSUER.upper(), [ISSUER], "", None, 5,
        ISSUER.replace("eu-west-1.", "us-east-1."), f"https://evil.example/{POOL}",
    )  # fmt: skip
    assert [issuer for issuer in wrong if door.opens(signed(iss=issuer))] == []


@cases.add("AU-16")
def _for_another_app(door: Door) -> None:
    for wrong in ([CLIENT], [CLIENT, "another"], "", None, {"a": CLIENT}, "a b", "x" * 129):
        assert not door.opens(signed(client_id=wrong))
    for another in ("another", CLIENT.upper()):  # somebody else's app, which gets in where it was approved
        token = signed(client_id=another, scope="palabre/admin aws.cognito.signin.user.admin")
        caller = tokens.caller(f"Bearer {token}")
        assert caller
        assert (caller.app, set(caller.scopes)) == (another, {"admin"})
    for use in ("id", "refresh", "", None, ["access"]):
        assert not door.opens(signed(token_use=use))
    assert not door.opens(signed(client_id=None, aud=CLIENT, token_use="id"))


@cases.add("AU-30")
def _of_enormous_size(door: Door) -> None:
    assert not door.opens(signed(padding="x" * 20_000))
    claimed: dict[str, Any] = {f"claim{count}": count for count in range(10_000)}
    assert not door.opens(signed(**claimed))
    deep: Any = b'{"a":' * 1500 + b"1" + b"}" * 1500
    assert not door.opens(raw({"alg": "RS256", "kid": "good"}, deep, lambda text: b"x" * 256))
    assert not door.opens(raw(deep, claims(), lambda text: b"x" * 256))
    assert not door.opens(signed(sub=None))


@cases.add("AU-38")
def _pool_that_is_down(door: Door) -> None:
    door.server.shutdown()
    door.server.server_close()
    tokens._key_set.cache_clear()
    with pytest.raises(errors.Unavailable):
        door.opens(signed())


def test_scheme_other_than_bearer_opens_nothing(door: Door) -> None:
    token = signed()
    assert [head for head in (token, f"Basic {token}", f"bearer{token}", "Bearer", "") if tokens.caller(head)] == []
    assert not tokens.caller(f"Bearer {token}é")


def test_key_is_read_again_when_the_pool_changes_it(door: Door) -> None:
    assert door.opens(signed())
    assert door.opens(signed())
    assert len(door.asked) == 1


def keys_grow_old(seconds: float) -> None:
    tokens._key_set(settings.get().jwks_url)._fetched_at -= seconds


STRANGE: list[tuple[int, Any]] = [
    (500, {"keys": [published("other")]}),
    (200, {}),
    (200, []),
    (200, {"keys": []}),
    (200, {"keys": [1]}),
    (200, {"keys": [{"kty": "RSA"}]}),
]


@pytest.mark.parametrize("answer", STRANGE, ids=["500", "nothing", "a list", "no keys", "no key", "half a key"])
def test_keys_are_kept_while_the_pool_tells_none(door: Door, answer: tuple[int, Any]) -> None:  # S17
    assert door.opens(signed())
    door.keys["told"] = answer
    for seconds in (61, 601):
        keys_grow_old(seconds)
        assert not door.opens(signed({"kid": "unknown"}))
        assert door.opens(signed())
    assert len(door.asked) == 3


def test_key_that_the_pool_gave_up_opens_nothing(door: Door) -> None:
    assert door.opens(signed())
    door.keys["told"] = 200, {"keys": [published("other")]}
    keys_grow_old(601)
    assert not door.opens(signed())
    assert door.opens(signed({"kid": "other"}, by="other"))


def test_nobody_is_refused_because_the_pool_does_not_answer(door: Door) -> None:  # S17
    good, door.keys["told"] = door.keys["told"], (500, {})
    with pytest.raises(errors.Unavailable):
        door.opens(signed())
    door.keys["told"] = good
    keys_grow_old(3)
    assert door.opens(signed())
