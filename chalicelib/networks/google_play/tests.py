"""The events that reviews of an app become."""

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Edit, Message, Person, Secrets, Unhandled
from chalicelib.networks.google_play import NETWORK
from tests.networks import damage

HERE = Path(__file__).parent
FIXTURES = {path.name.removesuffix(".in.json"): json.loads(path.read_bytes()) for path in HERE.glob("fixtures/*.json")}
EIGHT, DAY = 1790928000000, 86_400_000
CONTEXT = {"rating": "1", "language": "de", "device": "oriole", "version": "3.1", "android": "35"}
MALFORMED = Unhandled(reason="malformed")


def both(id: str, text: str = "Crashes on start", context: Any = CONTEXT, **more: Any) -> list[base.Event]:
    """The message, and the edit with the same content."""
    person, at = Person(id=id, name="Jonas"), EIGHT
    said: dict[str, Any] = {"surface": "review", "text": text, "context": context}
    return [
        Message(thread=id, id=id, at=at, kind="review", person=person, **said, **more),
        Edit(thread=id, id=id, at=at, **said),
    ]


EMPTY = Message(
    thread="gp:AOq4", id="gp:AOq4", at=0, exact=False, surface="review", kind="unsupported",
    person=Person(id="gp:AOq4", name="Jonas"),
)  # fmt: skip
REPLY = Message(
    thread="gp:AOq2", id=f"gp:AOq2/reply@{EIGHT + DAY}", at=EIGHT + DAY, surface="review", direction="out",
    text="Danke!", reply_to="gp:AOq2",
)  # fmt: skip
EXPECTED: dict[str, list[base.Event]] = {
    "review_created": both("gp:AOq1"),
    "review_with_title_answered": [*both("gp:AOq2", "Super\n\nFährt gut", {**CONTEXT, "rating": "5"}), REPLY],
    "review_of_the_past": both("gp:AOq3", context={"rating": "1", "language": "de"}, history=True),
    "unreadable_items": [MALFORMED, MALFORMED, MALFORMED, EMPTY, *both("gp:AOq5")],
}


@pytest.mark.parametrize("name", FIXTURES)
def test_fixture_gives_its_events(name: str) -> None:
    inbounds = list(NETWORK.parse(FIXTURES[name]))
    assert [inbound.event for inbound in inbounds] == EXPECTED[name]
    assert {inbound.account for inbound in inbounds} == {"org.example.bikes"}


def test_damage_to_what_is_optional_loses_nothing() -> None:
    needed = [f"{kind}.reviewId" for kind in ("said", "replied")]
    needed += ["account", "replied.comments.developerComment.lastModified.seconds"]  # tells one reply from another
    bodies = [body for name, body in FIXTURES.items() if not name.startswith("unreadable")]
    assert damage.lost(NETWORK, bodies, needed) == []


def test_nothing_is_ever_posted() -> None:
    assert not NETWORK.verify(b"{}", {"authorization": "Bearer x"}, Secrets(signing=("x",), verify=("x",)))
