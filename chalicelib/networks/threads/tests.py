"""The events that Threads' posts become, and which posts are signed by Threads."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Attachment, Message, Origin, Person, Secrets, Unhandled
from chalicelib.networks.double import wire
from chalicelib.networks.threads import NETWORK, double
from tests.networks.damage import lost

HERE = Path(__file__).parent
FIXTURES = {path.name.removesuffix(".in.json"): json.loads(path.read_bytes()) for path in HERE.glob("fixtures/*.json")}
OURS, ROOT, FIRST = "7800000000000001", "17900000000000100", "18000000000000001"
AT = 1790000000000
NEEDED = (
    *("target_id", "values.field", "values.value.id", "values.value.username", "values.value.root_post.id"),
    *("values.value.root_post.owner_id", "values.value.root_post.username"),
)


def reply(n: int, text: str = "Open on Sunday?", user: str = "ines.p", **fields: Any) -> Message:
    said = Message(
        thread=ROOT, id=f"1800000000000{n:04d}", at=AT - 20_000 + (n - 0) * 1000, surface="comment", text=text,
        person=Person(id=user, username=user), origin=Origin(id=ROOT),
        context={"permalink": f"https://www.threads.com/@{user}/post/D{n}"},
    )  # fmt: skip
    return replace(said, **fields)


def file(kind: base.AttachmentKind, **fields: Any) -> Attachment:
    return Attachment(kind=kind, **fields)


PICTURE = file("image", url="https://scontent.cdninstagram.com/x.jpg", title="A queue", expires=True)
MENTION = "18000000000000009"
EXPECTED: dict[str, list[base.Event]] = {
    "reply": [reply(1)],
    "reply_to_a_reply_in_a_list": [reply(2, "Me too", "rui", reply_to=FIRST)],
    "own_reply": [reply(3, "Yes, from ten", "cafe.sol", direction="out", person=None, reply_to=FIRST)],
    "reply_with_picture_and_gif": [
        reply(4, "", attachments=(PICTURE, file("image", url="https://media.example/x.gif")))
    ],
    "reply_with_video_without_address": [
        reply(5, "Look", attachments=(file("video", media="18000000000000005", expires=True),))
    ],
    "reply_with_album": [
        reply(6, "", attachments=(file("link", url="https://www.threads.com/@ines.p/post/D6"),))
    ],
    "reply_with_nothing_we_can_show": [reply(7, "", kind="unsupported")],
    "reply_without_time": [reply(8, at=1790000100000, exact=False)],
    "mention": [
        Message(
            thread=MENTION, id=MENTION, at=AT - 11_000, surface="mention", text="Best coffee @cafe.sol",
            person=Person(id="ines.p", username="ines.p"),
            origin=Origin(id=MENTION, url="https://www.threads.com/@ines.p/post/D9", kind="threads"),
            context={"permalink": "https://www.threads.com/@ines.p/post/D9", "quotes": True},
        )
    ],
    "own_post_deleted": [
        base.Delete(thread=ROOT, ids=(ROOT,), at=AT + 40_000, created=AT - 20_000, surface="comment")
    ],
    "own_post_published": [Unhandled(reason="own_post")],
    "batch_with_an_unreadable_and_an_unknown_item": [
        Unhandled(reason="malformed"), Unhandled(reason="unknown_type"), reply(10),
    ],
}  # fmt: skip


def test_every_fixture_has_its_events() -> None:
    assert FIXTURES.keys() == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_fixture_becomes_its_events(name: str) -> None:
    inbounds = list(NETWORK.parse(FIXTURES[name]))
    assert [inbound.event for inbound in inbounds] == EXPECTED[name]
    assert {inbound.account for inbound in inbounds} == {OURS}


def test_item_is_read_alike_in_a_list_and_by_itself() -> None:
    body = FIXTURES["reply"]
    assert list(NETWORK.parse({**body, "values": [body["values"]]})) == list(NETWORK.parse(body))


def test_what_is_damaged_but_not_needed_loses_nothing() -> None:
    assert lost(NETWORK, FIXTURES.values(), NEEDED) == []


def test_reply_is_the_owners_of_the_post_whomever_it_was_posted_for() -> None:
    [inbound] = NETWORK.parse({**FIXTURES["reply"], "target_id": "5"})
    assert inbound.account == OURS
    [inbound] = NETWORK.parse({**FIXTURES["mention"], "target_id": "5"})
    assert inbound.account == "5"


def test_signature_and_hand_shake_are_those_of_meta() -> None:
    raw, query = wire(double.EVENTS["comment"]()), {"hub.mode": "subscribe", "hub.challenge": "42"}
    headers = {name.lower(): value for name, value in double.sign(raw, "the app's own").items()}
    assert NETWORK.verify(raw, headers, Secrets(signing=("another", "the app's own")))
    assert not NETWORK.verify(raw, headers, Secrets(signing=("another",)))
    assert NETWORK.handshake({**query, "hub.verify_token": "word"}, Secrets(verify=("word",))) == "42"
    assert NETWORK.handshake({**query, "hub.verify_token": "guess"}, Secrets(verify=("word",))) is None
    assert NETWORK.about(raw) == "7900001"
