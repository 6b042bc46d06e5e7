"""The calls of Messenger's API, against its double."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.messenger import NETWORK, double
from chalicelib.networks.messenger.tests_expected import PAGE, PERSON
from local.double import Server

CREDENTIALS = base.Credentials(account=PAGE, token="EAAGtoken", secret="app-secret")
SAY = base.Say(thread=PERSON, to=PERSON, text="Hello", correlation="msg_1")


def behave(server: Server, failure: str) -> None:
    server.state.behaviours.append({"network": "messenger", "do": failure, "times": 1})


MESSAGES = f"/v25.0/{PAGE}/messages"
TO = {"recipient": {"id": PERSON}}
IMAGES = tuple(base.Media(kind="image", url=f"https://media.example/{n}.jpg") for n in range(2))
VIDEO = base.Media(kind="video", url="https://media.example/v.mp4")


def attached(kind: str, url: str) -> dict[str, Any]:
    return {"type": kind, "payload": {"url": url}}


@pytest.mark.parametrize(
    ("say", "sent"),
    [
        (SAY, {**TO, "messaging_type": "RESPONSE", "message": {"text": "Hello", "metadata": "msg_1"}}),
        (
            base.Say(thread=PERSON, text="Hello", reply_to="m_1"),
            {**TO, "messaging_type": "RESPONSE", "message": {"text": "Hello"}, "reply_to": {"mid": "m_1"}},
        ),
        (
            base.Say(thread=PERSON, text="Still there", context={"tag": "HUMAN_AGENT"}),
            {**TO, "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT", "message": {"text": "Still there"}},
        ),
        (
            base.Say(thread=PERSON, attachments=(VIDEO,)),
            {**TO, "messaging_type": "RESPONSE", "message": {"attachment": attached("video", VIDEO.url)}},
        ),
        (
            base.Say(thread=PERSON, attachments=IMAGES),
            {
                **TO,
                "messaging_type": "RESPONSE",
                "message": {"attachments": [attached("image", image.url) for image in IMAGES]},
            },
        ),
        (
            base.Say(thread=PERSON, attachments=(base.Media(kind="sticker", url="https://media.example/s.png"),)),
            {
                **TO,
                "messaging_type": "RESPONSE",
                "message": {"attachment": attached("image", "https://media.example/s.png")},
            },
        ),
        (
            base.Say(
                thread=PERSON,
                text="Which?",
                context={"quick_replies": [{"content_type": "text", "title": "Red", "payload": "RED"}]},
            ),
            {
                **TO,
                "messaging_type": "RESPONSE",
                "message": {
                    "text": "Which?",
                    "quick_replies": [{"content_type": "text", "title": "Red", "payload": "RED"}],
                },
            },
        ),
        (
            base.Say(thread=PERSON, template={"name": "order_update", "language": "pt_BR", "components": []}),
            {
                **TO,
                "messaging_type": "UTILITY",
                "message": {
                    "template": {"name": "order_update", "language": {"code": "pt_BR"}, "components": []},
                },
            },
        ),
    ],
)
def test_each_kind_of_say_is_one_exact_call(server: Server, say: base.Say, sent: Mapping[str, Any]) -> None:
    made = NETWORK.send(CREDENTIALS, say)
    [call] = server.state.requests
    assert (call["method"], call["host"], call["path"]) == ("POST", "graph.facebook.com", MESSAGES)
    assert call["json"] == sent
    assert made.id == call["answer"]["message_id"]


def test_files_go_by_their_bytes_and_then_by_their_ids(server: Server) -> None:
    files = tuple(
        base.Loaded(kind="image", url="", mime="image/png", name=f"{name}.png", content=name.encode()) for name in "ab"
    )
    NETWORK.send(CREDENTIALS, base.Say(thread=PERSON, attachments=files))
    *uploads, message = server.state.requests
    assert [(call["path"], call["json"]["filedata"]["name"]) for call in uploads] == [
        (MESSAGES.replace("messages", "message_attachments"), "a.png"),
        (MESSAGES.replace("messages", "message_attachments"), "b.png"),
    ]
    ids = [call["answer"]["attachment_id"] for call in uploads]
    sent = [{"type": "image", "payload": {"attachment_id": id}} for id in ids]
    assert message["json"]["message"] == {"attachments": sent}


def test_calls_prove_that_they_know_the_app_secret(server: Server) -> None:
    NETWORK.send(CREDENTIALS, SAY)
    proof = hmac.new(b"app-secret", b"EAAGtoken", hashlib.sha256).hexdigest()
    [call] = server.state.requests
    assert (call["query"], call["headers"]["authorization"]) == ({"appsecret_proof": proof}, "Bearer EAAGtoken")


def test_text_and_files_are_said_in_parts() -> None:
    say = base.Say(thread=PERSON, text="Look", attachments=(*IMAGES * 6, VIDEO, *IMAGES), reply_to="m_1")
    parts = NETWORK.parts(say)
    assert [(part.text, len(part.attachments), part.reply_to) for part in parts] == [
        ("Look", 0, "m_1"), ("", 10, ""), ("", 2, ""), ("", 1, ""), ("", 2, ""),
    ]  # fmt: skip
    assert NETWORK.parts(SAY) == [SAY]


@pytest.mark.parametrize(
    ("act", "sent"),
    [
        (base.Act(verb="typing", thread=PERSON), {**TO, "sender_action": "typing_on"}),
        (base.Act(verb="read", thread=PERSON, id="m_1"), {**TO, "sender_action": "mark_seen"}),
        (
            base.Act(verb="react", thread=PERSON, id="m_1", emoji="🎉"),
            {**TO, "sender_action": "react", "payload": {"message_id": "m_1", "reaction": "🎉"}},
        ),
        (
            base.Act(verb="unreact", thread=PERSON, id="m_1"),
            {**TO, "sender_action": "unreact", "payload": {"message_id": "m_1"}},
        ),
    ],
)
def test_each_act_is_one_exact_call(server: Server, act: base.Act, sent: Mapping[str, Any]) -> None:
    NETWORK.act(CREDENTIALS, act)
    [call] = server.state.requests
    assert (call["path"], call["json"], call["status"]) == (MESSAGES, sent, 200)


@pytest.mark.parametrize("verb", ["hide", "unhide", "delete", "like"])
def test_what_messenger_cannot_do_is_rejected_without_a_call(server: Server, verb: base.Verb) -> None:
    with pytest.raises(base.Rejected):
        NETWORK.act(CREDENTIALS, base.Act(verb=verb, thread=PERSON, id="m_1"))
    with pytest.raises(base.Rejected):
        NETWORK.send(CREDENTIALS, base.Say(thread=PERSON, surface="comment", text="Hi"))
    assert server.state.requests == []


OUTCOMES: Mapping[str, tuple[type[base.Outcome], str]] = {
    "expired": (base.Expired, "190/463"),
    "throttled": (base.Throttled, "613"),
    "app_throttled": (base.Throttled, "4"),
    "window_closed": (base.WindowClosed, "10/2018278"),
    "instagram_window_closed": (base.WindowClosed, "10/2534022"),
    "gone": (base.Gone, "551/1545041"),
    "blocked": (base.Gone, "10/2018108"),
    "no_such_person": (base.Gone, "100/2018001"),
    "no_profile": (base.Gone, "100/2018218"),
    "unavailable_person": (base.Gone, "200/1545041"),  # F17
    "rejected": (base.Rejected, "100/2018008"),
    "no_permission": (base.Rejected, "200"),
    "restricted": (base.Throttled, "10/1893063"),
    "not_sent": (base.Unreachable, "1200"),
    "sent_anyway": (base.Unknown, "1/1357046"),
    "unavailable": (base.Unknown, "2"),
    "bad_gateway": (base.Unknown, "502"),
    "no_id": (base.Unknown, "no_id"),
}


def test_every_failure_of_the_double_has_its_outcome() -> None:
    assert set(OUTCOMES) == set(double.FAILURES)


@pytest.mark.parametrize("failure", OUTCOMES)
def test_each_failure_is_one_outcome(server: Server, failure: str) -> None:
    behave(server, failure)
    with pytest.raises(base.Outcome) as raised:
        NETWORK.send(CREDENTIALS, SAY)
    assert (type(raised.value), raised.value.code) == OUTCOMES[failure]
    assert raised.value.text


@pytest.mark.parametrize(("failure", "seconds"), [("throttled", 420), ("app_throttled", 300), ("gone", 0)])
def test_throttling_tells_how_long_to_wait(server: Server, failure: str, seconds: float) -> None:
    behave(server, failure)
    with pytest.raises(base.Outcome) as raised:
        NETWORK.send(CREDENTIALS, SAY)
    assert raised.value.after == seconds


def test_check_tells_which_page_the_token_speaks_for(server: Server) -> None:
    assert NETWORK.check(CREDENTIALS) == base.Connected(account=double.PAGE, name="Bella Pasta")
    behave(server, "expired")
    with pytest.raises(base.Expired):
        NETWORK.check(CREDENTIALS)


def test_subscribing_asks_for_every_field_the_page_has_for_us(server: Server) -> None:
    NETWORK.subscribe(CREDENTIALS, "https://palabre.example/hooks/messenger", "")
    NETWORK.unsubscribe(CREDENTIALS)
    on, off = server.state.requests
    assert (on["method"], off["method"], on["path"], on["path"]) == ("POST", "DELETE", off["path"], off["path"])
    assert on["path"] == f"/v25.0/{PAGE}/subscribed_apps"
    assert {"feed", "messages", "message_echoes", "standby"} <= set(on["query"]["subscribed_fields"].split(","))
    assert (on["status"], off["status"]) == (200, 200)


def test_a_profile_gives_name_and_picture(server: Server) -> None:
    assert NETWORK.profile is not None
    person = NETWORK.profile(CREDENTIALS, PERSON)
    assert person == base.Person(id=PERSON, name="Ana Silva", avatar="https://scontent.xx.fbcdn.net/p.jpg")
    behave(server, "no_profile")
    with pytest.raises(base.Gone):
        NETWORK.profile(CREDENTIALS, PERSON)


def test_use_of_messenger_and_of_the_app_is_told_in_percent(server: Server) -> None:
    assert NETWORK.quotas
    used = {quota.name: quota.used for quota in NETWORK.quotas(CREDENTIALS)}
    assert (used["messenger_calls_percent"], used["app_calls_percent"]) == (12, 3)
