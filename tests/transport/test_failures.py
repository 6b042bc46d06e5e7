"""What a network refuses, delays or leaves unsaid: each way has its own end, and nothing is ever sent twice."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.people import Fan
from tests.support.stack import Stack, eventually

# network, what it does, the class the author sees; and how the channel is afterwards
FINAL = [
    *(
        (network, "rejected", "rejected", "ok")
        for network in ("facebook", "messenger", "instagram", "whatsapp", "telegram")
    ),
    *((network, "gone", "gone", "ok") for network in ("facebook", "messenger", "instagram", "whatsapp", "telegram")),
    *(
        (network, "window_closed", "window_closed", "ok")
        for network in ("messenger", "instagram", "whatsapp", "telegram")
    ),
    *(
        (network, "expired", "channel_expired", "expired")
        for network in ("facebook", "messenger", "instagram", "whatsapp", "telegram")
    ),
]


@pytest.mark.parametrize(("fan", "does", "kind", "health"), FINAL, indirect=["fan"])
def test_refusal_fails_the_reply_and_says_why(fan: Fan, does: str, kind: str, health: str) -> None:
    fan.starts()
    text = f"Sorry {fan.id}"
    fan.channel.fails(does, text)
    reply = fan.hears(text)
    shown = eventually(lambda: _having(fan, reply, "failed"))
    assert shown["error"]["class"] == kind
    assert shown["error"]["text"]
    assert len(_tried(fan, text)) == 1
    assert fan.channel.shown()["health"] == health


def test_expired_channel_takes_no_more_replies(fan: Fan) -> None:
    conversation = fan.starts()
    fan.channel.fails("expired", f"Sorry {fan.id}")
    reply = fan.hears(f"Sorry {fan.id}")
    eventually(lambda: _having(fan, reply, "failed"))
    answer = fan.channel.agency.owner.call("POST", f"/conversations/{conversation['id']}/replies", {"text": "Again"})
    assert answer.problem == (409, "channel_expired")


def test_throttled_reply_waits_as_told_and_others_do_not(stack: Stack) -> None:
    slow, quick = Fan(stack.connect("telegram")), Fan(stack.connect("telegram"))
    slow.starts()
    quick.starts()
    slow.channel.fails("throttled", f"Soon {slow.id}")  # for seven seconds
    first, second = slow.hears(f"Soon {slow.id}"), slow.hears("And more")
    eventually(lambda: len(_tried(slow, f"Soon {slow.id}")) == 1)
    other = quick.hears("At once")
    eventually(lambda: _having(quick, other, "sent"))
    assert [_reply(slow, reply)["status"] for reply in (first, second)] == ["queued", "queued"]
    eventually(lambda: _having(slow, second, "sent"))
    tries = [call["json"]["text"] for call in slow.channel.calls()[1:]]
    assert tries == [f"Soon {slow.id}", f"Soon {slow.id}", "And more"]
    refused, sent = _tried(slow, f"Soon {slow.id}")
    assert sent["at"] - refused["at"] >= 7


@pytest.mark.parametrize(("fan", "does"), [("whatsapp", "unavailable"), ("messenger", "not_sent")], indirect=["fan"])
def test_reply_that_did_not_get_there_is_tried_again(fan: Fan, does: str) -> None:
    fan.starts()
    text = f"Here {fan.id}"
    fan.channel.fails(does, text)
    reply = fan.hears(text)
    eventually(lambda: _having(fan, reply, "sent"))
    assert [call["status"] < 300 for call in _tried(fan, text)] == [False, True]


@pytest.mark.parametrize("fan", ["facebook", "messenger", "instagram", "whatsapp", "telegram"], indirect=True)
def test_reply_that_may_have_got_there_is_unknown_and_not_repeated(fan: Fan) -> None:
    fan.starts()
    text = f"Perhaps {fan.id}"
    fan.channel.fails("timeout", text)
    reply = fan.hears(text)
    shown = eventually(lambda: _having(fan, reply, "unknown"))
    assert shown["error"]["class"] == "unknown"
    after = fan.hears("The next one")
    eventually(lambda: _having(fan, after, "sent"))
    assert len(_tried(fan, text)) == 1


@pytest.mark.parametrize("fan", ["facebook", "messenger", "instagram", "whatsapp"], indirect=True)
def test_echo_settles_what_was_unknown(fan: Fan) -> None:
    fan.starts()
    text = f"Perhaps {fan.id}"
    fan.channel.fails("timeout", text)
    reply = fan.hears(text)
    eventually(lambda: _having(fan, reply, "unknown"))
    id = fan.echoes(text)
    shown = eventually(lambda: _having(fan, reply, "sent"))
    assert shown["error"] is None
    [message] = [message for message in fan.channel.messages() if message["direction"] == "out"]
    assert (message["id"], message["network_id"]) == (reply["messages"][0], id)
    assert len(_tried(fan, text)) == 1


def test_receipt_with_our_own_id_settles_what_was_unknown(stack: Stack) -> None:
    fan = Fan(stack.connect("whatsapp"))
    fan.starts()
    text = f"Perhaps {fan.id}"
    fan.channel.fails("timeout", text)
    reply = fan.hears(text)
    eventually(lambda: _having(fan, reply, "unknown"))
    fan.channel.tell("delivered", person=fan.id, id=f"wamid.{fan.id}", correlation=reply["messages"][0])
    eventually(lambda: _having(fan, reply, "delivered"))
    assert fan.channel.message(f"wamid.{fan.id}")["id"] == reply["messages"][0]


def _reply(fan: Fan, reply: Mapping[str, Any]) -> Any:
    return fan.channel.agency.owner.get(f"/replies/{reply['id']}")


def _having(fan: Fan, reply: Mapping[str, Any], status: str) -> Any:
    """The reply, once it has that status."""
    shown = _reply(fan, reply)
    return shown if shown["status"] == status else None


def _tried(fan: Fan, text: str) -> list[Any]:
    """The calls that carried that text."""
    return [call for call in fan.channel.calls() if text in str(call["json"])]
