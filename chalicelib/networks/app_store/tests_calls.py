"""Responses, the tokens that we sign, and what polling an app finds."""

import base64
from dataclasses import replace
from typing import Any

import jwt
import pytest

from chalicelib.networks import base, marks, passes
from chalicelib.networks.app_store import NETWORK, double, polling
from chalicelib.networks.base import Act, Media, Say
from chalicelib.networks.double import number
from local.double import Server

DETAILS = {"key": double.KEY_ID, "issuer": double.ISSUER}
US = base.Credentials(account="1234567890", token=double.p8(), details=DETAILS)
HELLO = Say(thread="00a1", to="00a1", surface="review", text="Thank you")
NOON = 1_790_942_400_000 // marks.SCAN_MS * marks.SCAN_MS  # a time at which a week is read
NOW, MINUTE, HOUR, DAY = NOON + 3_600_000, 60_000, 3_600_000, 86_400_000


@pytest.fixture(autouse=True)
def forget() -> None:
    passes._kept.clear()


def test_response_is_one_call_with_a_token_of_minutes(server: Server) -> None:
    assert NETWORK.send(US, HELLO).id.startswith("r-00a1@1")
    NETWORK.send(US, HELLO)
    first, second = server.state.requests
    assert first["headers"]["authorization"] == second["headers"]["authorization"]
    assert (first["method"], first["path"]) == ("POST", "/v1/customerReviewResponses")
    assert first["json"] == {
        "data": {
            "type": "customerReviewResponses",
            "attributes": {"responseBody": "Thank you"},
            "relationships": {"review": {"data": {"type": "customerReviews", "id": "00a1"}}},
        }
    }
    token = first["headers"]["authorization"].removeprefix("Bearer ")
    claims = jwt.decode(token, options={"verify_signature": False})
    assert jwt.get_unverified_header(token) == {"alg": "ES256", "kid": double.KEY_ID, "typ": "JWT"}
    assert (claims["iss"], claims["aud"], claims["exp"] - claims["iat"]) == (double.ISSUER, "appstoreconnect-v1", 900)


OUTCOMES: dict[str, tuple[type[base.Outcome], str]] = {
    "expired": (base.Expired, "401"),
    "throttled": (base.Throttled, "429"),
    "throttled_for_seconds": (base.Throttled, "429"),
    "gone": (base.Gone, "404"),
    "rejected": (base.Rejected, "409"),
    "forbidden": (base.Rejected, "403"),
    "unavailable": (base.Unknown, "503"),
    "broken": (base.Unknown, "500"),
    "nameless": (base.Unknown, "no_id"),
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_failure_becomes_its_outcome(name: str, server: Server) -> None:
    server.state.behaviours.append({"network": "app_store", "do": name, "times": 1})
    with pytest.raises(base.Outcome) as raised:
        NETWORK.send(US, HELLO)
    assert (type(raised.value), raised.value.code) == OUTCOMES[name]
    assert raised.value.after == {"throttled": 300, "throttled_for_seconds": 90}.get(name, 0)


WRONG: dict[str, dict[str, Any]] = {
    "no base 64": {"token": "?"},
    "no key": {"token": base64.b64encode(b"-----BEGIN PRIVATE KEY-----").decode()},
    "no id": {"details": {"issuer": double.ISSUER}},
    "no issuer": {"details": {"key": double.KEY_ID}},
}


@pytest.mark.parametrize("name", WRONG)
def test_token_that_is_no_key_is_refused_without_a_call(name: str, server: Server) -> None:
    with pytest.raises(base.Expired) as raised:
        NETWORK.check(replace(US, **WRONG[name]))
    assert (raised.value.code, server.state.requests) == ("token", [])


def test_key_of_another_account_is_refused(server: Server) -> None:
    with pytest.raises(base.Expired):
        NETWORK.check(replace(US, details={**DETAILS, "key": "ANOTHER"}))
    assert NETWORK.check(US).name == "Bella Pasta"


def test_what_apple_does_not_take_is_rejected(server: Server) -> None:
    picture = Media(kind="image", url="https://a.test/a")
    wrong: list[dict[str, Any]] = [{"thread": "a/b"}, {"text": ""}, {"attachments": (picture,)}]
    for changed in wrong:
        with pytest.raises(base.Rejected):
            NETWORK.send(US, replace(HELLO, **changed))
    with pytest.raises(base.Rejected):
        NETWORK.act(US, Act(verb="delete", thread="1", id="1", surface="review"))
    with pytest.raises(base.Rejected):
        NETWORK.check(replace(US, account="com.bella.pasta"))
    assert server.state.requests == []
    with pytest.raises(base.Rejected):
        NETWORK.send(US, replace(HELLO, text="x" * 5971))


def test_connecting_names_the_app(server: Server) -> None:
    assert NETWORK.check(US) == base.Connected(account="1234567890", name="Bella Pasta", details=DETAILS)
    NETWORK.subscribe(US, "https://palabre.test", "")
    NETWORK.unsubscribe(US)
    assert [request["query"] for request in server.state.requests] == [{"fields[apps]": "name"}]


class App:
    """An app of its own, which people review."""

    def __init__(self) -> None:
        self.us = replace(US, account=f"7{number()}")

    def gets(self, text: str, at: int = NOW, **fields: Any) -> str:
        payload = double.review(text, account=self.us.account, at=at, **fields)
        double.posted(payload)
        return str(payload["items"][0]["id"])

    def look(self, mark: base.Json, now: int = NOW) -> tuple[list[str], base.Pulled]:
        pulled = polling.look(self.us, mark, now)
        events = [inbound.event for body in pulled.bodies for inbound in NETWORK.parse(body)]
        return [event.text for event in events if isinstance(event, base.Message)], pulled


def test_first_look_gives_the_past_and_the_next_ones_what_is_new(server: Server) -> None:
    app = App()
    app.gets("Long ago", NOW - 31 * DAY)
    old = app.gets("Last week", NOW - 6 * DAY, reply="In Connect")
    texts, pulled = app.look({})
    assert (texts, pulled.bodies[0]["history"]) == (["Last week", "In Connect"], True)
    server.state.clear()
    again = app.look(pulled.mark, NOW + MINUTE)
    assert (again[0], again[1].mark, len(server.state.requests)) == ([], pulled.mark, 1)
    app.gets("New", NOW + 2 * MINUTE)
    app.gets("Changed", NOW + 3 * MINUTE, id=old)
    assert app.look(pulled.mark, NOW + 9 * MINUTE)[0] == ["New", "Changed"]


def test_response_that_was_given_elsewhere_is_found_in_a_week(server: Server) -> None:
    app = App()
    for hours in range(150):
        last = app.gets(str(hours), NOW - hours * HOUR)
    mark = app.look({})[1].mark
    app.gets("149", NOW - 149 * HOUR, id=last, reply="In Connect", replied=NOW + HOUR)
    assert app.look(mark, NOW + 2 * HOUR)[1].calls == 1
    texts, pulled = app.look(mark, NOON + marks.SCAN_MS)
    assert (texts[-1], pulled.calls) == ("In Connect", 2)


def test_more_than_a_look_can_read_is_read_on(server: Server) -> None:
    app = App()
    for minute in range(520):
        app.gets(str(minute), NOW - minute * MINUTE)
    texts, pulled = app.look({})
    assert (len(texts), pulled.calls, pulled.more) == (500, 5, True)
    assert len(app.look(pulled.mark)[0]) == 20


def test_account_that_is_throttled_says_so(server: Server) -> None:
    server.state.behaviours.append({"network": "app_store", "do": "throttled", "times": 1})
    with pytest.raises(base.Throttled):
        polling.pull(US, {}, 60)
