"""Each event of an agency's own server is read as README.md says, and only if that server signed it."""

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from chalicelib.networks import base, signature
from chalicelib.networks.base import (
    AccountEvent,
    Attachment,
    Delete,
    Edit,
    Hide,
    Message,
    Origin,
    Person,
    Profile,
    Reaction,
    Receipt,
    Secrets,
    Unhandled,
)
from chalicelib.networks.custom import NETWORK, double
from tests.networks.damage import lost

FOLDER = Path(__file__).parent
FIXTURES = {path.name.removesuffix(".in.json"): path for path in (FOLDER / "fixtures").glob("*.in.json")}
README = (FOLDER / "README.md").read_text()
AT, LATER = 1772439330250, 1772442000000
INES = Person(
    id="u7", name="Inês", username="ines", phone="+351900000000", avatar="https://f.example/i.png",
    aliases=("old7", "8"),
)  # fmt: skip
UNSUPPORTED = Attachment(kind="unsupported")
MALFORMED = Unhandled(reason="malformed")
EXPECTED: dict[str, list[base.Event]] = {
    "dm_with_files": [
        Message(
            thread="u7", id="m100", at=AT, text="Is it open?", person=INES, reply_to="m99",
            attachments=(
                Attachment(
                    kind="image", url="https://f.example/1.jpg", mime="image/jpeg", name="1.jpg", size=12,
                    title="Door", expires=True,
                ),
                UNSUPPORTED, UNSUPPORTED,
            ),
        )
    ],
    "comment_hidden_from_the_start": [
        Message(
            thread="c1", id="2", at=AT, surface="comment", text="Broken", person=Person(id="8"), reply_to="c1",
            origin=Origin(id="p1", url="https://f.example/p1", kind="post", title="Lamps"), hidden=True,
        )
    ],
    "review_of_the_past": [
        Message(
            thread="r1", id="r1", at=1772439330000, surface="review", kind="review", person=Person(id="u9"),
            history=True, context={"rating": "4", "url": "https://f.example/r1"},
        )
    ],
    "own_message": [
        Message(thread="u7", id="m101", at=AT, direction="out", text="Yes", person=INES, correlation="msg_1")
    ],
    "own_message_to_nobody": [
        Message(thread="p2", id="p2", at=AT, surface="mention", direction="out", text="New lamps")
    ],
    "message_without_words_or_time": [
        Message(thread="u7", id="m102", at=0, exact=False, person=Person(id="u7"), kind="unsupported")
    ],
    "edited": [
        Edit(thread="u7", id="m100", at=LATER, created=AT, text="Are you open?"),
        Edit(thread="u7", id="m100", at=0, text="", attachments=()),
    ],
    "deleted": [Delete(thread="c1", ids=("c2",), at=LATER, surface="comment")],
    "hidden_and_shown": [
        Hide(thread="c1", id="c2", at=LATER, hidden=True),
        Hide(thread="r1", id="r1", at=0, hidden=False, surface="review"),
    ],
    "reactions": [
        Reaction(thread="u7", id="m101", at=LATER, by=Person(id="u7"), emoji="❤"),
        Reaction(thread="u7", id="m101", at=0, by=Person(id="u7")),
    ],
    "receipts": [
        Receipt(thread="u7", id="m101", at=LATER, status="read", and_older=True),
        Receipt(
            thread="u7", id="m101", at=0, status="failed", code="full", error="The box is full.", correlation="msg_1"
        ),
        MALFORMED,
    ],
    "person": [
        Profile(person=Person(id="u7", name="Inês"), at=LATER, reachable=False), Profile(person=Person(id="u7"), at=0),
    ],
    "account": [
        AccountEvent(name="database", at=LATER, health="alert", detail="Late."), AccountEvent(name="account", at=0),
        MALFORMED,
    ],
    "what_cannot_be_read": [Unhandled(reason="unknown_type"), *[MALFORMED] * 6],
}  # fmt: skip
NEEDED = {
    *("events.type", "events.thread", "events.id", "events.surface", "events.direction", "events.person.id"),
    "events.status",
}


@pytest.mark.parametrize("name", FIXTURES)
def test_fixture_gives_its_events(name: str) -> None:
    inbounds = list(NETWORK.parse(json.loads(FIXTURES[name].read_bytes())))
    assert [inbound.event for inbound in inbounds] == EXPECTED[name]
    assert {inbound.account for inbound in inbounds} == {""}


def test_message_is_kept_whatever_else_of_it_cannot_be_read() -> None:
    assert lost(NETWORK, [json.loads(path.read_bytes()) for path in FIXTURES.values()], NEEDED) == []


def examples(language: str) -> list[Any]:
    return [json.loads(block) for block in re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)]


def test_every_example_of_the_readme_is_read_and_every_type_has_one() -> None:
    events = [inbound.event for body in examples("json") for inbound in NETWORK.parse(body)]
    assert [event for event in events if isinstance(event, Unhandled)] == []
    assert {event["type"] for body in examples("json") for event in body["events"]} == set(double.EVENTS) & {
        "edit", "delete", "hide", "reaction", "receipt", "profile", "account",
    } | {"message"}  # fmt: skip
    surfaces = {event.surface for event in events if isinstance(event, Message)}
    assert surfaces == set(NETWORK.capabilities.surfaces)


RAW = b'{"events": []}'
HEADERS = {"webhook-id": "msg_1", "webhook-timestamp": "1772439330"}
NOW = 1772439330


def signed(secret: str, **changed: str) -> dict[str, str]:
    headers = {**HEADERS, **{f"webhook-{name}": value for name, value in changed.items()}}
    proof = signature.standard(secret, headers["webhook-id"], headers["webhook-timestamp"], RAW)
    return {**headers, "webhook-signature": proof}


def test_signature_is_that_of_the_library() -> None:
    now = str(int(time.time()))
    for secret in ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "a secret of another form"):
        key = secret if secret.startswith("whsec_") else secret.encode()
        headers = signed(secret, timestamp=now)
        assert Webhook(key).verify(RAW, headers) == {"events": []}
        assert NETWORK.verify(RAW, headers, Secrets(signing=("older", secret)))


@pytest.mark.parametrize("seconds", [-301, -300, 0, 300, 301])
def test_signature_holds_for_five_minutes(seconds: int) -> None:
    assert signature.is_standard(RAW, signed("s"), ["s"], NOW + seconds) == (abs(seconds) <= 300)


@pytest.mark.parametrize(
    "headers",
    [
        {**signed("s"), "webhook-timestamp": "1772439331"},
        {**signed("s"), "webhook-id": "msg_2"},
        {**signed("s"), "webhook-id": ""},
        signed("s", timestamp="١٧٧٢٤٣٩٣٣٠"),
        signed("s", timestamp="1772439330.0"),
        signed("s", timestamp="-1"),
        {**signed("s"), "webhook-signature": signed("s")["webhook-signature"].removeprefix("v1,")},
        {**signed("s"), "webhook-signature": "v1," + "é" * 44},
        {**signed("s"), "webhook-signature": " ".join([*["v1,AAAA"] * 10, signed("s")["webhook-signature"]])},
    ],
    ids=[
        "another time", "another id", "no id", "other digits", "a fraction", "before 1970", "no version", "no base64",
        "beyond ten",
    ],
)  # fmt: skip
def test_what_is_not_signed_as_it_should_be_is_refused(headers: dict[str, str]) -> None:
    assert not signature.is_standard(RAW, headers, ["s"], NOW)


def test_one_of_several_signatures_is_enough() -> None:
    both = f"{signed('old')['webhook-signature']} {signed('s')['webhook-signature']}"
    assert signature.is_standard(RAW, {**HEADERS, "webhook-signature": both}, ["s"], NOW)
    assert not signature.is_standard(RAW + b" ", {**HEADERS, "webhook-signature": both}, ["s"], NOW)
    assert not signature.is_standard(RAW, signed(""), [""], NOW)
