"""The events that a Page's feed becomes."""

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Message, Reaction, Unhandled
from chalicelib.networks.double import wire
from chalicelib.networks.facebook import NETWORK, double
from chalicelib.networks.facebook.tests_expected import ANSWER, EXPECTED, PAGE, POST, SAMPLED, TOP
from tests.networks import damage
from tests.payloads import samples

HERE = Path(__file__).parent
FIXTURES = {path.name.removesuffix(".in.json"): json.loads(path.read_bytes()) for path in HERE.glob("fixtures/*.json")}
SAMPLES = {path.name: json.loads(path.read_bytes()) for path in samples.FOLDER.glob("facebook/*.json")}


def test_every_fixture_has_its_expected_events() -> None:
    assert FIXTURES.keys() == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_fixture_becomes_its_events(name: str) -> None:
    assert [inbound.event for inbound in NETWORK.parse(FIXTURES[name])] == EXPECTED[name]


def test_batch_keeps_each_page_apart() -> None:
    inbounds = list(NETWORK.parse(FIXTURES["batch_of_two_pages_with_unreadable_items"]))
    assert [inbound.account for inbound in inbounds] == [*[PAGE] * 4, "104100000000002", PAGE]


@samples.needed
def test_every_shared_sample_is_listed() -> None:
    assert SAMPLES.keys() == SAMPLED.keys()


@pytest.mark.parametrize("name", SAMPLES)
def test_shared_sample_gives_what_it_must(name: str) -> None:
    kind, fields = SAMPLED[name]
    (inbound,) = NETWORK.parse(SAMPLES[name])
    assert type(inbound.event) is kind
    assert {field: getattr(inbound.event, field) for field in fields} == fields
    assert inbound.account == SAMPLES[name]["entry"][0]["id"]


# F16
@pytest.mark.parametrize("parent", [f"6600_{POST[-15:]}", POST[-15:], POST, f"{PAGE}_6600_{POST[-15:]}"])
def test_people_under_a_photo_post_have_a_conversation_each_however_the_post_is_spelled(parent: str) -> None:
    comments = [f"{POST[-15:]}_1", f"{POST[-15:]}_2"]
    placed = {"post_id": POST, "parent_id": parent}
    bodies = [double.comment("How much?", comment_id=comment, **placed) for comment in comments]
    events = [inbound.event for body in bodies for inbound in NETWORK.parse(body)]
    assert [event.thread for event in events if isinstance(event, Message)] == comments
    assert [event.reply_to for event in events if isinstance(event, Message)] == ["", ""]


# F16
@pytest.mark.parametrize("place", ["6600_", POST[-15:] + "_", f"{PAGE}_6600_", ""])
def test_answer_is_in_the_thread_of_its_comment_however_that_is_spelled(place: str) -> None:
    spelled = {"post_id": POST, "comment_id": ANSWER, "parent_id": f"{place}900000000000001"}
    [said] = NETWORK.parse(double.comment("Me too", **spelled))
    [liked] = NETWORK.parse(double.reaction(**spelled))
    assert isinstance(said.event, Message) and (said.event.thread, said.event.reply_to) == (TOP, TOP)
    assert isinstance(liked.event, Reaction) and liked.event.thread == TOP


@pytest.mark.parametrize("identity", [{"$ne": 1}, ["1"], True, None, ""])
def test_comment_is_malformed_if_what_it_answers_cannot_be_read(identity: Any) -> None:
    payload = copy.deepcopy(FIXTURES["comment_answering_a_comment"])
    payload["entry"][0]["changes"][0]["value"]["parent_id"] = identity
    assert [inbound.event for inbound in NETWORK.parse(payload)] == [Unhandled(reason="malformed")]


@pytest.mark.parametrize("name", sorted(double.EVENTS))
def test_double_posts_bodies_that_are_read_and_verify(name: str) -> None:
    body = double.EVENTS[name]()
    (inbound,) = NETWORK.parse(body)
    expected = {"own_post": "own_post", "page_like": "page_like"}.get(name)
    assert (inbound.event.reason if isinstance(inbound.event, Unhandled) else None) == expected
    headers = {header.lower(): value for header, value in double.sign(wire(body), "secret").items()}
    assert NETWORK.verify(wire(body), headers, base.Secrets(signing=("old", "secret")))


NEEDED = (
    *("object", "entry.id", "entry.changes.field"),
    *(
        f"entry.changes.value.{name}"
        for name in ("item", "verb", "comment_id", "post_id", "parent_id", "open_graph_story_id")
    ),
    *("entry.changes.value.from.id", "entry.changes.value.sender_id", "entry.changes.value.reviewer_id"),
)


# F25
@pytest.mark.parametrize("name", FIXTURES)
def test_nothing_optional_loses_a_message(name: str) -> None:
    assert damage.lost(NETWORK, [FIXTURES[name]], NEEDED) == []


# F25
@pytest.mark.parametrize("fixture", ["comment_created", "comment_answering_a_comment"])
@pytest.mark.parametrize("post", [None, True, {"$ne": 1}, ["1"], ""])
def test_comment_is_kept_in_its_thread_if_its_post_cannot_be_read(fixture: str, post: Any) -> None:
    payload = copy.deepcopy(FIXTURES[fixture])
    payload["entry"][0]["changes"][0]["value"] |= {"post_id": post, "post": {}}
    [inbound] = NETWORK.parse(payload)
    [expected] = EXPECTED[fixture]
    assert isinstance(expected, Message) and inbound.event == replace(expected, origin=None)
