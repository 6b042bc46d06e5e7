"""A played event is read, a sent message goes nowhere, and a condition has its effect while it lasts."""

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Credentials, Say
from chalicelib.networks.playground import NETWORK, inbound

US = Credentials(account="play1", token="any")
FIXTURES = Path(__file__).parent / "fixtures"
SAY = Say(thread="sam", to="sam", text="We are", correlation="msg_1")


def read(name: str) -> list[base.Event]:
    return [inbound.event for inbound in NETWORK.parse(json.loads((FIXTURES / f"{name}.in.json").read_text()))]


def test_all_that_is_played_is_read() -> None:
    events = read("all_that_is_played")
    kinds: list[Any] = [base.Message] * 4 + [base.Edit, base.Hide, base.Reaction, base.Receipt, base.Delete]
    assert [type(event) for event in events] == kinds
    message, comment, _, review = (event for event in events if isinstance(event, base.Message))
    assert [file.kind for file in message.attachments] == ["image", "unsupported"]
    assert (message.reply_to, message.person) == (
        "message-0",
        base.Person(id="sam", name="Sam Sandbox", username="sam"),
    )
    assert comment.origin == base.Origin(id="post-1", url="https://example.com/p/1", title="Our new shoes")
    assert (review.kind, review.context) == ("review", {"rating": "4"})


def test_what_cannot_be_read_does_not_stop_the_rest() -> None:
    events = read("unreadable_and_unknown")
    assert events[:3] == [base.Unhandled(reason=reason) for reason in ("malformed", "unknown_type", "malformed")]
    assert isinstance(events[3], base.Message)


@pytest.mark.parametrize("type", inbound.EVENTS)
def test_what_is_not_said_of_an_event_is_made_up(type: str) -> None:
    more: dict[str, dict[str, Any]] = {"edit": {"text": "Hi"}, "receipt": {"status": "read"}, "hide": {"hidden": True}}
    needed = more.get(type, {})
    assert NETWORK.play
    body = NETWORK.play("play1", {"type": type, **needed})
    [first] = NETWORK.parse(body)
    assert first.account == "play1"
    assert not isinstance(first.event, base.Unhandled)
    assert getattr(first.event, "at", 0) > 0
    [again] = NETWORK.parse(NETWORK.play("play1", {"type": type, **needed}))
    assert again.event != first.event


def test_what_is_said_is_delivered_and_read_here() -> None:
    sent = NETWORK.send(US, SAY)
    events = [inbound.event for inbound in NETWORK.parse(sent.posted_body)]
    assert [(event.status, event.id, event.thread) for event in events if isinstance(event, base.Receipt)] == [
        ("delivered", sent.id, "sam"), ("read", sent.id, "sam"),
    ]  # fmt: skip
    assert NETWORK.send(US, replace(SAY, surface="comment")).posted_body == {}


@pytest.mark.parametrize(
    ("condition", "outcome"),
    [("token_expired", base.Expired), ("throttled", base.Throttled), ("down", base.Unreachable)],
)
def test_condition_is_met_while_it_lasts(condition: str, outcome: type[base.Outcome]) -> None:
    now = int(time.time() * 1000)
    during = replace(US, details={"condition": condition, "until": str(now + 60_000)})
    with pytest.raises(outcome) as raised:
        NETWORK.send(during, SAY)
    assert raised.value.after == (10 if outcome is base.Throttled else 0)
    with pytest.raises(outcome):
        NETWORK.act(during, base.Act(verb="typing", thread="sam"))
    assert NETWORK.send(replace(US, details={"condition": condition, "until": str(now - 1)}), SAY).id


def test_nobody_posts_from_outside() -> None:
    assert not NETWORK.verify(b"{}", {"x-example-signature": "0"}, base.Secrets(signing=("secret",)))


def test_each_token_is_an_account() -> None:
    accounts = [NETWORK.check(Credentials(account="", token=token)).account for token in ("one", "two", "one")]
    assert accounts[0] == accounts[2] != accounts[1]
