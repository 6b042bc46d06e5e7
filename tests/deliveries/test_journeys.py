"""What happens in the product reaches a receiver, signed, in order; what the receiver answers has consequences."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from standardwebhooks import Webhook

from chalicelib import clock
from chalicelib.deliveries import turns
from tests.support.background import time_passes
from tests.support.feed import end, news
from tests.support.people import Fan
from tests.support.stack import Stack, ask, eventually, number


@dataclass
class Receiver:
    """A receiver at the networks' double, and its endpoint."""

    stack: Stack
    name: str
    endpoint: Mapping[str, Any]

    @property
    def path(self) -> str:
        return f"/webhook-endpoints/{self.endpoint['id']}"

    def got(self) -> list[Any]:
        return self.stack.requests("receivers", f'"/{self.name}"')

    def answers(self, status: int, times: int = 1, **match: Any) -> None:
        self.stack.behave("receivers", "answer", status=status, times=times, path=self.name, **match)

    def now(self) -> Any:
        return self.stack.ours.owner.get(self.path)


@pytest.fixture
def receiver(stack: Stack) -> Iterator[Receiver]:
    name = f"r{number()}"
    wanted = {"url": f"{stack.double}/receivers/here/{name}", "classes": ["messages", "comments"], "detail": "full"}
    receiver = Receiver(stack, name, stack.ours.owner.post("/webhook-endpoints", wanted))
    yield receiver
    # What is told meanwhile changes it: then it is asked for again.
    eventually(lambda: stack.ours.owner.call("DELETE", receiver.path).status in (200, 204, 404))


def mails(stack: Stack) -> str:
    """All mails that were sent."""
    return ask("GET", f"{stack.platform.endpoint}/_ministack/ses/messages").raw.decode()


def test_message_that_comes_is_delivered_signed(stack: Stack, receiver: Receiver, fan: Fan) -> None:
    message = fan.channel.message(fan.says("Is anybody there?"))
    call = eventually(lambda: next(call for call in receiver.got() if call["json"]["data"]["target"] == message["id"]))
    assert call["json"]["type"] == "message.received"
    assert call["json"]["data"]["data"]["message"]["preview"] == "Is anybody there?"
    assert call["headers"]["webhook-id"] == call["json"]["data"]["id"]
    assert call["headers"]["palabre-caused-by"] == receiver.endpoint["id"]
    assert Webhook(receiver.endpoint["secret"])
    assert call["headers"]["webhook-signature"].startswith("v1,")
    [row, *_] = eventually(lambda: stack.ours.owner.get(f"{receiver.path}/deliveries")["items"])
    assert (row["delivered"], row["status"], row["attempt"]) == (True, 200, 1)


def test_event_that_was_not_taken_comes_again_by_itself(stack: Stack, receiver: Receiver, fan: Fan) -> None:
    receiver.answers(500, containing="message.received")
    fan.says("One")
    fan.channel.conversation()
    types = eventually(
        lambda: (types := [call["json"]["type"] for call in receiver.got()]).count("message.received") > 1 and types
    )
    assert "conversation.created" in types
    eventually(lambda: time_passes(10 * clock.MINUTE) and receiver.now()["state"] == "listening")


def test_receiver_that_wants_nothing_more_is_disabled_and_the_owners_are_told(
    stack: Stack, receiver: Receiver, fan: Fan
) -> None:
    receiver.answers(410, times=50)
    start = end(stack.ours.owner)
    fan.says("One")
    eventually(lambda: receiver.now()["disabled_reason"] == "gone")
    time_passes(clock.MINUTE)
    eventually(lambda: f"{receiver.endpoint['id']} of" in mails(stack))
    events = eventually(
        lambda: [
            event
            for event in news(stack.ours.owner, start, type="webhook.disabled")
            if event["target"] == receiver.endpoint["id"]
        ]
    )
    assert events[0]["performed_by"]["kind"] == "system"
    again = stack.ours.owner.post(f"{receiver.path}/enable", {"replay": True})
    assert again["state"] == "listening"


def test_every_step_of_an_endpoints_life_is_told(stack: Stack) -> None:
    owner, url = stack.ours.owner, f"{stack.double}/receivers/here/r{number()}"
    start = owner.get("/events", after="now")["cursor"]
    id = owner.post("/webhook-endpoints", {"url": url, "classes": ["audit"], "events": ["role"]})["id"]
    path = f"/webhook-endpoints/{id}"
    owner.patch(path, {"detail": "full"})
    for step in ("rotate-secret", "disable", "enable"):
        owner.post(f"{path}/{step}")
    owner.delete(path)

    def types() -> list[str]:
        items = owner.get("/events", after=start, type="webhook", limit=1000)["items"]
        return [event["type"] for event in items if event["target"] == id]

    steps = ["created", "changed", "secret_rotated", "disabled", "enabled", "removed"]
    assert eventually(lambda: len(types()) == len(steps) and types()) == [f"webhook.{step}" for step in steps]


def test_what_a_receiver_causes_it_is_not_told(stack: Stack, receiver: Receiver, fan: Fan) -> None:
    fan.says("One")
    conversation = fan.channel.conversation()["id"]
    body = {"priority": "high"}
    caused = {"Palabre-Caused-By": receiver.endpoint["id"]}
    stack.ours.owner.call("PATCH", f"/conversations/{conversation}", body, headers=caused)
    stack.ours.owner.call("PATCH", f"/conversations/{conversation}", {"priority": "low"})

    def changes() -> list[Any]:
        calls = [call["json"]["data"] for call in receiver.got()]
        return [data for data in calls if data["type"] == "conversation.changed" and data["performed_by"]]

    eventually(changes)
    assert [data["caused_by"] for data in changes()] == [None]


def test_long_replay_is_continued(stack: Stack) -> None:
    owner, name = stack.ours.owner, f"r{number()}"
    wanted = {"url": f"{stack.double}/receivers/here/{name}", "classes": ["audit"], "events": ["webhook.changed"]}
    made = owner.post("/webhook-endpoints", wanted)
    path, since = f"/webhook-endpoints/{made['id']}", made["created_at"]  # not what other tests changed just before
    for count in range(turns.MOST_EVENTS + 2):
        owner.patch(path, {"description": f"Changed {count} times"})

    def got() -> list[int]:
        calls = stack.requests("receivers", f'"/{name}"')
        return list(Counter(call["headers"]["webhook-id"] for call in calls).values())

    eventually(lambda: len(got()) == turns.MOST_EVENTS + 2)
    owner.post(f"{path}/replay", {"since": since, "until": clock.text(clock.now() + clock.MINUTE)})
    eventually(lambda: len(got()) == turns.MOST_EVENTS + 2 and min(got()) >= 2)  # more often if a function died
    owner.delete(path)


def test_stretch_and_single_events_are_delivered_again(stack: Stack, receiver: Receiver, fan: Fan) -> None:
    fan.says("One")
    first = eventually(receiver.got)[0]["headers"]["webhook-id"]
    eventually(lambda: stack.ours.owner.get(f"{receiver.path}/deliveries")["items"])
    stack.ours.owner.post(f"{receiver.path}/deliveries/{first}/redeliver")

    def times() -> int:
        return [call["headers"]["webhook-id"] for call in receiver.got()].count(first)

    eventually(lambda: times() == 2)
    now = clock.now()
    stretch = {"since": clock.text(now - clock.MINUTE), "until": clock.text(now + clock.MINUTE)}
    stack.ours.owner.post(f"{receiver.path}/replay", stretch)
    eventually(lambda: times() == 3)
