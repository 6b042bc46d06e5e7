"""The consent page of an account's server: pushed requests, keys, nonces, and refresh tokens that are good once."""

import base64
import hashlib
from dataclasses import replace
from typing import Any

import jwt
import pytest

from chalicelib.networks import base
from chalicelib.networks.base import App, Asked, Credentials, Say, Tokens
from chalicelib.networks.bluesky import NETWORK, double, double_consent, proofs
from chalicelib.networks.bluesky.consent import CONSENT
from local.double import Server
from tests.networks.consents import BACK, CHALLENGE, granted

ASKED = Asked(redirect=BACK, state="s1", challenge=CHALLENGE, scopes=CONSENT.scopes, server="bsky.example")
APP = App(id="https://palabre.test/client.json")
KEY = proofs.new_key()


@pytest.fixture(autouse=True)
def forgetful() -> None:
    double.forget()
    double_consent.NONCE["value"] = "nonce-1"


def connected(app: App = APP) -> Tokens:
    return CONSENT.finish(app, granted(CONSENT.begin(app, ASKED)))


def credentials(tokens: Tokens) -> Credentials:
    [account] = CONSENT.accounts(tokens)
    return Credentials(
        account=account.id, token=tokens.token, refresh=tokens.refresh, key=tokens.key, details=account.details
    )


def test_account_is_connected_by_its_servers_page(server: Server) -> None:
    tokens = connected()
    us = credentials(tokens)
    assert (us.account, us.details["server"], us.details["issuer"]) == (
        "did:plc:shop7", "pds.bsky.example", "bsky.example",
    )  # fmt: skip
    assert (tokens.lives, set(CONSENT.needed) <= set(tokens.scopes)) == (3600, True)
    assert NETWORK.check(us).account == us.account
    assert NETWORK.send(us, Say(thread="3cana", text="Hello")).id
    assert "DPoP " in server.state.requests[-1]["headers"]["authorization"]


def test_nonce_that_changes_costs_one_more_call(server: Server) -> None:
    us = credentials(connected())
    double_consent.NONCE["value"] = "nonce-2"
    server.state.requests.clear()
    NETWORK.send(us, Say(thread="3cana", text="Hello"))
    NETWORK.send(us, Say(thread="3cana", text="Hello"))
    assert [call["status"] for call in server.state.requests] == [401, 200, 200]


def test_refresh_token_is_good_once_and_with_its_key_only(server: Server) -> None:
    us = credentials(connected())
    assert CONSENT.renew
    new = CONSENT.renew(APP, us)
    assert new.token != us.token and new.refresh != us.refresh
    with pytest.raises(base.Expired):
        CONSENT.renew(APP, us)
    with pytest.raises(base.Expired):
        CONSENT.renew(APP, replace(us, refresh=new.refresh, key=KEY))


def test_token_is_good_with_its_key_only(server: Server) -> None:
    us = credentials(connected())
    with pytest.raises(base.Expired):
        NETWORK.check(replace(us, key=KEY))


@pytest.mark.parametrize(
    "change",
    [{"code": "other"}, {"redirect": "https://evil.example"}, {"verifier": "w" * 43}],
    ids=["another code", "another address", "another verifier"],
)
def test_what_was_not_granted_gives_no_token(server: Server, change: dict[str, Any]) -> None:
    with pytest.raises(base.Expired):
        CONSENT.finish(APP, replace(granted(CONSENT.begin(APP, ASKED)), **change))


def test_server_speaks_for_its_own_accounts_only(server: Server) -> None:
    given = granted(CONSENT.begin(APP, ASKED), "did:plc:elsewhere")
    with pytest.raises(base.Rejected) as raised:
        CONSENT.finish(APP, given)
    assert raised.value.code == "issuer"


def test_answer_of_another_server_than_was_asked_is_rejected(server: Server) -> None:
    given = granted(CONSENT.begin(APP, ASKED))
    with pytest.raises(base.Rejected):
        CONSENT.finish(APP, replace(given, query={**given.query, "iss": "https://evil.example"}))


@pytest.mark.parametrize("name", ["plain.example", "not a host"])
def test_server_without_a_page_is_rejected(server: Server, name: str) -> None:
    with pytest.raises(base.Rejected):
        CONSENT.begin(APP, replace(ASKED, server=name))


@pytest.mark.parametrize("secret", [KEY, base64.b64encode(KEY.encode()).decode()], ids=["PEM", "PEM in base64"])
def test_app_with_a_key_proves_itself(server: Server, secret: str) -> None:
    CONSENT.begin(replace(APP, secret=secret), ASKED)
    [call] = [call for call in server.state.requests if call["status"] == 201]
    assertion = call["json"]["client_assertion"]
    claims = jwt.decode(
        assertion, jwt.PyJWK(dict(proofs.public(KEY)), "ES256").key, ["ES256"], audience="https://bsky.example"
    )
    assert (claims["iss"], claims["sub"]) == (APP.id, APP.id)
    assert jwt.get_unverified_header(assertion)["kid"] == proofs.name_of(KEY)


def test_app_without_a_key_says_none(server: Server) -> None:
    CONSENT.begin(replace(APP, secret="none"), ASKED)
    assert [call["json"] for call in server.state.requests if "client_assertion" in call["json"]] == []


@pytest.mark.parametrize("secret", ["nonsense", "", "bm9uc2Vuc2U=", "/w=="])
def test_what_is_no_key_is_rejected(secret: str) -> None:
    with pytest.raises(base.Rejected) as raised:
        proofs.public(secret)
    assert raised.value.code == "key"


def test_proof_names_the_call_and_the_token_and_hides_the_key() -> None:
    text = proofs.proof(KEY, "GET", "https://a.example/xrpc/x", "n1", "token", now=1772439330.9)
    head = jwt.get_unverified_header(text)
    key = jwt.PyJWK(head["jwk"], "ES256").key
    claims = jwt.decode(text, key, ["ES256"], options={"verify_iat": False})
    digest = base64.urlsafe_b64encode(hashlib.sha256(b"token").digest()).rstrip(b"=").decode()
    assert (head["typ"], sorted(head["jwk"])) == ("dpop+jwt", ["crv", "kty", "x", "y"])
    assert {name: claims[name] for name in ("htm", "htu", "nonce", "ath", "iat")} == {
        "htm": "GET", "htu": "https://a.example/xrpc/x", "nonce": "n1", "ath": digest, "iat": 1772439330,
    }  # fmt: skip
