"""An endpoint is told of its classes, brands and types, live and in a replay alike, and never of what it caused."""

import json
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.deliveries import again, replays, trial, turns
from chalicelib.deliveries.attempts import Receiver, Result
from chalicelib.deliveries.portions import Place
from chalicelib.deliveries.sending import Tools
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Conversation
from chalicelib.webhooks import endpoints
from tests.support.webhook_world import FINE, World

ALL = ["messages", "comments", "people", "audit", "billing"]
# What happens here; the product tells more, such as that the endpoint was made.
TOLD = {
    *("message.received", "message.sent", "message.edited", "contact.created", "team.changed", "counters.changed"),
    *("subscription.paused", "dispute.opened"),
}
PRIVATE, PUBLIC = "p" * 20, "q" * 20


@pytest.fixture
def talks(world: World) -> World:
    """A world with a private and a public conversation."""
    for id, surface in ((PRIVATE, "dm"), (PUBLIC, "comment")):
        conversation = Conversation(
            keys.within(world.agency, f"cnv_{id}"), keys.CONVERSATION, brand="brd_1", thread=id, channel="chn_1",
            network="example", surface=surface, created_at=0, updated_at=0,
        )  # fmt: skip
        table.put(conversation)
    return world


def told(world: World, path: str, **more: Any) -> set[str]:
    """What an endpoint with these wishes is told of what then happens: live, and the same again in a replay."""
    endpoint = world.endpoint(path, **more)
    standing = world.standing(endpoint)
    world.happens(conversation=PRIVATE, type="message.received")
    world.happens(conversation=PUBLIC, type="message.sent")
    world.happens(conversation=PUBLIC, type="message.edited", caused_by=endpoint.id)
    world.happens(target="ctc_1", type="contact.created")
    world.happens(target="tem_1", type="team.changed", brand="", entry="aud_1")
    world.happens(target=world.agency, type="subscription.paused", brand="")
    world.happens(target=world.agency, type="dispute.opened", brand="")
    world.happens(target="brd_1", type="counters.changed")
    bodies: list[str] = []

    def post(receiver: Receiver, id: str, body: bytes, now: int) -> Result:
        bodies.append(json.loads(body)["type"])
        return FINE

    world.waiting.clear()
    turns.turn(world.agency, endpoint.id, Tools(lambda: world.now, post, world.now + clock.MINUTE, world.send))
    live = TOLD.intersection(bodies)
    bodies.clear()
    stretch = {"since": world.now - 1, "until": world.now + 1, "last": standing.number + 1_000}
    place = Place(standing.number)
    tools = Tools(lambda: world.now, post, world.now + clock.MINUTE, world.send)
    replays.go_on(world.agency, endpoint.id, place, stretch, tools)
    assert TOLD.intersection(bodies) == live
    return live


@pytest.mark.parametrize(
    ("classes", "types"),
    [
        (["messages"], {"message.received"}),
        (["comments"], {"message.sent"}),
        (["people"], {"contact.created"}),
        (["audit"], {"team.changed"}),
        (["billing"], {"subscription.paused", "dispute.opened"}),
        (["messages", "people"], {"message.received", "contact.created"}),
        (
            ALL,
            TOLD - {"message.edited", "counters.changed"},
        ),
    ],
)
def test_classes_narrow_delivery_and_replay_alike(talks: World, classes: list[str], types: set[str]) -> None:
    assert told(talks, "", classes=classes) == types


def test_wishes_narrow_further(talks: World) -> None:
    assert told(talks, "1", classes=ALL, events=["message"]) == {"message.received", "message.sent"}
    assert told(talks, "2", classes=ALL, events=["message.sent", "team"]) == {"message.sent", "team.changed"}
    assert told(talks, "3", classes=ALL, surfaces=["comment"]) == {"message.sent"}
    assert told(talks, "4", classes=["messages"], networks=["example"]) == {"message.received"}


def test_class_that_was_taken_away_is_not_delivered_again_either(talks: World) -> None:
    endpoint = talks.endpoint(classes=ALL)
    talks.happens(target="tem_1", type="team.changed", brand="", entry="aud_1")
    place = Place(talks.standing(endpoint).number)
    again.deliver_once(talks.agency, endpoint.id, place, talks.tools())
    endpoints.change(talks.person("ana"), endpoint, {"classes": ["people"]}, talks.now)
    again.deliver_once(talks.agency, endpoint.id, place, talks.tools())
    assert len(talks.calls) == 1


def test_full_shows_what_the_event_is_about_and_thin_does_not(talks: World) -> None:
    shown = {}
    for detail in ("thin", "full"):
        endpoint = talks.endpoint(detail, detail=detail)
        talks.happens(conversation=PRIVATE)

        def post(receiver: Receiver, id: str, body: bytes, now: int, detail: str = detail) -> Result:
            shown[detail] = json.loads(body)
            return FINE

        tools = Tools(lambda: talks.now, post, talks.now + clock.MINUTE, talks.send)
        turns.turn(talks.agency, endpoint.id, tools)
    assert set(shown["thin"]) == set(shown["full"]) == {"type", "timestamp", "data"}
    assert "data" not in shown["thin"]["data"]
    assert shown["full"]["data"]["data"]["conversation"]["id"] == f"cnv_{PRIVATE}"


def test_trial_tells_what_came_back(world: World) -> None:
    endpoint = world.endpoint()
    answer = trial.deliver(endpoint, world.now, lambda *_: Result(418, "status", 7, "I am a teapot"))
    assert (answer["delivered"], answer["status"], answer["ms"], answer["answer"]) == (False, 418, 7, "I am a teapot")
    assert answer["event"].startswith("evt_")
