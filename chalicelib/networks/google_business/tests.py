"""The events that reviews and hints become, and which pushes are accepted."""

import base64
import json
import time
from pathlib import Path
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks._google import push
from chalicelib.networks.base import Message, Person, Secrets, Unhandled
from chalicelib.networks.google_business import NETWORK, double
from local.double import Server
from tests.networks import damage

HERE = Path(__file__).parent
FIXTURES = {path.name.removesuffix(".in.json"): json.loads(path.read_bytes()) for path in HERE.glob("fixtures/*.json")}
PLACE, EIGHT, DAY = "accounts/5001/locations/6002", 1790928000000, 86_400_000
MALFORMED = Unhandled(reason="malformed")


def said(id: str, text: str, rating: str = "5", at: int = EIGHT + 500, **more: Any) -> Message:
    leo = Person(id=id, name="Leo M.", avatar="https://lh3.googleusercontent.com/leo")
    fields: dict[str, Any] = {"person": leo, "context": {"rating": rating}, **more}
    name = f"{PLACE}/reviews/{id}"
    return Message(thread=name, id=name, at=at, surface="review", kind="review", text=text, **fields)


CHANGED, REPLIED = EIGHT + DAY, EIGHT + DAY + 3_600_000
THIRD = f"{PLACE}/reviews/Rv3"
EXPECTED: dict[str, list[base.Event]] = {
    "review_created": [said("Rv1", "Lovely place")],
    "review_of_stars_only_by_nobody_named": [said("Rv2", "", context={}, person=Person(id="Rv2"))],
    "review_edited_and_answered": [
        said("Rv3", "Cold pizza", "2"),
        base.Edit(
            thread=THIRD, id=THIRD, at=CHANGED, text="Cold pizza", context={"rating": "2"}, created=EIGHT + 500,
            surface="review",
        ),
        Message(
            thread=THIRD, id=f"{THIRD}/reply@{REPLIED}", at=REPLIED, surface="review", direction="out", text="Sorry!",
            reply_to=THIRD,
        ),
    ],
    "review_of_the_past_translated_below": [said("Rv4", "Molto buono", history=True)],
    "review_translated_above": [said("Rv5", "Molto buono")],
    "hint_of_a_new_review": [base.Hint()],
    "hint_that_cannot_be_read": [Unhandled(reason="hint")],
    "unreadable_items": [MALFORMED, MALFORMED, said("Rv6", "Lovely place")],
}  # fmt: skip


def test_hint_that_names_its_review_alone_is_about_its_place() -> None:
    data = base64.b64encode(json.dumps({"review": f"{PLACE}/reviews/Rv1"}).encode()).decode()
    assert [(inbound.account, inbound.event) for inbound in NETWORK.parse({"message": {"data": data}})] == [
        (PLACE, base.Hint())
    ]


@pytest.mark.parametrize("name", FIXTURES)
def test_fixture_gives_its_events(name: str) -> None:
    inbounds = list(NETWORK.parse(FIXTURES[name]))
    assert [inbound.event for inbound in inbounds] == EXPECTED[name]
    assert {inbound.account for inbound in inbounds} == {"" if name.endswith("be_read") else PLACE}


def test_damage_to_what_is_optional_loses_nothing() -> None:
    needed = ["account", "said.name", "replied.name", "replied.reviewReply"]
    needed += ["replied.reviewReply.updateTime"]  # tells one reply from another
    bodies = [body for name, body in FIXTURES.items() if not name.startswith(("unreadable", "hint"))]
    assert damage.lost(NETWORK, bodies, needed) == []


def pushed(token: str, *, signing: tuple[str, ...] = ("us",), verify: tuple[str, ...] = double.VERIFY) -> bool:
    return NETWORK.verify(b"{}", {"authorization": f"Bearer {token}"}, Secrets(signing=signing, verify=verify))


def test_push_of_our_service_account_for_us_is_believed(server: Server) -> None:
    good = double.token(aud="us")
    assert pushed(good) and pushed(good, signing=("old", "us"), verify=("old@x.test", *double.VERIFY))
    assert pushed(double.token(aud="us", iss="accounts.google.com"))
    assert not pushed(good, signing=()) and not pushed(good, verify=()) and not pushed(good, verify=("",))
    assert not NETWORK.verify(b"{}", {"authorization": good}, Secrets(signing=("us",), verify=double.VERIFY))


NOW = int(time.time())
WRONG: dict[str, dict[str, Any]] = {
    "another audience": {"aud": "them"},
    "no audience": {"aud": None},
    "another issuer": {"iss": "https://elsewhere.test"},
    "another sender": {"email": "somebody@else.iam.gserviceaccount.com"},
    "an address that nobody checked": {"email_verified": False},
    "no address": {"email": None},
    "too old": {"iat": NOW - 7200, "exp": NOW - 3600},
    "no end": {"exp": None},
    "not yet": {"iat": NOW + 7200},
}


@pytest.mark.parametrize("name", WRONG)
def test_push_with_a_wrong_claim_is_refused(name: str, server: Server) -> None:
    assert not pushed(double.token(**{"aud": "us", **WRONG[name]}))


def test_push_that_google_did_not_sign_is_refused(server: Server) -> None:
    import jwt

    claims = jwt.decode(double.token(aud="us"), options={"verify_signature": False})
    forged = [
        double.token(by="another", aud="us"),
        jwt.encode(claims, "a secret that is long enough for this", "HS256", headers={"kid": double.KEY}),
        jwt.encode(claims, "", "none", headers={"kid": double.KEY}),
        jwt.encode(claims, double.key(double.KEY), "RS256", headers={"kid": "../x"}),
        jwt.encode(claims, double.key(double.KEY), "RS256"),
        double.token(aud="us")[:-4] + "AAAA",
        "a.b.c",
        "é",
        "x" * 5000,
    ]
    assert [token for token in forged if pushed(token)] == []


def test_keys_are_asked_for_once_and_not_for_each_unknown_one(server: Server) -> None:
    push._keys.cache_clear()
    for token in (double.token(aud="us"), double.token(by="another", aud="us"), double.token(aud="us")):
        pushed(token)
    assert [request["path"] for request in server.state.requests] == [push.PATH]


def test_without_googles_keys_nothing_is_believed(server: Server) -> None:
    push._keys.cache_clear()
    server.state.behaviours.append({"network": "google_business", "do": "unavailable", "times": 1})
    assert not pushed(double.token(aud="us"))
    push._keys.cache_clear()
    server.state.behaviours.append({"network": "google_business", "do": "elsewhere", "times": 1})
    assert not pushed(double.token(aud="us"))
    push._keys.cache_clear()
