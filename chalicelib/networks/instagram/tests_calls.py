"""The calls of Instagram's API under both logins, against its double."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.double import number
from chalicelib.networks.instagram import NETWORK, double
from chalicelib.networks.instagram.tests_expected import ACCOUNT, COMMENT, MEDIA, PAGE, PERSON
from local.double import Server

OWN = base.Credentials(account=ACCOUNT, token="IGAAtoken", details={"product": "instagram_login"})
LINKED = base.Credentials(
    account=ACCOUNT, token="EAAGtoken", secret="app-secret", details={"product": "facebook_login", "page": PAGE}
)
SAY = base.Say(thread=PERSON, to=PERSON, text="Hello", correlation="msg_1")


@pytest.fixture(autouse=True)
def forgetful() -> None:
    """Clears the double's memory of answered and deleted comments."""
    double._answered.clear()
    double._deleted.clear()


def behave(server: Server, failure: str) -> None:
    server.state.behaviours.append({"network": "instagram", "do": failure, "times": 1})


TO = {"recipient": {"id": PERSON}}
IMAGES = tuple(base.Media(kind="image", url=f"https://media.example/{n}.jpg") for n in range(2))
ON_COMMENT = base.Say(thread=COMMENT, surface="comment", reply_to=COMMENT, text="Thanks!", origin=MEDIA)
ON_MENTION = base.Say(thread=MEDIA, surface="mention", text="Thanks!", origin=MEDIA)


def attached(url: str, kind: str = "image") -> dict[str, Any]:
    return {"type": kind, "payload": {"url": url}}


@pytest.mark.parametrize(
    ("say", "path", "body"),
    [
        (SAY, "{node}/messages", {**TO, "message": {"text": "Hello"}}),
        (
            base.Say(thread=PERSON, text="Yes", reply_to="ig1"),
            "{node}/messages",
            {**TO, "message": {"text": "Yes"}, "reply_to": {"mid": "ig1"}},
        ),
        (
            base.Say(thread=PERSON, text="Yes", context={"tag": "HUMAN_AGENT"}),
            "{node}/messages",
            {**TO, "message": {"text": "Yes"}, "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"},
        ),
        (
            base.Say(thread=PERSON, attachments=IMAGES[:1]),
            "{node}/messages",
            {**TO, "message": {"attachment": attached(IMAGES[0].url)}},
        ),
        (
            base.Say(thread=PERSON, attachments=IMAGES),
            "{node}/messages",
            {**TO, "message": {"attachments": [attached(image.url) for image in IMAGES]}},
        ),
        (ON_COMMENT, f"{COMMENT}/replies", {"message": "Thanks!"}),
        (replace(ON_COMMENT, reply_to=""), f"{MEDIA}/comments", {"message": "Thanks!"}),
        (ON_MENTION, f"{ACCOUNT}/mentions", {"media_id": MEDIA, "message": "Thanks!"}),
        (
            replace(ON_MENTION, thread=COMMENT),
            f"{ACCOUNT}/mentions",
            {"media_id": MEDIA, "comment_id": COMMENT, "message": "Thanks!"},
        ),
    ],
)
@pytest.mark.parametrize(
    ("credentials", "host", "node"),
    [(OWN, "graph.instagram.com", ACCOUNT), (LINKED, "graph.facebook.com", PAGE)],
)
def test_each_kind_of_say_is_one_exact_call(
    server: Server, credentials: base.Credentials, host: str, node: str, say: base.Say, path: str, body: object
) -> None:
    made = NETWORK.send(credentials, say)
    [call] = server.state.requests
    assert (call["method"], call["host"], call["path"]) == ("POST", host, f"/v25.0/{path.format(node=node)}")
    assert call["json"] == body
    assert made.id == call["answer"].get("message_id", call["answer"].get("id"))


def test_calls_prove_that_they_know_the_app_secret(server: Server) -> None:
    NETWORK.send(LINKED, SAY)
    proof = hmac.new(b"app-secret", b"EAAGtoken", hashlib.sha256).hexdigest()
    [call] = server.state.requests
    assert (call["query"], call["headers"]["authorization"]) == ({"appsecret_proof": proof}, "Bearer EAAGtoken")


def test_a_comment_is_answered_privately_only_once(server: Server) -> None:
    comment = str(17950000000000000 + number())
    private = base.Say(thread=comment, surface="comment", private=True, reply_to=comment, text="Here is the price")
    NETWORK.send(OWN, private)
    [call] = server.state.requests
    assert call["json"] == {"recipient": {"comment_id": comment}, "message": {"text": "Here is the price"}}
    with pytest.raises(base.Rejected) as raised:
        NETWORK.send(OWN, private)
    assert raised.value.code == "10900"


def test_files_go_in_messages_only(server: Server) -> None:
    for say in (ON_COMMENT, ON_MENTION, replace(SAY, private=True, reply_to=COMMENT)):
        with pytest.raises(base.Rejected):
            NETWORK.send(OWN, replace(say, attachments=IMAGES))
    with pytest.raises(base.Rejected):
        NETWORK.send(OWN, base.Say(thread="1", surface="review", text="Hi"))
    assert server.state.requests == []


def test_text_and_files_are_said_in_parts() -> None:
    parts = NETWORK.parts(base.Say(thread=PERSON, text="Look", attachments=IMAGES, reply_to="ig1"))
    assert [(part.text, len(part.attachments), part.reply_to) for part in parts] == [("Look", 0, "ig1"), ("", 2, "")]
    assert NETWORK.parts(ON_COMMENT) == [ON_COMMENT]


@pytest.mark.parametrize(
    ("act", "body"),
    [
        (base.Act(verb="typing", thread=PERSON), {**TO, "sender_action": "typing_on"}),
        (base.Act(verb="read", thread=PERSON, id="ig1"), {**TO, "sender_action": "mark_seen"}),
        (
            base.Act(verb="react", thread=PERSON, id="ig1", emoji="❤️"),
            {**TO, "sender_action": "react", "payload": {"message_id": "ig1", "reaction": "love"}},
        ),
        (
            base.Act(verb="unreact", thread=PERSON, id="ig1"),
            {**TO, "sender_action": "unreact", "payload": {"message_id": "ig1"}},
        ),
    ],
)
def test_each_act_on_a_message_is_one_exact_call(server: Server, act: base.Act, body: object) -> None:
    NETWORK.act(OWN, act)
    [call] = server.state.requests
    assert (call["path"], call["json"], call["status"]) == (f"/v25.0/{ACCOUNT}/messages", body, 200)


@pytest.mark.parametrize(
    ("verb", "method", "query"),
    [("hide", "POST", {"hide": "true"}), ("unhide", "POST", {"hide": "false"}), ("delete", "DELETE", {})],
)
def test_each_act_on_a_comment_is_one_exact_call(
    server: Server, verb: base.Verb, method: str, query: Mapping[str, str]
) -> None:
    comment = str(17950000000000000 + number())
    NETWORK.act(OWN, base.Act(verb=verb, thread=comment, id=comment, surface="comment"))
    [call] = server.state.requests
    assert (call["method"], call["path"], call["query"]) == (method, f"/v25.0/{comment}", query)
    assert call["status"] == 200


def test_deleting_a_comment_twice_finds_it_gone(server: Server) -> None:
    comment = str(17950000000000000 + number())
    act = base.Act(verb="delete", thread=comment, id=comment, surface="comment")
    NETWORK.act(OWN, act)
    with pytest.raises(base.Gone):
        NETWORK.act(OWN, act)


@pytest.mark.parametrize("verb", ["like", "react", "typing"])
def test_what_comments_cannot_have_is_rejected_without_a_call(server: Server, verb: base.Verb) -> None:
    with pytest.raises(base.Rejected):
        NETWORK.act(OWN, base.Act(verb=verb, thread=COMMENT, id=COMMENT, surface="comment"))
    assert server.state.requests == []


OUTCOMES: Mapping[str, tuple[type[base.Outcome], str]] = {
    "expired": (base.Expired, "190/463"),
    "throttled": (base.Throttled, "80002"),
    "messages_throttled": (base.Throttled, "613/2534040"),
    "quota": (base.Throttled, "9/2207042"),
    "window_closed": (base.WindowClosed, "10/2534022"),
    "gone": (base.Gone, "100/2534014"),
    "no_such_person": (base.Gone, "9010"),
    "unavailable_person": (base.Gone, "551/1545041"),
    "no_such_comment": (base.Gone, "100/33"),
    "media_gone": (base.Gone, "24/2207006"),
    "rejected": (base.Rejected, "100"),
    "messages_disabled": (base.Rejected, "200/2534041"),
    "no_consent": (base.Rejected, "230"),
    "account_restricted": (base.Rejected, "25/2207050"),
    "no_permission": (base.Rejected, "10"),
    "not_sent": (base.Unreachable, "1200"),
    "unavailable_to_us": (base.Gone, "200/1545041"),  # F17
    "made_anyway": (base.Unknown, "20/1772107"),  # kind 10
    "sent_anyway": (base.Unknown, "1/1357046"),
    "unavailable": (base.Unknown, "2"),
    "bad_gateway": (base.Unknown, "502"),
    "no_id": (base.Unknown, "no_id"),
}


def test_every_failure_of_the_double_has_its_outcome() -> None:
    assert set(OUTCOMES) == set(double.FAILURES)


@pytest.mark.parametrize(
    ("failure", "say"),
    [
        (failure, say)
        for failure in OUTCOMES
        for say in (SAY, ON_COMMENT, ON_MENTION)
        if (failure, say) != ("made_anyway", SAY)  # only comments are made like that
    ],
)
def test_each_failure_is_one_outcome(server: Server, failure: str, say: base.Say) -> None:
    behave(server, failure)
    with pytest.raises(base.Outcome) as raised:
        NETWORK.send(OWN, say)
    assert (type(raised.value), raised.value.code) == OUTCOMES[failure]
    assert raised.value.text


@pytest.mark.parametrize(("failure", "seconds"), [("throttled", 720), ("messages_throttled", 300), ("gone", 0)])
def test_throttling_tells_how_long_to_wait(server: Server, failure: str, seconds: float) -> None:
    behave(server, failure)
    with pytest.raises(base.Outcome) as raised:
        NETWORK.send(OWN, SAY)
    assert raised.value.after == seconds
