"""Somebody takes their consent back at Meta, or wants their data deleted: only Meta can say so."""

import base64
import hashlib
import hmac
import json
from contextlib import nullcontext
from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib import clock, errors
from chalicelib.channels import sealing
from chalicelib.consents import withdrawals
from tests.support import consenting
from tests.support.stack import Agency, Stack, ask, number

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def signed(secret: str, **payload: Any) -> str:
    def plain(raw: bytes) -> str:
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    text = plain(json.dumps({"algorithm": "HMAC-SHA256", "issued_at": 1, **payload}).encode())
    return f"{plain(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest())}.{text}"


def told(stack: Stack, what: str, request: str) -> Any:
    return told_at(f"{stack.api.removesuffix('/v1')}/meta/{what}", request)


def told_at(address: str, request: str) -> Any:
    return ask("POST", address, body=urlencode({"signed_request": request}).encode(), headers=FORM)


@pytest.fixture
def secret(stack: Stack) -> str:
    return stack.networks["facebook"]["app_secret"]


@pytest.fixture
def page(stack: Stack) -> tuple[str, str]:
    """A channel that rests on somebody's consent, and that person's id."""
    return by_consent(stack, stack.ours, user := number()), user


def by_consent(stack: Stack, agency: Agency, user: str) -> str:
    """The channel of a Page that this person consented to."""
    account, begun = f"10150{number()}", consenting.begun(agency, network="facebook")
    consenting.consented(stack, begun, account, user=user)
    [made] = consenting.connected(agency, begun["id"], account)
    return str(made["channel"])


def health_of(agency: Agency, channel: str) -> Any:
    return agency.owner.get(f"/channels/{channel}/health")["health"]


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


def test_who_consented_before_another_did_takes_nothing_back(stack: Stack, secret: str, page: tuple[str, str]) -> None:
    channel, user = page
    account = stack.ours.owner.get(f"/channels/{channel}")["account"]
    begun = stack.ours.owner.post("/consents", {"brand": stack.ours.brand, "network": "facebook"})
    consenting.consented(stack, begun, account, user=f"9{user}")
    assert consenting.connected(stack.ours, begun["id"], account)[0]["channel"] == channel
    assert told(stack, "deauthorise", signed(secret, user_id=user)).status == 200
    assert health_of(stack.ours, channel) == "ok"
    assert told(stack, "deauthorise", signed(secret, user_id=f"9{user}")).status == 200
    assert health_of(stack.ours, channel) == "expired"


def test_deletion_is_confirmed_with_a_page_that_says_so(stack: Stack, secret: str, page: tuple[str, str]) -> None:
    answer = told(stack, "deletion", signed(secret, user_id=page[1]))
    assert answer.status == 200
    assert answer.json["url"].endswith(f"/meta/deletion/{answer.json['confirmation_code']}")
    shown = ask("GET", f"{stack.api.removesuffix('/v1')}/meta/deletion/{answer.json['confirmation_code']}")
    assert shown.status == 200 and b"done at" in shown.raw
    assert stack.ours.owner.get(f"/channels/{page[0]}/health")["health"] == "expired"


def test_person_of_whom_we_have_nothing_is_confirmed_too(stack: Stack, secret: str) -> None:
    assert told(stack, "deletion", signed(secret, user_id="1")).status == 200


def test_app_of_an_agencys_own_has_an_address_that_speaks_for_what_came_by_it_only(stack: Stack, secret: str) -> None:
    own, user, id = stack.brand(), number(), number()
    app = own.owner.put("/network-apps/facebook", {"brand": own.brand, "app_id": id, "secret": "their-secret"})
    by_own, by_ours = by_consent(stack, own, user), by_consent(stack, stack.ours, user)
    for wrong in (signed(secret, user_id=user), signed("other", user_id=user)):
        assert told_at(app["deauthorise_url"], wrong).status == 401
    assert told(stack, "deauthorise", signed("their-secret", user_id=user)).status == 401
    assert told_at(app["deauthorise_url"], signed("their-secret", user_id=user)).status == 200
    assert (health_of(own, by_own), health_of(stack.ours, by_ours)) == ("expired", "ok")
    again = by_consent(stack, own, user)
    assert told(stack, "deauthorise", signed(secret, user_id=user)).status == 200
    assert (health_of(own, again), health_of(stack.ours, by_ours)) == ("ok", "expired")
    answer = told_at(app["deletion_url"], signed("their-secret", user_id=user)).json
    assert health_of(own, again) == "expired"
    assert answer["url"] == f"{app['deletion_url']}/{answer['confirmation_code']}"
    assert ask("GET", answer["url"]).status == 200
    ours = f"{stack.api.removesuffix('/v1')}/meta/deletion/{answer['confirmation_code']}"
    assert ask("GET", ours).status == 404  # another app confirmed it


def test_former_secret_of_an_own_app_is_taken_for_a_while_and_what_it_confirmed_stays(stack: Stack) -> None:
    own, user, known = stack.brand(), number(), {"app_id": number()}
    app = own.owner.put("/network-apps/facebook", {**known, "brand": own.brand, "secret": "old"})
    page, answer = by_consent(stack, own, user), told_at(app["deletion_url"], signed("old", user_id="1")).json
    own.owner.put("/network-apps/facebook", {**known, "brand": own.brand, "secret": "new"})
    assert ask("GET", answer["url"]).status == 200
    assert told_at(app["deauthorise_url"], signed("old", user_id=user)).status == 200
    assert health_of(own, page) == "expired"
    now = clock.now() + sealing.CHANGEOVER + clock.MINUTE
    door, code = withdrawals.Door(own.id, known["app_id"]), answer["confirmation_code"]
    for secret, taken in (("old", False), ("new", True)):
        with nullcontext() if taken else pytest.raises(errors.Unauthenticated):
            assert withdrawals.read(signed(secret, user_id=user), door, now) == (user, secret)
    assert withdrawals.confirmed_at(code, door, now)


@pytest.mark.parametrize("place", ["agc_1/77", "{theirs}/77", "x/y", "{ours}/..%2F..", "{ours}/" + "x" * 300])
def test_address_of_an_app_that_is_not_there_believes_nobody(stack: Stack, place: str) -> None:
    named = place.format(ours=stack.ours.id, theirs=stack.theirs.id)
    address = f"{stack.api.removesuffix('/v1')}/meta/apps/{named}"
    assert told_at(f"{address}/deauthorise", signed("", user_id="1")).status in (401, 403, 404)
    assert ask("GET", f"{address}/deletion/1-00").status in (403, 404)


def test_app_on_a_network_that_tells_nothing_has_no_such_address(stack: Stack) -> None:
    own = stack.brand()
    known = {"brand": own.brand, "app_id": number(), "secret": "their-secret"}
    app = own.owner.put("/network-apps/tiktok", known)
    assert (app["deauthorise_url"], app["deletion_url"]) == (None, None)


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
