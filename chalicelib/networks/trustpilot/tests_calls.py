"""The calls for each reply that we send, and the meaning of Trustpilot's answers."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Act, Media, Say
from chalicelib.networks.double import number
from chalicelib.networks.trustpilot import NETWORK, double
from local.double import Server

HELLO = Say(thread="53bffd36", surface="review", text="Thank you", correlation="msg_1")


@pytest.fixture
def us() -> base.Credentials:
    """A key that no other test used, so that its token is not in memory yet."""
    return base.Credentials(account="46d6a890", token=f"key-{number()}", secret="tp-secret", details={"user": "5f0c"})


def paths(server: Server) -> list[str]:
    return [request["path"].removeprefix("/v1/") for request in server.state.requests]


def test_reply_goes_with_a_token_that_is_kept(us: base.Credentials, server: Server) -> None:
    sent = [NETWORK.send(us, HELLO).id for _ in range(2)]
    assert sent[0] != sent[1] and all(id.startswith("53bffd36/reply@1") for id in sent)
    token, first, second = server.state.requests
    assert token["headers"]["authorization"].startswith("Basic ")
    assert first["headers"]["authorization"] == f"Bearer access-{us.token}"
    assert first["path"] == "/v1/private/reviews/53bffd36/reply"
    assert first["json"] == second["json"] == {"message": "Thank you", "authorBusinessUserId": "5f0c"}


OUTCOMES: dict[str, tuple[type[base.Outcome], str]] = {
    "expired": (base.Expired, "401"),
    "throttled": (base.Throttled, "429"),
    "throttled_for_a_while": (base.Throttled, "429"),
    "gone": (base.Gone, "404"),
    "rejected": (base.Rejected, "400"),
    "forbidden": (base.Rejected, "403"),
    "unavailable": (base.Unknown, "503"),
    "broken": (base.Unknown, "500"),
}


def fails(server: Server, name: str, path: str) -> None:
    server.state.behaviours.append({"network": "trustpilot", "do": name, "times": 1, "path": path})


@pytest.mark.parametrize("name", OUTCOMES)
def test_failure_becomes_its_outcome(name: str, us: base.Credentials, server: Server) -> None:
    fails(server, name, "/reply")
    with pytest.raises(base.Outcome) as raised:
        NETWORK.send(us, HELLO)
    assert (type(raised.value), raised.value.code) == OUTCOMES[name]
    assert raised.value.after == {"throttled": 40, "throttled_for_a_while": 60}.get(name, 0)
    assert NETWORK.send(us, HELLO).id
    assert paths(server).count("oauth/oauth-business-users-for-applications/accesstoken") == 1 + (name == "expired")


REFUSALS: dict[str, type[base.Outcome]] = {
    "expired": base.Expired,
    "forbidden": base.Expired,
    "rejected": base.Expired,
    "throttled": base.Throttled,
    "unavailable": base.Unreachable,
    "timeout": base.Unreachable,
}


@pytest.mark.parametrize("name", REFUSALS)
def test_token_that_is_not_given_is_an_outcome(name: str, us: base.Credentials, server: Server) -> None:
    fails(server, name, "accesstoken")
    with pytest.raises(REFUSALS[name]):
        NETWORK.send(us, HELLO)
    assert NETWORK.send(us, HELLO).id


def test_secret_that_is_wrong_is_refused(us: base.Credentials, server: Server) -> None:
    with pytest.raises(base.Expired):
        NETWORK.check(replace(us, secret="another"))


def test_reply_without_a_time_is_known_by_our_own_id(us: base.Credentials, server: Server) -> None:
    fails(server, "silent", "/reply")
    assert NETWORK.send(replace(us, details={}), HELLO).id == "53bffd36/reply@msg_1"
    assert server.state.requests[-1]["json"] == {"message": "Thank you"}


def test_what_trustpilot_does_not_take_is_rejected(us: base.Credentials, server: Server) -> None:
    picture = Media(kind="image", url="https://a.test/a")
    wrong: list[dict[str, Any]] = [
        {"thread": "product:1"},
        {"thread": "../x"},
        {"text": ""},
        {"attachments": (picture,)},
    ]
    for changed in wrong:
        with pytest.raises(base.Rejected):
            NETWORK.send(us, replace(HELLO, **changed))
    with pytest.raises(base.Rejected):
        NETWORK.act(us, Act(verb="delete", thread="1", id="1", surface="review"))
    assert server.state.requests == []


def test_what_was_missed_is_asked_for_page_by_page(us: base.Credentials, server: Server) -> None:
    assert NETWORK.past
    us, since = replace(us, account=f"46d6{number()}"), 1_790_000_000_000
    rows = [double.review(text=str(row), at=since + row * 60_000)["events"][0]["eventData"] for row in range(-5, 120)]
    rows[-1]["companyReply"] = {"text": "Thank you", "createdAt": double.written(since + 10**9)}
    rows[-1]["consumer"] = {"id": "9", "displayName": "Zoé"}
    double.missed[us.account] = rows
    first = NETWORK.past(us, base.Stretch(since=since))
    second = NETWORK.past(us, base.Stretch(since=since, mark=first.mark, is_history=True))
    assert (first.more, second.more) == (True, False)
    inbounds = [inbound for body in (*first.bodies, *second.bodies) for inbound in NETWORK.parse(body)]
    said = [inbound.event for inbound in inbounds if isinstance(inbound.event, base.Message)]
    assert {inbound.account for inbound in inbounds} == {us.account}
    assert [message.text for message in said] == [*map(str, range(120)), "Thank you"]
    assert [message.history for message in (said[0], said[-1])] == [False, True]
    assert said[-2].person == base.Person(id="9", name="Zoé")
    assert (said[-1].direction, said[-1].id) == ("out", f"{said[-2].id}/reply@{since + 10**9}")


def test_connecting_reads_in_private_and_asks_for_the_name(us: base.Credentials, server: Server) -> None:
    assert NETWORK.check(us) == base.Connected(account="46d6a890", name="Bella Pasta", details={"user": "5f0c"})
    assert paths(server)[1:] == ["private/business-units/46d6a890/reviews", "business-units/46d6a890"]
    NETWORK.subscribe(us, "https://palabre.test/hooks/trustpilot/chn_1", "secret")
    NETWORK.unsubscribe(us)
    assert len(server.state.requests) == 3
    with pytest.raises(base.Rejected):
        NETWORK.check(replace(us, account="bellapasta.test"))
