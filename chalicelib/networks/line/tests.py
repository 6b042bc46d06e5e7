"""The events that LINE's posts become, and which posts are signed by LINE."""

import json
from pathlib import Path

import pytest

from chalicelib.networks import base
from chalicelib.networks.line import NETWORK
from chalicelib.networks.line.tests_expected import EXPECTED, G, P
from tests.networks.damage import lost

HERE = Path(__file__).parent
FIXTURES = {path.name.removesuffix(".in.json"): json.loads(path.read_bytes()) for path in HERE.glob("fixtures/*.json")}
NEEDED = (
    *("destination", "events.type", "events.source.type", "events.source.userId", "events.source.groupId"),
    *("events.source.roomId", "events.message.id", "events.webhookEventId", "events.postback"),
)


def test_every_fixture_has_its_events() -> None:
    assert FIXTURES.keys() == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_fixture_becomes_its_events(name: str) -> None:
    inbounds = list(NETWORK.parse(FIXTURES[name]))
    assert {inbound.account for inbound in inbounds} == {"Ub1c0de00000000000000000000000feed"}
    for inbound, wanted in zip(inbounds, EXPECTED[name], strict=True):
        if getattr(wanted, "id", "") == "event:OLD":
            assert str(getattr(inbound.event, "id", "")).startswith("event:")
        else:
            assert inbound.event == wanted


def test_redelivered_event_is_the_same() -> None:
    for name in ("text", "button_pressed", "button_pressed_as_of_old"):
        [first] = NETWORK.parse(FIXTURES[name])
        [event] = FIXTURES[name]["events"]
        again = {**event, "deliveryContext": {"isRedelivery": True}, "replyToken": "another"}
        assert [inbound.event for inbound in NETWORK.parse({**FIXTURES[name], "events": [again]})] == [first.event]


def test_what_is_damaged_but_not_needed_loses_nothing() -> None:
    named = [body for name, body in FIXTURES.items() if name != "button_pressed_as_of_old"]  # which is what it says
    assert lost(NETWORK, named, NEEDED) == []


def test_body_without_events_is_a_test_of_the_address() -> None:
    assert list(NETWORK.parse({"destination": "U1", "events": []})) == []


def test_group_is_the_thread_and_its_member_the_author() -> None:
    [inbound] = NETWORK.parse(FIXTURES["text_quoting_in_a_group"])
    assert isinstance(inbound.event, base.Message)
    assert inbound.event.person
    assert (inbound.event.thread, inbound.event.person.id) == (G, P)
