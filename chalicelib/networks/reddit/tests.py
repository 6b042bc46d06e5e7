"""The messages that the items of a Reddit inbox become."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Message, Origin, Person, Unhandled
from chalicelib.networks.reddit import NETWORK
from tests.networks.damage import lost

HERE = Path(__file__).parent
FIXTURES = {path.name.removesuffix(".in.json"): json.loads(path.read_bytes()) for path in HERE.glob("fixtures/*.json")}
US, AT = "t2_ours", 1790000000000
INES = Person(id="t2_ines", name="ines", username="ines")


def comment(n: int, text: str = "Do they run small?", **fields: Any) -> Message:
    link = f"https://www.reddit.com/r/shoes/comments/1abc/new_shoes/k{n}/"
    said = Message(
        thread=f"t1_k{n}", id=f"t1_k{n}", at=AT + 1000 * n, surface="comment", person=INES, text=text,
        origin=Origin(id="t3_1abc", url=link, title="New shoes"), context={"community": "shoes", "permalink": link},
    )  # fmt: skip
    return replace(said, **fields)


def message(n: int, text: str = "Are you there?", **fields: Any) -> Message:
    said = Message(
        thread=f"t4_m{n}", id=f"t4_m{n}", at=AT + 1000 * n, person=INES, text=text, context={"subject": "A question"}
    )
    return replace(said, **fields)


DELETED = Person(id="[deleted]", name="[deleted]", username="[deleted]")
EXPECTED: dict[str, list[base.Event]] = {
    "post_reply": [comment(1)],
    "comment_reply": [comment(2, "And in blue?", thread="t1_k1", reply_to="t1_ours")],
    "comment_reply_without_a_thread": [
        comment(
            3, reply_to="t1_ours", origin=Origin(id="t3_9zzz", title="New shoes"), context={"community": "shoes"}
        )
    ],
    "username_mention": [comment(4, "ask u/cafe", surface="mention")],
    "own_comment": [comment(5, direction="out", person=None, reply_to="t1_k1")],
    "comment_by_a_closed_account": [comment(6, "", person=DELETED, kind="unsupported")],
    "message": [message(7)],
    "message_answering": [message(8, "Hello?", thread="t4_m7", reply_to="t4_m7")],
    "message_of_reddit": [message(9, person=Person(id=""), context={"subject": "Welcome"})],
    "history": [message(10, history=True), comment(11, history=True)],
    "batch_with_an_unreadable_and_an_unknown_item": [
        Unhandled(reason="malformed"), Unhandled(reason="unknown_type"), message(12),
    ],
}  # fmt: skip


def test_every_fixture_has_its_events() -> None:
    assert FIXTURES.keys() == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_fixture_becomes_its_events(name: str) -> None:
    inbounds = list(NETWORK.parse(FIXTURES[name]))
    assert [inbound.event for inbound in inbounds] == EXPECTED[name]
    assert {inbound.account for inbound in inbounds} == {US}


NEEDED = (
    *("account", "items.kind", "items.thread", "items.data.name", "items.data.author_fullname", "items.data.author"),
    *("items.data.type", "items.data.subject", "items.data.first_message_name"),
)


def test_what_is_damaged_but_not_needed_loses_nothing() -> None:
    assert lost(NETWORK, FIXTURES.values(), NEEDED) == []
