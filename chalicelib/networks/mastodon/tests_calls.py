"""The calls of a Mastodon server, against its double."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.networks import base, http
from chalicelib.networks.base import Act, Credentials, Loaded, Say
from chalicelib.networks.http import Response
from chalicelib.networks.mastodon import NETWORK, calls, double
from local.double import Server

US = Credentials(account="shop1@mastodon.example", token="token1", details={"server": "mastodon.example", "id": "91"})
OUTCOMES: dict[str, tuple[type[base.Outcome], str]] = {
    "expired": (base.Expired, "401"),
    "forbidden": (base.Rejected, "403"),
    "gone": (base.Gone, "404"),
    "rejected": (base.Rejected, "422"),
    "throttled": (base.Throttled, "429"),
    "unavailable": (base.Unknown, "503"),
}


@pytest.fixture(autouse=True)
def forgetful() -> None:
    double.forget()


def hears(event: str, **fields: Any) -> base.Message:
    body = double.EVENTS[event](account=US.account, **fields)
    double.posted(body)
    [inbound] = NETWORK.parse(body)
    assert isinstance(inbound.event, base.Message)
    return inbound.event


def answer(message: base.Message, text: str = "Yes", **more: Any) -> Say:
    person = message.person.id if message.person else ""
    above = "" if message.surface == "dm" else message.thread
    return Say(thread=message.thread, to=person, surface=message.surface, text=text, reply_to=above, **more)


def posts(server: Server) -> list[Any]:
    return [call for call in server.state.requests if (call["method"], call["path"]) == ("POST", "/api/v1/statuses")]


@pytest.mark.parametrize("shown", ["public", "unlisted", "private"])
def test_answer_is_seen_by_those_who_see_the_question_and_names_its_author(server: Server, shown: str) -> None:
    mention = hears("mention", visibility=shown)
    sent = NETWORK.send(US, answer(mention))
    [call] = posts(server)
    assert call["json"] == {
        "status": "@ana77@other.example Yes", "visibility": shown, "in_reply_to_id": mention.id,
    }  # fmt: skip
    assert (call["host"], call["headers"]["authorization"]) == ("mastodon.example", "Bearer token1")
    assert sent.id == call["answer"]["id"]


def test_direct_message_stays_one(server: Server) -> None:
    dm = hears("dm", person="88")
    NETWORK.send(US, answer(dm, "Sorry, @ANA88@other.example!"))
    NETWORK.send(US, replace(answer(dm), reply_to=dm.id))
    assert [call["json"] for call in posts(server)] == [
        {"status": "Sorry, @ANA88@other.example!", "visibility": "direct"},
        {"status": "@ana88@other.example Yes", "visibility": "direct", "in_reply_to_id": dm.id},
    ]


def test_same_answer_is_posted_once_and_parts_of_one_are_several(server: Server) -> None:
    say = answer(hears("mention"), correlation="msg_1")
    assert NETWORK.send(US, say).id == NETWORK.send(US, say).id != NETWORK.send(US, replace(say, text="No")).id
    keys = [call["headers"]["idempotency-key"] for call in posts(server)]
    assert keys[0] == keys[1] != keys[2]
    assert "msg_1" not in keys[0]


def test_the_longest_text_is_taken(server: Server) -> None:
    longest = NETWORK.capabilities.text["mention"]
    NETWORK.send(US, answer(hears("mention", person="7" * 27), "x" * longest))
    with pytest.raises(base.Rejected):
        NETWORK.send(US, answer(hears("mention"), "x" * 500))


def test_five_pictures_are_two_posts(server: Server) -> None:
    files = tuple(
        Loaded(kind="image", url=f"https://m.example/{n}", mime="image/png", content=b"png") for n in range(5)
    )
    first, second = NETWORK.parts(replace(answer(hears("mention")), attachments=files))
    assert (first.text, len(first.attachments), second.text, len(second.attachments)) == ("Yes", 4, "", 1)
    NETWORK.send(US, first)
    [call] = posts(server)
    assert len(call["json"]["media_ids"]) == 4


def test_file_that_is_no_picture_is_rejected(server: Server) -> None:
    film = base.Media(kind="video", url="https://m.example/1")
    with pytest.raises(base.Rejected):
        NETWORK.send(US, replace(answer(hears("mention")), attachments=(film,)))
    assert posts(server) == []


@pytest.mark.parametrize(
    ("act", "path"),
    [
        (Act(verb="ban", thread="1", to="77"), "/api/v1/accounts/77/block"),
        (Act(verb="unban", thread="1", to="77"), "/api/v1/accounts/77/unblock"),
    ],
)
def test_person_is_blocked_and_let_in_again(server: Server, act: Act, path: str) -> None:
    NETWORK.act(US, act)
    assert [(call["method"], call["path"]) for call in server.state.requests] == [("POST", path)]


@pytest.mark.parametrize(
    ("why", "says"),
    [
        (base.Report(reason="spam", note="Sells copies"), {"category": "spam", "comment": "Sells copies"}),
        (base.Report(reason="illegal"), {"category": "legal", "comment": "illegal"}),
        (base.Report(reason="abuse", note="x" * 2000), {"category": "other", "comment": "x" * 1000}),
    ],
)
def test_post_and_its_author_are_reported(server: Server, why: base.Report, says: dict[str, str]) -> None:
    NETWORK.act(US, Act(verb="report", thread="1", id="109", to="77", surface="mention", report=why))
    [call] = server.state.requests
    assert (call["method"], call["path"], call["status"]) == ("POST", "/api/v1/reports", 200)
    assert call["json"] == {"account_id": "77", "status_ids": ["109"], **says}


@pytest.mark.parametrize(
    "act", [Act(verb="hide", thread="1", id="1"), Act(verb="like", thread="1", id="../x"), Act(verb="ban", thread="1")]
)
def test_what_an_account_cannot_do_is_rejected_without_a_call(server: Server, act: Act) -> None:
    with pytest.raises(base.Rejected):
        NETWORK.act(US, act)
    assert server.state.requests == []


@pytest.mark.parametrize("name", OUTCOMES)
def test_failure_raises_its_outcome(server: Server, name: str) -> None:
    say = answer(hears("mention"))
    server.state.behaviours.append({"network": "mastodon", "do": name, "method": "POST", "times": 1})
    with pytest.raises(base.Outcome) as raised:
        NETWORK.send(US, say)
    assert (type(raised.value), raised.value.code) == OUTCOMES[name]
    assert (raised.value.after > 1_000_000) == (name == "throttled")


def test_pause_without_a_time_is_as_long_as_the_limit() -> None:
    refusal = calls.refusal(Response(429, {"X-RateLimit-Reset": "soon"}), reads=True)
    assert refusal.after == 300


@pytest.mark.parametrize("name", ["", "a b", "user@host", "host/path", "host:port", "..", "-", "x" * 300])
def test_server_that_can_be_none_is_rejected(server: Server, name: str) -> None:
    with pytest.raises(base.Rejected) as raised:
        NETWORK.check(replace(US, account="", details={"server": name}))
    assert (raised.value.code, server.state.requests) == ("server", [])


@pytest.mark.parametrize(
    "server_name", ["localhost", "10.0.0.1", "169.254.169.254", "intranet", "2130706433", "db.internal", "x.on.aws"]
)
@pytest.mark.usefixtures("nowhere")
def test_server_that_leads_inside_is_never_called(server_name: str) -> None:
    with pytest.raises(base.Rejected) as raised:
        NETWORK.check(replace(US, account="", details={"server": server_name}))
    assert raised.value.code.startswith("address_")


def test_account_is_named_with_its_server(server: Server) -> None:
    connected = NETWORK.check(replace(US, account="", details={"server": "HTTPS://Social.Example/"}))
    assert (connected.account, connected.details) == ("shop1@social.example", {"server": "social.example", "id": "91"})
    assert NETWORK.check(replace(US, details={})).account == US.account


def test_calls_of_the_last_minutes_are_counted_by_the_server(server: Server) -> None:
    assert NETWORK.quotas
    assert NETWORK.quotas(US) == [base.Quota(name="calls", used=12, most=300, ends_at=double.LIMIT_ENDS)]


@pytest.mark.parametrize("limit", ["", "many", "-1", "9" * 40, "\u0663"])
def test_limit_that_cannot_be_read_is_none(limit: str) -> None:
    headers = {"X-RateLimit-Limit": limit, "X-RateLimit-Remaining": "1"}
    assert http.counted(Response(200, headers), "X-RateLimit", 0) == []


def test_post_that_a_comment_hangs_on_is_told(server: Server) -> None:
    mention = hears("mention", text="Good bread")
    assert NETWORK.publication
    post = NETWORK.publication(US, base.Origin(id=mention.id))
    assert (post.text, post.author, post.at) == ("@shop1 Good bread", "Ana", mention.at)
