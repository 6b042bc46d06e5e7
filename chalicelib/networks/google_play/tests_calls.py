"""Replies, tokens for a service account, and what polling an app finds."""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.networks import base, marks, passes
from chalicelib.networks.base import Act, Media, Say
from chalicelib.networks.double import number
from chalicelib.networks.google_play import NETWORK, double, polling
from local.double import Server

US = base.Credentials(account="com.bella.pasta", token=double.service_account())
HELLO = Say(thread="gp:AO1", to="gp:AO1", surface="review", text="Thank you")
NOON = 1_790_942_400_000 // marks.SCAN_MS * marks.SCAN_MS  # a time at which all is read
NOW, MINUTE, HOUR, DAY = NOON + 3_600_000, 60_000, 3_600_000, 86_400_000


@pytest.fixture(autouse=True)
def forget() -> None:
    passes._kept.clear()


def test_reply_goes_with_a_token_that_is_kept(server: Server) -> None:
    assert NETWORK.send(US, HELLO).id.startswith("gp:AO1/reply@1")
    NETWORK.send(US, HELLO)
    token, first, second = server.state.requests
    assert (token["host"], token["path"]) == ("oauth2.googleapis.com", "/token")
    assert first["headers"]["authorization"] == second["headers"]["authorization"]
    assert first["path"] == "/androidpublisher/v3/applications/com.bella.pasta/reviews/gp:AO1:reply"
    assert first["json"] == {"replyText": "Thank you"}


OUTCOMES: dict[str, tuple[type[base.Outcome], str]] = {
    "expired": (base.Expired, "authError"),
    "throttled": (base.Throttled, "rateLimitExceeded"),
    "throttled_for_seconds": (base.Throttled, "RESOURCE_EXHAUSTED"),
    "gone": (base.Gone, "404"),
    "rejected": (base.Rejected, "reviewReplyTooLong"),
    "forbidden": (base.Rejected, "permissionDenied"),
    "unavailable": (base.Unknown, "503"),
    "broken": (base.Unknown, "502"),
}


def fails(server: Server, name: str, path: str) -> None:
    server.state.behaviours.append({"network": "google_play", "do": name, "times": 1, "path": path})


@pytest.mark.parametrize("name", OUTCOMES)
def test_failure_becomes_its_outcome(name: str, server: Server) -> None:
    fails(server, name, "reply")
    with pytest.raises(base.Outcome) as raised:
        NETWORK.send(US, HELLO)
    assert (type(raised.value), raised.value.code) == OUTCOMES[name]
    assert raised.value.after == {"throttled": 60, "throttled_for_seconds": 17}.get(name, 0)
    server.state.requests.clear()
    assert NETWORK.send(US, HELLO).id
    assert len(server.state.requests) == 1 + (name == "expired")


REFUSALS: dict[str, type[base.Outcome]] = {
    "invalid_grant": base.Expired,
    "expired": base.Expired,
    "throttled": base.Throttled,
    "unavailable": base.Unreachable,
    "timeout": base.Unreachable,
}


@pytest.mark.parametrize("name", REFUSALS)
def test_token_that_is_not_given_is_an_outcome(name: str, server: Server) -> None:
    fails(server, name, "/token")
    with pytest.raises(REFUSALS[name]):
        NETWORK.send(US, HELLO)
    assert NETWORK.send(US, HELLO).id


def key(**changed: Any) -> str:
    service_account = {**json.loads(base64.b64decode(double.service_account())), **changed}
    return base64.b64encode(json.dumps(service_account).encode()).decode()


WRONG = {
    "no base 64": "?", "no JSON": base64.b64encode(b"{").decode(), "a list": base64.b64encode(b"[]").decode(),
    "no key": key(private_key="-----BEGIN PRIVATE KEY-----"), "another type": key(private_key=7),
    "no address": key(client_email=None),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_token_that_is_no_key_is_refused_without_a_call(name: str, server: Server) -> None:
    with pytest.raises(base.Expired) as raised:
        NETWORK.check(replace(US, token=WRONG[name]))
    assert (raised.value.code, server.state.requests) == ("token", [])
    assert WRONG[name] not in raised.value.text


def test_key_of_somebody_else_is_refused(server: Server) -> None:
    with pytest.raises(base.Expired) as raised:
        NETWORK.check(replace(US, token=key(client_email="other@x.test")))
    assert raised.value.code == "invalid_grant"


def test_what_google_does_not_take_is_rejected(server: Server) -> None:
    picture = Media(kind="image", url="https://a.test/a")
    wrong: list[dict[str, Any]] = [{"thread": "a/b"}, {"text": ""}, {"attachments": (picture,)}]
    for changed in wrong:
        with pytest.raises(base.Rejected):
            NETWORK.send(US, replace(HELLO, **changed))
    with pytest.raises(base.Rejected):
        NETWORK.act(US, Act(verb="hide", thread="1", id="1", surface="review"))
    with pytest.raises(base.Rejected):
        NETWORK.check(replace(US, account="../edits"))
    assert server.state.requests == []
    with pytest.raises(base.Rejected):
        NETWORK.send(US, replace(HELLO, text="x" * 351))


def test_connecting_reads_the_reviews(server: Server) -> None:
    assert NETWORK.check(US) == base.Connected(account="com.bella.pasta", name="com.bella.pasta")
    NETWORK.subscribe(US, "https://palabre.test", "")
    NETWORK.unsubscribe(US)
    assert len(server.state.requests) == 2


class App:
    """An app of its own, which people review."""

    def __init__(self) -> None:
        self.us = replace(US, account=f"com.bella.a{number()}")

    def gets(self, text: str, at: int = NOW, **fields: Any) -> str:
        payload = double.review(text, account=self.us.account, at=at, **fields)
        double.posted(payload)
        return str(payload["items"][0]["reviewId"])

    def look(self, mark: base.Json, now: int = NOW) -> tuple[list[str], base.Pulled]:
        pulled = polling.look(self.us, mark, now)
        events = [inbound.event for body in pulled.bodies for inbound in NETWORK.parse(body)]
        return [event.text for event in events if isinstance(event, base.Message)], pulled


def test_first_look_gives_the_past_and_the_next_ones_what_is_new(server: Server) -> None:
    app = App()
    old = app.gets("Last week", NOW - 6 * DAY)
    texts, pulled = app.look({})
    assert (texts, pulled.bodies[0]["history"]) == (["Last week"], True)
    server.state.clear()
    again = app.look(pulled.mark, NOW + MINUTE)
    assert (again[0], again[1].mark, len(server.state.requests)) == ([], pulled.mark, 1)
    app.gets("New", NOW + 2 * MINUTE)
    app.gets("Changed", NOW + 3 * MINUTE, id=old)
    texts, pulled = app.look(pulled.mark, NOW + 9 * MINUTE)
    assert texts == ["New", "Changed"]
    app.gets("Changed", NOW + 3 * MINUTE, id=old, reply="In the console", replied=NOW + 10 * MINUTE)
    assert app.look(pulled.mark, NOW + 11 * MINUTE)[0] == ["Changed", "In the console"]


def test_some_times_a_day_all_of_the_week_is_read(server: Server) -> None:
    app = App()
    for minute in range(150):
        app.gets(str(minute), NOW - minute * HOUR)
    mark = app.look({})[1].mark
    assert app.look(mark, NOW + HOUR)[1].calls == 1
    texts, pulled = app.look(mark, NOON + marks.SCAN_MS)
    assert (len(texts), pulled.calls, pulled.mark) == (150, 2, mark)


def test_more_than_a_look_can_read_is_read_on_even_if_its_place_is_gone(server: Server) -> None:
    app = App()
    for minute in range(520):
        app.gets(str(minute), NOW - minute * MINUTE)
    texts, pulled = app.look({})
    assert (len(texts), pulled.calls, pulled.more) == (500, 5, True)
    assert len(app.look(pulled.mark)[0]) == 20
    texts, pulled = app.look({**pulled.mark, "page": "gone"})
    assert (pulled.calls, pulled.more) == (5, True)


def test_account_that_is_throttled_says_so(server: Server) -> None:
    fails(server, "throttled", "reviews")
    with pytest.raises(base.Throttled):
        polling.pull(US, {}, 60)
