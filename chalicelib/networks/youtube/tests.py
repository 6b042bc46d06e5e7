"""The events that YouTube's feed and comments become."""

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Message, Person, PostEdited, Secrets, Unhandled
from chalicelib.networks.youtube import NETWORK, double, feed
from tests.networks import damage

HERE = Path(__file__).parent
FIXTURES = {path.name.removesuffix(".in.json"): json.loads(path.read_bytes()) for path in HERE.glob("fixtures/*.json")}
US, SECOND = "UCtrattoria", 1000
EIGHT = 1790928000000  # 2026-10-02T08:00:00Z
DAY = 86_400 * SECOND
VIDEO = base.Origin(id="dQvid00001", url="https://www.youtube.com/watch?v=dQvid00001", kind="video")
MAYA = Person(id="UCmaya", name="@maya", username="maya", avatar="https://yt3.ggpht.com/maya")
MALFORMED = Unhandled(reason="malformed")


def said(id: str, text: str, at: int = EIGHT, **more: Any) -> Message:
    fields: dict[str, Any] = {"thread": id, "person": MAYA, "origin": VIDEO, **more}
    return Message(id=id, at=at, surface="comment", text=text, **fields)


EXPECTED: dict[str, list[base.Event]] = {
    "thread_with_an_answer_of_ours": [
        said("Ugaaa1", "Is that *real* guanciale?"),
        said(
            "Ugaaa1.b1", "Of course!", EIGHT + 3600 * SECOND, thread="Ugaaa1", reply_to="Ugaaa1", direction="out",
            person=None,
        ),
    ],
    "comment_edited": [
        said("Ugaaa2", "Great, thanks"),
        base.Edit(
            thread="Ugaaa2", id="Ugaaa2", at=EIGHT + DAY, text="Great, thanks", created=EIGHT, surface="comment"
        ),
    ],
    "comment_of_the_past": [said("Ugaaa3", "Hello", EIGHT - 20 * DAY, history=True)],
    "comment_held_back_by_nobody_known": [
        said(
            "Ugaaa4", "", kind="unsupported", hidden=True, origin=None,
            person=Person(id="", name="@maya", username="maya", avatar=MAYA.avatar),
        )
    ],
    "videos_new_and_gone": [
        PostEdited(id="dQvid00002", at=EIGHT + 2 * DAY + 123), PostEdited(id="dQvid00001", at=EIGHT + 3 * DAY)
    ],
    "unreadable_items": [MALFORMED, MALFORMED, said("Ugaaa5", "Still here")],
}  # fmt: skip


@pytest.mark.parametrize("name", FIXTURES)
def test_fixture_gives_its_events(name: str) -> None:
    inbounds = list(NETWORK.parse(FIXTURES[name]))
    assert [inbound.event for inbound in inbounds] == EXPECTED[name]
    assert {inbound.account for inbound in inbounds} == {US}


def test_damage_to_what_is_optional_loses_nothing() -> None:
    snippets = ("said.snippet", "edited.snippet")
    needed = ["account", *(f"{kind}.id" for kind in ("said", "edited"))]
    needed += [f"{snippet}.{name}" for snippet in snippets for name in ("authorChannelId.value", "parentId")]
    bodies = [body for name, body in FIXTURES.items() if not name.startswith("unreadable")]
    assert damage.lost(NETWORK, bodies, needed) == []


def test_signature_names_how_it_was_made() -> None:
    raw, secrets = b"<feed/>", Secrets(signing=("new", "old"))
    given = double.sign(raw, "old")["X-Hub-Signature"]
    assert NETWORK.verify(raw, {"x-hub-signature": given}, secrets)
    for wrong in (given.removeprefix("sha1="), given.replace("sha1", "md5"), given.replace("sha1", "sha256"), "sha1="):
        assert not NETWORK.verify(raw, {"x-hub-signature": wrong}, secrets)


def challenged(**changed: str) -> str | None:
    query = {
        "hub.mode": "subscribe", "hub.topic": feed.TOPIC + US, "hub.challenge": "42", "hub.lease_seconds": "864000",
        "word": feed.word("secret"), **{name.replace("_", ".", 1): value for name, value in changed.items()},
    }  # fmt: skip
    return NETWORK.handshake(query, Secrets(signing=("secret",)))


def test_hub_is_answered_only_about_what_we_asked_for() -> None:
    assert challenged() == "42"
    assert challenged(hub_mode="unsubscribe") is None
    assert challenged(hub_topic="https://elsewhere.test/feed") is None
    with pytest.raises(base.Unreadable):
        challenged(hub_challenge="<script>")
    assert challenged(word=feed.word("another")) is None
    assert challenged(word="secret") is None


def test_feed_becomes_what_is_read_of_it() -> None:
    for name in ("video", "video_gone"):
        payload = double.EVENTS[name](account="UCus", at=EIGHT)
        assert feed.decode(double.wire(payload)) == payload
        assert NETWORK.about(double.wire(payload)) == ("UCus" if name == "video" else "")
    assert feed.decode(b' {"account":"1"}') == {"account": "1"}


DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY a "aaaa">]><feed>&a;</feed>'


@pytest.mark.parametrize(
    "raw",
    [DOCTYPE, DOCTYPE.replace(b'"aaaa"', b'SYSTEM "file:///etc/passwd"'), b"<feed", b"<html/>", b"<a>" * 100_000, b"{",
     b'<?xml version="1.0" encoding="x-none"?><feed/>', b"\x00<feed/>"],
    ids=["an entity", "a file", "cut off", "no feed", "deep", "no JSON", "an encoding", "a zero"],
)  # fmt: skip
def test_what_is_no_plain_feed_is_unreadable(raw: bytes) -> None:
    with pytest.raises(base.Unreadable):
        feed.decode(raw)


def test_feed_of_strange_entries_is_read_as_far_as_it_can_be() -> None:
    inside = "<entry/><title>t</title><entry><yt:videoId>1</yt:videoId></entry>"
    payload = feed.decode(f"<feed {double._NAMES}>{inside}</feed>".encode())
    assert [inbound.event for inbound in NETWORK.parse(payload)] == [MALFORMED]
