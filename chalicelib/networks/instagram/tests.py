"""The events that Instagram's webhook bodies become."""

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.instagram import NETWORK
from chalicelib.networks.instagram.tests_expected import ACCOUNT, EXPECTED, SAMPLED, SAMPLED_KINDS
from tests.networks import damage
from tests.payloads import samples

HERE = Path(__file__).parent
SAMPLES = samples.FOLDER / "instagram"


def fixture(name: str) -> Any:
    return json.loads((HERE / "fixtures" / f"{name}.in.json").read_text())


FIXTURES = sorted(path.name.removesuffix(".in.json") for path in (HERE / "fixtures").glob("*.in.json"))


@pytest.mark.parametrize("name", FIXTURES)
def test_each_recorded_body_gives_its_events(name: str) -> None:
    assert [inbound.event for inbound in NETWORK.parse(fixture(name))] == EXPECTED[name]


def test_every_account_of_a_body_is_told() -> None:
    inbounds = list(NETWORK.parse(fixture("batch_of_comments_and_messages")))
    assert [inbound.account for inbound in inbounds] == [ACCOUNT, ACCOUNT, ACCOUNT, "17841400000000002"]


def test_a_body_about_something_else_is_malformed() -> None:
    body = {**fixture("message_text"), "object": "page"}
    assert [inbound.event for inbound in NETWORK.parse(body)] == [base.Unhandled(reason="malformed")]


@samples.needed
def test_every_public_sample_is_expected() -> None:
    assert {path.stem for path in SAMPLES.glob("*.json")} == set(SAMPLED)


@samples.needed
@pytest.mark.parametrize("name", SAMPLED)
def test_each_public_sample_gives_what_it_should(name: str) -> None:
    [inbound] = NETWORK.parse(json.loads((SAMPLES / f"{name}.json").read_text()))
    kind, fields = SAMPLED[name]
    assert type(inbound.event) is kind
    assert {field: getattr(inbound.event, field) for field in fields} == fields
    attachments = inbound.event.attachments if isinstance(inbound.event, base.Message) else ()
    assert [file.kind for file in attachments] == SAMPLED_KINDS.get(name, [])


def test_ids_beyond_doubles_are_kept_exactly() -> None:
    body = fixture("message_text")
    body["entry"][0]["messaging"][0]["sender"]["id"] = 9007199254740993
    event = next(NETWORK.parse(body)).event
    assert isinstance(event, base.Message)
    assert event.thread == "9007199254740993"


NEEDED = (
    *("object", "entry.id", "entry.field", "entry.changes.field", "entry.messaging.message.is_echo"),
    *("entry.messaging.sender.id", "entry.messaging.recipient.id", "entry.messaging.message.mid"),
    *("entry.messaging.postback.mid", "entry.messaging.read.mid"),
    *("entry.changes.value.sender.id", "entry.changes.value.message.mid"),
    *(
        f"entry.{value}.{name}"
        for value in ("value", "changes.value")
        for name in ("id", "comment_id", "parent_id", "media_id", "from.id", "from.self_ig_scoped_id")
    ),
)


# F25
@pytest.mark.parametrize("name", FIXTURES)
def test_nothing_optional_loses_a_message(name: str) -> None:
    assert damage.lost(NETWORK, [fixture(name)], NEEDED) == []
