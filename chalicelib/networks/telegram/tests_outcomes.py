"""The outcomes of calls that Telegram refuses, and of those that we do not even make."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Act, Say
from chalicelib.networks.http import Response
from chalicelib.networks.telegram import NETWORK, double
from chalicelib.networks.telegram.calls import outcome_of
from chalicelib.networks.telegram.places import Place
from chalicelib.networks.telegram.tests_calls import CAT, CREDENTIALS, HELLO, SENT, TOKEN, A, calls, misbehave
from local.double import Server


def test_every_failure_is_tried() -> None:
    assert {*OUTCOMES, "migrated"} == set(double.FAILURES)


OUTCOMES: dict[str, tuple[type[base.Outcome], str]] = {
    "expired": (base.Expired, "401"),
    "not_found": (base.Expired, "404"),
    "throttled": (base.Throttled, "429"),
    "window_closed": (base.WindowClosed, "400"),
    "connection_gone": (base.Gone, "400"),
    "gone": (base.Gone, "403"),
    "deactivated": (base.Gone, "403"),
    "kicked": (base.Gone, "403"),
    "rejected": (base.Rejected, "400"),
    "closed": (base.Rejected, "400"),
    "unwritable": (base.Rejected, "403"),
    "chat_gone": (base.Gone, "400"),  # F12
    "topic_gone": (base.Gone, "400"),  # F12
    "group_gone": (base.Gone, "403"),
    "quoted_gone": (base.Gone, "400"),  # F12
    "already_deleted": (base.Gone, "400"),
    "too_late": (base.Gone, "400"),
    "unavailable": (base.Unknown, "502"),
    "unreadable": (base.Unknown, ""),
}


@pytest.mark.parametrize("say", [*(say for say, *_ in SENT.values())], ids=[*SENT])
def test_answer_to_a_deleted_message_is_sent(server: Server, say: Say) -> None:  # F11
    deleted = str(Place.read(say.thread or say.to)._replace(number=str(double.DELETED)))
    NETWORK.send(CREDENTIALS, replace(say, reply_to=deleted))
    [(_, fields)] = calls(server)
    assert fields["reply_parameters"] == {"message_id": double.DELETED, "allow_sending_without_reply": True}


def test_answer_goes_without_a_quote_that_is_refused(server: Server) -> None:  # F11
    misbehave(server, "quoted_gone")
    sent = NETWORK.send(CREDENTIALS, Say(thread="23", text="Yes", reply_to="23:501"))
    assert sent.id.startswith("23:")
    assert server.state.requests[-1]["json"] == {"chat_id": 23, "text": "Yes"}


NEW = "-1001305240999"


def test_answer_follows_a_group_to_its_new_id(server: Server) -> None:  # F9
    misbehave(server, "migrated")
    sent = NETWORK.send(CREDENTIALS, Say(thread="-225", text="Yes", reply_to="-225:21"))
    old, new = (call["json"] for call in server.state.requests)
    assert old["reply_parameters"]["message_id"] == 21
    assert new == {"chat_id": int(NEW), "text": "Yes"}
    assert sent.id.startswith(f"{NEW}:")
    assert sent.thread == NEW


@pytest.mark.parametrize("thread", ["-225", "-225:9", "-225~9"])
def test_thread_tells_its_new_id_only_if_it_has_one(server: Server, thread: str) -> None:  # F9
    assert NETWORK.send(CREDENTIALS, Say(thread=thread, text="Yes")).thread == ""
    misbehave(server, "migrated")
    assert NETWORK.send(CREDENTIALS, Say(thread=thread, text="Yes")).thread == thread.replace("-225", NEW)


def test_quote_from_the_new_group_is_kept(server: Server) -> None:  # F9
    misbehave(server, "migrated")
    NETWORK.send(CREDENTIALS, Say(thread="-225", text="Yes", reply_to=f"{NEW}:2"))
    old, new = (call["json"] for call in server.state.requests)
    assert "reply_parameters" not in old
    assert new["reply_parameters"]["message_id"] == 2


def test_typing_follows_a_group_to_its_new_id(server: Server) -> None:  # F9
    misbehave(server, "migrated")
    NETWORK.act(CREDENTIALS, Act(verb="typing", thread="-225"))
    assert server.state.requests[-1]["json"] == {"chat_id": int(NEW), "action": "typing"}


def test_message_of_a_group_that_moved_is_gone(server: Server) -> None:  # F9
    misbehave(server, "migrated")
    with pytest.raises(base.Gone):
        NETWORK.act(CREDENTIALS, Act(verb="delete", thread="-225", id="-225:21"))


@pytest.mark.parametrize("name", OUTCOMES)
def test_failure_raises_its_outcome(server: Server, name: str) -> None:
    misbehave(server, name)
    outcome, code = OUTCOMES[name]
    with pytest.raises(base.Outcome) as raised:
        NETWORK.send(CREDENTIALS, HELLO)
    assert (type(raised.value), raised.value.code) == (outcome, code)
    assert raised.value.after == (7 if name == "throttled" else 0)
    assert TOKEN not in raised.value.text


@pytest.mark.parametrize("after", ["7", "soon", None, -1, 0])
def test_pause_is_read_in_any_form(after: Any) -> None:  # F25
    body = {"description": "Too Many Requests", "parameters": {"retry_after": after}}
    assert outcome_of(Response(429, {}, body), reads=False).after in (7, 30, 1)


@pytest.mark.parametrize("token", ["", "nonsense", "1:a/../getMe", "1:a?b"])
def test_no_other_token_gets_into_an_address(server: Server, token: str) -> None:
    with pytest.raises(base.Expired):
        NETWORK.check(base.Credentials(account="1", token=token))
    assert calls(server) == []


def test_deleting_what_is_deleted_changes_nothing(server: Server) -> None:
    misbehave(server, "already_deleted")
    NETWORK.act(CREDENTIALS, Act(verb="delete", thread="23", id="23:5"))


@pytest.mark.parametrize(
    "act",
    [
        Act(verb="hide", thread="23", id="23:5"),
        Act(verb="delete", thread="23", id="nowhere"),
        Act(verb="react", thread="23@bc1", id="23:5@bc1", emoji="👍"),
        Act(verb="react", thread="23", id="23:5", emoji="🚲"),
    ],
)
def test_what_a_bot_cannot_do_is_rejected(server: Server, act: Act) -> None:
    with pytest.raises(base.Rejected):
        NETWORK.act(CREDENTIALS, act)


@pytest.mark.parametrize("text", ["", "x" * 4097])
def test_text_of_a_wrong_length_is_rejected(server: Server, text: str) -> None:
    with pytest.raises(base.Rejected):
        NETWORK.send(CREDENTIALS, Say(thread="23", text=text))


def test_album_of_other_files_is_rejected(server: Server) -> None:
    with pytest.raises(base.Rejected):
        NETWORK.send(CREDENTIALS, Say(thread="23", attachments=(CAT, A)))


def test_hook_that_telegram_cannot_reach_is_rejected(server: Server) -> None:
    for hook in ("http://palabre.example/hooks", "https://palabre.example:9000/hooks", "https://["):
        with pytest.raises(base.Rejected):
            NETWORK.subscribe(CREDENTIALS, hook, "secret")
