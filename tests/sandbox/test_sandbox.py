"""A brand that is a sandbox: what is played comes in like from any network, and what is sent ends there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib import clock
from tests.support.stack import Agency, Member, Stack, eventually, number

WINDOW = clock.DAY


@dataclass
class Sandbox:
    """A brand of ours that is a sandbox, with a channel."""

    stack: Stack
    brand: str
    channel: str

    @property
    def owner(self) -> Member:
        return self.stack.ours.owner

    def plays(self, type: str, **fields: Any) -> list[Any]:
        events: list[Any] = self.owner.post("/sandbox/events", {"channel": self.channel, "type": type, **fields})[
            "events"
        ]
        return events

    def conversations(self) -> list[Any]:
        return self.owner.every("/conversations", channel=self.channel)

    def messages(self) -> list[Any]:
        paths = [f"/conversations/{conversation['id']}/messages" for conversation in self.conversations()]
        return [said for path in paths for said in self.owner.every(path, order="oldest")]

    def message(self, network_id: str) -> Any:
        return eventually(lambda: next(message for message in self.messages() if message["network_id"] == network_id))

    def heard(self, **fields: Any) -> Any:
        """A message that somebody writes, once it is there."""
        return self.message(self.plays("message", **fields)[0]["id"])

    def replies(self, conversation: str, **body: Any) -> Any:
        return self.owner.post(f"/conversations/{conversation}/replies", {"text": "Hello", **body})

    def becomes(self, reply: Mapping[str, Any], status: str) -> Any:
        return eventually(
            lambda: shown if (shown := self.owner.get(f"/replies/{reply['id']}"))["status"] == status else None
        )


@pytest.fixture(scope="session")
def played(stack: Stack) -> Agency:
    made = stack.ours.owner.post("/brands", {"name": f"Sandbox {number()}", "sandbox": True})
    assert made["sandbox"]
    return Agency(stack.ours.id, made["id"], stack.ours.members)


@pytest.fixture
def sandbox(stack: Stack, played: Agency) -> Sandbox:
    made = stack.ours.owner.post("/sandbox/channels", {"brand": played.brand, "name": "Try it"})
    return Sandbox(stack, played.brand, made["id"])


def test_what_is_written_is_answered_delivered_and_read_and_leaves_nothing(sandbox: Sandbox) -> None:
    heard = sandbox.heard(text="Are you open?", person={"id": "ana", "name": "Ana"})
    assert (heard["text"], heard["author"]["name"]) == ("Are you open?", "Ana")
    before = len(sandbox.stack.requests("example", ""))
    reply = sandbox.becomes(sandbox.replies(heard["conversation"]), "read")
    assert len(reply["messages"]) == 1
    assert len(sandbox.stack.requests("example", "")) == before
    entries = sandbox.owner.every("/ingest/entries", channel=sandbox.channel)
    assert {entry["outcome"] for entry in entries if entry["outcome"] != "received"} == {"applied"}


@pytest.mark.parametrize("type", ["comment", "mention", "review"])
def test_what_is_said_in_public_is_answered(sandbox: Sandbox, type: str) -> None:
    [event] = sandbox.plays(type, text="How much?", post={"id": "p1", "title": "Shoes"})
    heard = sandbox.message(event["id"])
    assert heard["surface"] == type
    sandbox.becomes(sandbox.replies(heard["conversation"]), "sent")


def test_comment_on_an_advertisement_is_played(sandbox: Sandbox) -> None:
    ad = {"id": "a1", "title": "Autumn", "placement": "feed", "creative": "c1"}
    [event] = sandbox.plays("comment", text="So cheap?", post={"id": "p2", "ad": ad})
    shown = sandbox.owner.get(f"/conversations/{sandbox.message(event['id'])['conversation']}")
    assert (shown["paid"], shown["origin"]["ad"]) == (True, ad)


def test_messages_are_edited_reacted_to_and_deleted(sandbox: Sandbox) -> None:
    heard = sandbox.heard(text="Are you opne?")
    path = f"/messages/{heard['id']}"
    sandbox.plays("edit", message=heard["id"], text="Are you open?")
    eventually(lambda: sandbox.owner.get(path)["text"] == "Are you open?")
    sandbox.plays("reaction", message=heard["id"], emoji="❤")
    eventually(lambda: [reaction["emoji"] for reaction in sandbox.owner.get(path)["reactions"]] == ["❤"])
    sandbox.plays("deletion", message=heard["id"])
    eventually(lambda: sandbox.owner.get(path)["deleted_at"])


def test_receipt_of_a_failure_is_told(sandbox: Sandbox) -> None:
    reply = sandbox.becomes(sandbox.replies(sandbox.heard()["conversation"]), "read")
    assert reply["messages"]
    [comment] = sandbox.plays("comment")
    answer = sandbox.becomes(sandbox.replies(sandbox.message(comment["id"])["conversation"]), "sent")
    sandbox.plays("receipt", message=answer["messages"][0], status="failed", code="gone", error="They left.")
    assert sandbox.becomes(answer, "failed")["error"]["code"] == "gone"


def test_burst_comes_whole_and_what_comes_twice_is_there_once(sandbox: Sandbox) -> None:
    events = sandbox.plays("message", text="Hello?", times=12, repeat=2)
    assert len({event["id"] for event in events}) == 12
    eventually(lambda: len(sandbox.messages()) == 12)
    [conversation] = sandbox.conversations()
    entries = eventually(lambda: entries if len(entries := _applied(sandbox)) == 24 else None)
    assert len(sandbox.messages()) == 12
    assert conversation["unread"] in range(13)
    assert len({entry["id"] for entry in entries}) == 24


def _applied(sandbox: Sandbox) -> list[Any]:
    return sandbox.owner.every("/ingest/entries", channel=sandbox.channel, outcome="applied")


def test_what_comes_late_has_its_time_and_what_comes_too_early_waits(sandbox: Sandbox) -> None:
    thread, id = "kim", f"message-{number()}"
    sandbox.plays("edit", id=id, thread=thread, text="Edited before it came")
    sandbox.plays("message", id=id, person={"id": thread}, at=clock.text(clock.now() - WINDOW - clock.HOUR), text="Old")
    heard = sandbox.message(id)
    eventually(lambda: sandbox.owner.get(f"/messages/{heard['id']}")["text"] == "Edited before it came")
    answer = sandbox.owner.call("POST", f"/conversations/{heard['conversation']}/replies", {"text": "Hello"})
    assert answer.problem == (422, "window_closed")


def test_event_may_be_posted_later(sandbox: Sandbox) -> None:
    [event] = sandbox.plays("message", delay=2)
    assert sandbox.conversations() == []
    sandbox.message(event["id"])


def test_channel_without_a_valid_token_is_well_again_when_told(sandbox: Sandbox) -> None:
    conversation = sandbox.heard()["conversation"]
    sandbox.plays("condition", condition="token_expired")
    assert sandbox.becomes(sandbox.replies(conversation), "failed")["error"]["class"] == "channel_expired"
    answer = sandbox.owner.call("POST", f"/conversations/{conversation}/replies", {"text": "Hello"})
    assert answer.problem == (409, "channel_expired")
    sandbox.plays("condition", condition="none")
    sandbox.becomes(sandbox.replies(conversation), "read")


@pytest.mark.parametrize("condition", ["throttled", "down"])
def test_what_is_sent_waits_until_the_condition_ends(sandbox: Sandbox, condition: str) -> None:
    conversation = sandbox.heard()["conversation"]
    sandbox.plays("condition", condition=condition, seconds=1)
    reply = sandbox.replies(conversation)
    sandbox.becomes(reply, "read")


def test_sandbox_has_channels_of_the_sandbox_only_and_no_other_brand_has(stack: Stack, played: Agency) -> None:
    owner = stack.ours.owner
    for brand, network in ((played.brand, "example"), (stack.ours.brand, "playground")):
        body = {"brand": brand, "network": network, "credentials": {"token": f"token{number()}"}}
        assert owner.call("POST", "/channels", body).problem == (422, "sandbox_only")
    assert owner.call("POST", "/sandbox/channels", {"brand": stack.ours.brand}).problem == (422, "sandbox_only")
    assert owner.call("PATCH", f"/brands/{played.brand}", {"sandbox": False}).problem == (422, "invalid")


def test_nothing_is_played_on_a_real_channel_or_by_who_connects_none(stack: Stack, sandbox: Sandbox) -> None:
    real = stack.connect("example")
    body = {"channel": real.id, "type": "message"}
    assert stack.ours.owner.call("POST", "/sandbox/events", body).problem == (422, "sandbox_only")
    theirs = stack.theirs.owner.call("POST", "/sandbox/events", {**body, "channel": sandbox.channel})
    assert theirs.problem == (404, "not_found")
    for type, field in (("condition", "condition"), ("edit", "message")):
        answer = stack.ours.owner.call("POST", "/sandbox/events", {"channel": sandbox.channel, "type": type})
        assert (*answer.problem, answer.json["field"]) == (422, "not_together", field)
