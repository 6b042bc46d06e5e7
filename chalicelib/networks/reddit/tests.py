"""Each item of Reddit's inbox gives its event."""

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Message, Origin, Person, Unhandled
from chalicelib.networks.reddit import NETWORK
from tests.networks.damage import lost

FIXTURES = {path.name.removesuffix(".in.json"): path for path in (Path(__file__).parent / "fixtures").glob("*.in.json")}
AT = 1772439330000
INES = Person(id="Ines_P", name="Ines_P", username="Ines_P")
POST = Origin(id="t3_bread", url="https://www.reddit.com/r/breads/comments/bread/", kind="post", title="New rye bread")
MALFORMED = Unhandled(reason="malformed")


def public(id: str, text: str, **more: Any) -> Message:
    context = {"subject": "post reply", "subreddit": "breads"}
    fields = {"thread": id, "surface": "comment", "person": INES, "origin": POST, "reply_to": "t3_bread", **more}
    return Message(id=id, at=AT, text=text, context=context, **fields)


def private(id: str, text: str, **more: Any) -> Message:
    fields = {"thread": id, "person": INES, **more}
    return Message(id=id, at=AT, text=text, context={"subject": "Order 12"}, **fields)


EXPECTED: dict[str, list[base.Event]] = {
    "comment_below_our_post": [public("t1_c1", "Is it vegan?")],
    "reply_to_our_comment": [public("t1_c3", "And gluten?", thread="t1_c1", reply_to="t1_c2")],
    "reply_whose_thread_is_unknown": [public("t1_c3", "And gluten?", thread="t1_c2", reply_to="t1_c2")],
    "mention": [public("t1_c9", "u/bakery knows", surface="mention", reply_to="t1_c8", person=None)],
    "comment_without_a_post": [public("t1_c4", "Hm", origin=None)],
    "private_message": [private("t4_m1", "Where is it?")],
    "private_message_in_a_thread": [private("t4_m3", "Thanks", thread="t4_m1", reply_to="t4_m2")],
    "our_own_private_message": [
        private("t4_m2", "On its way", thread="t4_m1", reply_to="t4_m1", direction="out", person=None)
    ],
    "message_of_the_past": [private("t4_m0", "Hi", history=True)],
    "message_without_words": [private("t4_m4", "", kind="unsupported")],
    "what_cannot_be_read": [Unhandled(reason="unknown_type"), *[MALFORMED] * 4],
}
NEEDED = {
    *("account", "items.kind", "items.top", "items.data.name", "items.data.type", "items.data.parent_id"),
    *("items.data.first_message_name", "items.data.author"),
}


@pytest.mark.parametrize("name", FIXTURES)
def test_fixture_gives_its_events(name: str) -> None:
    found = list(NETWORK.parse(json.loads(FIXTURES[name].read_bytes())))
    assert [inbound.event for inbound in found] == EXPECTED[name]
    assert {inbound.account for inbound in found} == {"bakery"}


def test_message_is_kept_whatever_else_of_it_cannot_be_read() -> None:
    assert lost(NETWORK, [json.loads(path.read_bytes()) for path in FIXTURES.values()], NEEDED) == []
