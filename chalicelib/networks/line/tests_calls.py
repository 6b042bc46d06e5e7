"""The exact calls to LINE for each message and act, and the meaning of its answers."""

from dataclasses import replace
from typing import Any

import pytest
import urllib3

from chalicelib.networks import base
from chalicelib.networks.base import Act, Interactive, Media, Option, Say
from chalicelib.networks.double import number
from chalicelib.networks.line import NETWORK, double
from local.double import Server

US = base.Credentials(account="U1", token="line-1-Rk3x==", secret="hush")
A = Media(kind="image", url="https://files.test/a.png")
SIZES = (Option(id="s", title="Small"), Option(id="l", title="Large"))
ACTIONS = [{"type": "postback", "label": size.title, "data": size.id, "displayText": size.title} for size in SIZES]
BUBBLE = {"type": "image", "originalContentUrl": A.url, "previewImageUrl": A.url}


def _calls(server: Server) -> list[tuple[str, str, Any]]:
    assert {call["status"] for call in server.state.requests} <= {200, 202}
    return [(call["method"], call["path"], call["json"]) for call in server.state.requests]


SAYS: dict[str, tuple[Say, list[dict[str, Any]]]] = {
    "words": (Say(thread="Uana", text="Hi"), [{"type": "text", "text": "Hi"}]),
    "words and pictures": (
        Say(thread="Uana", text="Look", attachments=(A, A)),
        [{"type": "text", "text": "Look"}, BUBBLE, BUBBLE],
    ),
    "quick replies": (
        Say(thread="Uana", text="Size?", interactive=Interactive(kind="quick_replies", options=SIZES)),
        [
            {
                "type": "text",
                "text": "Size?",
                "quickReply": {"items": [{"type": "action", "action": action} for action in ACTIONS]},
            }
        ],
    ),
    "buttons": (
        Say(thread="Uana", text="Size?", interactive=Interactive(kind="buttons", options=SIZES)),
        [
            {
                "type": "template",
                "altText": "Size?",
                "template": {"type": "buttons", "text": "Size?", "actions": ACTIONS},
            }
        ],
    ),
}


@pytest.mark.parametrize("name", SAYS)
def test_saying_is_one_push(name: str, server: Server) -> None:
    say, bubbles = SAYS[name]
    sent = NETWORK.send(US, say)
    assert len(sent.also) == len(bubbles) - 1
    assert _calls(server) == [("POST", "/v2/bot/message/push", {"to": "Uana", "messages": bubbles})]


def test_group_is_answered_in_the_group(server: Server) -> None:
    NETWORK.send(US, Say(thread="Cgroup", to="Uana", text="Hi"))
    assert server.state.requests[0]["json"]["to"] == "Cgroup"


def test_up_to_five_bubbles_go_together() -> None:
    parts = NETWORK.parts(Say(thread="U1", text="Look", attachments=(A,) * 10))
    assert [(part.text, len(part.attachments)) for part in parts] == [("Look", 4), ("", 5), ("", 1)]
    assert [part.text for part in NETWORK.parts(Say(thread="U1", text="Hi"))] == ["Hi"]
    assert len(NETWORK.parts(Say(thread="U1", attachments=(A,) * 5))) == 1


def test_what_is_said_again_with_its_key_is_said_once(server: Server) -> None:
    say = Say(thread="Uana", text="Hi", correlation=f"msg_{number()}")
    first, again = NETWORK.send(US, say), NETWORK.send(US, say)
    assert first == again
    assert [call["status"] for call in server.state.requests] == [200, 409]
    keys = {call["headers"]["x-line-retry-key"] for call in server.state.requests}
    assert len(keys) == 1


@pytest.mark.parametrize("failure", ["timeout", "unavailable"])
def test_cut_off_call_may_be_repeated_only_with_a_key(failure: str, server: Server) -> None:
    for correlation, outcome in (("msg_1", base.Unreachable), ("", base.Unknown)):
        server.state.behaviours[:] = [{"network": "line", "do": failure, "times": 1}]
        with pytest.raises(outcome):
            NETWORK.send(US, Say(thread="Uana", text="Hi", correlation=correlation))


OUTCOMES: dict[str, tuple[type[base.Outcome], str]] = {
    "expired": (base.Expired, "401"),
    "throttled": (base.Throttled, "429"),
    "spent": (base.Rejected, "monthly_limit"),
    "gone": (base.Gone, "400"),
    "nobody": (base.Gone, "400"),
    "not_found": (base.Gone, "404"),
    "rejected": (base.Rejected, "400"),
    "forbidden": (base.Rejected, "403"),
    "unavailable": (base.Unknown, "500"),
    "silent": (base.Unknown, "no_id"),
}


def test_every_failure_is_tried() -> None:
    assert OUTCOMES.keys() == double.FAILURES.keys()


@pytest.mark.parametrize("failure", OUTCOMES)
def test_failure_becomes_its_outcome(failure: str, server: Server) -> None:
    server.state.behaviours.append({"network": "line", "do": failure, "times": 1})
    kind, code = OUTCOMES[failure]
    with pytest.raises(kind) as raised:
        NETWORK.send(US, Say(thread="Uana", text="Hi"))
    assert (type(raised.value), raised.value.code) == (kind, code)
    assert raised.value.after == (9 if failure == "throttled" else 0)


def test_typing_is_shown_to_a_person_alone(server: Server) -> None:
    NETWORK.act(US, Act(verb="typing", thread="Uana", to="Uana"))
    NETWORK.act(US, Act(verb="typing", thread="Cgroup", to="Uana"))
    assert _calls(server) == [("POST", "/v2/bot/chat/loading/start", {"chatId": "Uana", "loadingSeconds": 20})]


def test_message_is_marked_as_read_with_its_token(server: Server) -> None:
    NETWORK.act(US, Act(verb="read", thread="Uana", id="1", context={"read_token": "t"}))
    NETWORK.act(US, Act(verb="read", thread="Uana", id="1"))
    assert _calls(server) == [("POST", "/v2/bot/chat/markAsRead", {"markAsReadToken": "t"})]


def test_nothing_can_be_taken_back() -> None:
    with pytest.raises(base.Rejected):
        NETWORK.act(US, Act(verb="delete", thread="Uana", id="1"))


def test_connecting_needs_the_channels_secret(server: Server) -> None:
    connected = NETWORK.check(US)
    assert connected == base.Connected(account=f"U{'1':0>32}", name="Our shop", details={"basic_id": "@our-shop"})
    with pytest.raises(base.Rejected):
        NETWORK.check(base.Credentials(account="", token="line-1-Rk3x=="))
    NETWORK.subscribe(US, "https://palabre.test/hooks/line/chn_1", "")
    assert _calls(server)[-1] == (
        "PUT", "/v2/bot/channel/webhook/endpoint", {"endpoint": "https://palabre.test/hooks/line/chn_1"}
    )  # fmt: skip


def test_address_that_is_not_ours_is_noticed(server: Server) -> None:
    assert NETWORK.unheard
    us = replace(US, token=f"line-{number()}-Own==")
    assert NETWORK.unheard(us, "https://palabre.test/hooks/line/chn_1") == ("events",)
    NETWORK.subscribe(us, "https://palabre.test/hooks/line/chn_1", "")
    assert NETWORK.unheard(us, "https://palabre.test/hooks/line/chn_1") == ()
    assert NETWORK.unheard(us, "https://palabre.test/hooks/line/chn_2") == ("events",)


def test_messages_of_the_month_are_counted(server: Server) -> None:
    assert NETWORK.quotas
    assert NETWORK.quotas(US) == [base.Quota(name="messages", used=12, most=1000)]


def test_file_is_fetched_once_it_is_prepared(server: Server) -> None:
    assert NETWORK.download
    download = NETWORK.download(US, base.Attachment(kind="video", media="46"))
    assert urllib3.request("GET", download.url, headers=dict(download.headers)).status == 200
    assert urllib3.request("GET", download.url).status == 401
    for media, outcome in (("1", base.Unreachable), ("2", base.Gone), ("../info", base.Gone)):
        with pytest.raises(outcome):
            NETWORK.download(US, base.Attachment(kind="video", media=media))


def test_person_is_known_while_they_follow(server: Server) -> None:
    assert NETWORK.profile
    assert NETWORK.profile(US, "Uana") == base.Person(id="Uana", name="Ana", avatar="https://profile.line-scdn.net/ana")
    with pytest.raises(base.Gone):
        NETWORK.profile(US, "Ugone")
