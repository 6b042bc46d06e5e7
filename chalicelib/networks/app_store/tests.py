"""The events that reviews of an app become."""

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.app_store import NETWORK
from chalicelib.networks.base import Edit, Message, Person, Secrets, Unhandled
from tests.networks import damage

HERE = Path(__file__).parent
FIXTURES = {path.name.removesuffix(".in.json"): json.loads(path.read_bytes()) for path in HERE.glob("fixtures/*.json")}
EIGHT, DAY = 1790928000000, 86_400_000
MALFORMED = Unhandled(reason="malformed")


def both(id: str, text: str = "Meh\n\nToo many clicks", **more: Any) -> list[base.Event]:
    """The message, and the edit with the same content."""
    context = {"rating": "2"} if more else {"rating": "2", "territory": "NZL"}
    said: dict[str, Any] = {"surface": "review", "text": text, "context": context}
    person = Person(id=id, name="kiwi_fan")
    return [
        Message(thread=id, id=id, at=EIGHT, kind="review", person=person, **said, **more),
        Edit(thread=id, id=id, at=EIGHT, **said),
    ]


RESPONSE = Message(
    thread="00a2", id=f"resp-00a2@{EIGHT + DAY}", at=EIGHT + DAY, surface="review", direction="out",
    text="Fewer now!", reply_to="00a2",
)  # fmt: skip
EXPECTED: dict[str, list[base.Event]] = {
    "review_created": both("00a1"),
    "review_answered": [*both("00a2"), RESPONSE],
    "review_of_the_past_without_a_title": both("00a3", "Too many clicks", history=True),
    "unreadable_items": [*[MALFORMED] * 4, *both("00a4")],
}


@pytest.mark.parametrize("name", FIXTURES)
def test_fixture_gives_its_events(name: str) -> None:
    inbounds = list(NETWORK.parse(FIXTURES[name]))
    assert [inbound.event for inbound in inbounds] == EXPECTED[name]
    assert {inbound.account for inbound in inbounds} == {"998877"}


def test_damage_to_what_is_optional_loses_nothing() -> None:
    needed = ["account", *(f"{kind}.id" for kind in ("said", "replied"))]
    needed += ["replied.response.id", "replied.response.attributes.lastModifiedDate"]  # tell one response from another
    bodies = [body for name, body in FIXTURES.items() if not name.startswith("unreadable")]
    assert damage.lost(NETWORK, bodies, needed) == []


def test_nothing_is_ever_posted() -> None:
    assert not NETWORK.verify(b"{}", {"x-apple-signature": "hmacsha256=x"}, Secrets(signing=("x",), verify=("x",)))
