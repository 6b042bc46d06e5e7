"""The events that Telegram's updates become."""

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Message, Unhandled
from chalicelib.networks.telegram import NETWORK, double
from chalicelib.networks.telegram.places import Place
from chalicelib.networks.telegram.tests_expected import ANA, EXPECTED, SAMPLED
from tests.payloads import samples

HERE = Path(__file__).parent
FIXTURES = {path.name.removesuffix(".in.json"): json.loads(path.read_bytes()) for path in HERE.glob("fixtures/*.json")}
SAMPLES = {path.name: json.loads(path.read_bytes()) for path in samples.FOLDER.glob("telegram/*.json")}
FILES = {"audio": "audio", "document": "file", "location": "location", "photo": "image", "video": "video"}


def event(payload: base.Json) -> base.Event:
    (inbound,) = NETWORK.parse(payload)
    return inbound.event


def test_every_fixture_has_its_expected_event() -> None:
    assert FIXTURES.keys() == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_fixture_becomes_its_event(name: str) -> None:
    assert event(FIXTURES[name]) == EXPECTED[name]


@samples.needed
def test_every_shared_sample_is_listed() -> None:
    assert SAMPLES.keys() == SAMPLED.keys()


@pytest.mark.parametrize("name", SAMPLES)
def test_shared_sample_gives_what_it_must(name: str) -> None:
    kind, fields = SAMPLED[name]
    parsed = event(SAMPLES[name])
    assert type(parsed) is kind
    assert {field: getattr(parsed, field) for field in fields} == fields


@pytest.mark.parametrize("name", [name for name in SAMPLES if name[9:-5] in FILES])
def test_shared_sample_has_one_attachment(name: str) -> None:
    message = event(SAMPLES[name])
    assert isinstance(message, Message)
    assert [attachment.kind for attachment in message.attachments] == [FILES[name[9:-5]]]


PUBLIC = (
    *("channel_post_created", "channel_post_by_another_channel"),
    *("group_message_by_anonymous_admin", "group_message_forwarded_from_channel"),
)


@pytest.mark.parametrize("name", PUBLIC)
def test_what_the_brand_says_in_public_is_outgoing(name: str) -> None:  # F7
    message = event(FIXTURES[name])
    assert isinstance(message, Message)
    assert (message.direction, message.person) == ("out", None)


@pytest.mark.parametrize("name", ["group_message_created", "group_message_by_a_channel", "topic_message_created"])
def test_what_people_say_in_public_is_incoming(name: str) -> None:  # F7
    message = event(FIXTURES[name])
    assert isinstance(message, Message)
    assert message.direction == "in"
    assert message.person


@pytest.mark.parametrize("date", [0, -1, 253402300799000000, "x", None, True, [], float("nan"), float("inf"), 10**400])
def test_unusable_date_is_marked_inexact(date: Any) -> None:
    message = event({"message": {**FIXTURES["message_created"]["message"], "date": date}})
    assert isinstance(message, Message)
    assert (message.at, message.exact) == (0, False)


@pytest.mark.parametrize("identity", [{"$ne": 1}, ["1"], True, None, "1:2", "", 1.5])
def test_id_of_another_kind_is_malformed(identity: Any) -> None:
    damaged = {"message": {**FIXTURES["message_created"]["message"], "message_id": identity}}
    assert event(damaged) == Unhandled(reason="malformed")


def test_ids_beyond_double_precision_are_kept() -> None:
    message = event({"message": {**FIXTURES["message_created"]["message"], "message_id": 2**53 + 1}})
    assert isinstance(message, Message)
    assert message.id == f"{ANA.id}:9007199254740993"


@pytest.mark.parametrize("name", sorted(double.EVENTS))
def test_double_posts_updates_that_are_read(name: str) -> None:
    fields: dict[str, dict[str, Any]] = {
        "edit": {"message_id": 5},
        "reaction": {"message_id": 5},
        "business_deleted": {"message_ids": [5]},
    }
    assert not isinstance(event(double.EVENTS[name](**fields.get(name, {}))), Unhandled)


@pytest.mark.parametrize("place", ["23", "-100:7", "23@bc:1@x", "-100:7@bc", "-100~7", "-100~7:9"])
def test_place_survives_a_round_trip(place: str) -> None:
    assert str(Place.read(place)) == place


@pytest.mark.parametrize(
    ("fields", "health", "detail"),
    [
        ({}, "ok", "John: can_reply"),
        ({"is_enabled": False}, "alert", "John: disabled"),
        ({"is_enabled": None}, "alert", "John: disabled"),
        ({"rights": {}}, "alert", "John: no rights"),
        ({"rights": None}, "alert", "John: no rights"),
        ({"rights": {"can_reply": False, "can_read_messages": True}}, "alert", "John: can_read_messages"),
        ({"user": None, "date": "x"}, "ok", ": can_reply"),
    ],
)
def test_connection_that_cannot_answer_is_an_alert(fields: Any, health: str, detail: str) -> None:  # F22
    connection = {"id": "bc1", "user": {"id": 42, "first_name": "John"}, "is_enabled": True}
    alert = event({"business_connection": {**connection, "rights": {"can_reply": True}, **fields}})
    assert isinstance(alert, base.AccountEvent)
    assert (alert.name, alert.health, alert.detail) == ("business_connection bc1", health, detail)


def test_connection_of_another_owner_is_another_trouble() -> None:  # F22
    names = {getattr(event({"business_connection": {"id": id, "user": {}}}), "name", "") for id in ("bc1", "bc2")}
    assert names == {"business_connection bc1", "business_connection bc2"}


@pytest.mark.parametrize("name", ["business_message_created", "business_message_edited", "business_messages_deleted"])
@pytest.mark.parametrize("connection", [None, "", 7, {}, "absent"])
def test_business_chat_is_never_taken_for_a_chat_of_the_bot(name: str, connection: Any) -> None:  # F6, F25
    body = json.loads(json.dumps(FIXTURES[name]))
    [message] = (value for field, value in body.items() if field != "update_id")
    message["business_connection_id"] = connection
    if connection == "absent":
        del message["business_connection_id"]
    assert event(body) == Unhandled(reason="malformed")


def test_two_people_who_write_to_a_channel_have_a_conversation_each() -> None:  # F6
    ana, bo = (event(double.EVENTS["channel_direct"](user=user)) for user in (23, 24))
    assert isinstance(ana, Message)
    assert isinstance(bo, Message)
    assert ana.thread != bo.thread
    assert [message.person and message.person.id for message in (ana, bo)] == ["23", "24"]


@pytest.mark.parametrize("topic", [{}, {"topic_id": None}, {"topic_id": "a"}, None, []])
def test_direct_message_of_nobody_knows_whom_is_malformed(topic: Any) -> None:  # F6
    assert event(double.EVENTS["channel_direct"](direct_messages_topic=topic or {})) == Unhandled(reason="malformed")


def test_direct_message_without_its_person_is_of_its_author() -> None:  # F6, F25
    message = event(double.EVENTS["channel_direct"](direct_messages_topic={"topic_id": 23}))
    assert isinstance(message, Message)
    assert (message.direction, message.person and message.person.id) == ("in", "23")


def test_only_the_secret_token_verifies() -> None:
    known = base.Secrets(signing=("", "old", "new"))
    header = "x-telegram-bot-api-secret-token"
    verified = [NETWORK.verify(b"{}", {header: token}, known) for token in ("new", "old", "", "ne", "néw", "\udc80")]
    assert verified == [True, True, False, False, False, False]
    assert not NETWORK.verify(b"{}", {}, known)
    assert not NETWORK.verify(b"{}", {header: ""}, base.Secrets())
