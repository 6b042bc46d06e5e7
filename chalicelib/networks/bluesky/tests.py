"""The events of each body of Bluesky, and the places of links, names and tags in bytes."""

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Attachment, Delete, Message, Origin, Person, Profile, Reaction, Unhandled
from chalicelib.networks.bluesky import NETWORK, facets
from tests.networks.damage import lost
from tests.support.hostile import MOST_MS, SHAPES, cpu_ms

FIXTURES = {path.name.removesuffix(".in.json"): path for path in (Path(__file__).parent / "fixtures").glob("*.in.json")}
AT, LATER = 1772439330250, 1772442000000
US, INES = "did:plc:bakery000000000000000000", "did:plc:ines00000000000000000000"
AVATAR = "https://cdn.bsky.app/img/avatar/plain/i@jpeg"
PERSON = Person(id=INES, name="Inês", username="ines.example.org", avatar=AVATAR)
ROOT = f"at://{US}/app.bsky.feed.post/3lroot"
ORIGIN = Origin(id=ROOT, url=f"https://bsky.app/profile/{US}/post/3lroot")
MO = "did:plc:mo0000000000000000000000"


def said(key: str, text: str, owner: str = INES, **more: Any) -> Message:
    id = f"at://{owner}/app.bsky.feed.post/{key}"
    context = {"url": f"https://bsky.app/profile/{owner}/post/{key}", **more.pop("context", {})}
    fields = {"thread": id, "surface": "mention", "person": PERSON, "text": text, "context": context, **more}
    return Message(id=id, at=AT, **fields)


def direct(id: str, text: str, **more: Any) -> Message:
    return Message(**{"thread": "3cines", "id": id, "at": AT, "person": Person(id=INES), "text": text, **more})


EXPECTED: dict[str, list[base.Event]] = {
    "comment_below_our_post": [
        said("3la", "Is the rye bread back?", thread=ROOT, surface="comment", reply_to=ROOT, origin=ORIGIN)
    ],
    "mention_with_a_link": [
        said("3lb", "see other.example/lo… @bakery", context={"links": ["https://other.example/long"]})
    ],
    "reply_in_anothers_thread": [
        said(
            "3lc", "I agree", thread=f"at://{MO}/app.bsky.feed.post/3lmo",
            reply_to=f"at://{US}/app.bsky.feed.post/3lours",
            origin=Origin(id=f"at://{MO}/app.bsky.feed.post/3lmo", url=f"https://bsky.app/profile/{MO}/post/3lmo"),
        )
    ],
    "quote_with_a_picture": [
        said(
            "3ld", "The best", context={"quoted": ROOT},
            attachments=(
                Attachment(
                    kind="image", url=f"https://cdn.bsky.app/img/feed_fullsize/plain/{INES}/bafkreiloaf@jpeg",
                    mime="image/jpeg", title="A loaf",
                ),
            ),
        )
    ],
    "mention_with_a_film_only": [
        said(
            "3le", "",
            attachments=(
                Attachment(kind="link", url=f"https://bsky.app/profile/{INES}/post/3le", title="Baking"),
            ),
        )
    ],
    "mention_with_a_card": [
        said("3lf", "Look", attachments=(Attachment(kind="link", url="https://news.example/1", title="Bread wins"),))
    ],
    "our_own_answer": [
        said(
            "3lg", "Thanks", US, thread=ROOT, surface="comment", direction="out", person=None,
            reply_to=f"at://{INES}/app.bsky.feed.post/3la", origin=ORIGIN,
        )
    ],
    "likes_reposts_follows_and_something_new": [
        Unhandled(reason="engagement"), Unhandled(reason="engagement"),
        Profile(person=PERSON, at=AT, context={"follows": True}), Unhandled(reason="unknown_type"),
        Unhandled(reason="malformed"), Unhandled(reason="malformed"),
    ],
    "dm_created": [direct("3mone", "Is it open?")],
    "dm_of_ours": [direct("3mtwo", "Yes", direction="out", person=None)],
    "dm_with_a_post": [direct("3mthree", "", attachments=(Attachment(kind="link", url=ORIGIN.url),))],
    "dm_deleted": [Delete(thread="3cines", ids=("3mone",), at=0, created=AT)],
    "reaction_added": [Reaction(thread="3cines", id="3mtwo", at=LATER, by=Person(id=INES), emoji="❤️")],
    "reaction_removed": [Reaction(thread="3cines", id="3mtwo", at=LATER, by=Person(id=INES))],
    "log_of_other_things": [
        Unhandled(reason="notice"), Unhandled(reason="notice"), Unhandled(reason="unknown_type"),
    ],
    "post_deleted": [
        Delete(thread=ROOT, ids=(f"at://{INES}/app.bsky.feed.post/3la",), at=0, surface="comment")
    ],
    "mention_of_the_past": [said("3lz", "Hi", history=True)],
}  # fmt: skip
NEEDED = {
    *("account", "items.$type", "items.reason", "items.uri", "items.author.did", "items.record.reply.root.uri"),
    *("items.convoId", "items.message.id", "items.message.sender.did"),
}


@pytest.mark.parametrize("name", FIXTURES)
def test_fixture_gives_its_events(name: str) -> None:
    inbounds = list(NETWORK.parse(json.loads(FIXTURES[name].read_bytes())))
    assert [inbound.event for inbound in inbounds] == EXPECTED[name]
    assert {inbound.account for inbound in inbounds} == {US}


def test_post_is_kept_whatever_else_of_it_cannot_be_read() -> None:
    assert lost(NETWORK, [json.loads(path.read_bytes()) for path in FIXTURES.values()], NEEDED) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nothing here, a@b.example and #1", []),
        ("ã https://a.example/é, yes", [("https://a.example/é", {"uri": "https://a.example/é"})]),
        ("(see https://a.example/x)", [("https://a.example/x", {"uri": "https://a.example/x"})]),
        ("https://a.example/x_(y)", [("https://a.example/x_(y)", {"uri": "https://a.example/x_(y)"})]),
        ("😀 @Ana.Example.org!", [("@Ana.Example.org", {"did": "did:plc:ana"})]),
        ("ask @nobody.example.org", []),
        ("#pão, #1st and a#b", [("#pão", {"tag": "pão"}), ("#1st", {"tag": "1st"})]),
    ],
)
def test_links_names_and_tags_are_found_in_bytes(text: str, expected: list[tuple[str, dict[str, str]]]) -> None:
    listed = facets.find(text, lambda handle: "did:plc:ana" if handle.startswith("ana") else "")
    raw = text.encode()
    spans = [raw[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode() for facet in listed]
    assert spans == [words for words, _ in expected]
    assert [
        {name: value for name, value in facet["features"][0].items() if name != "$type"} for facet in listed
    ] == [wanted for _, wanted in expected]  # fmt: skip


@pytest.mark.parametrize("shape", [shape for shape, value in SHAPES.items() if isinstance(value, str)] + ["dots"])
def test_looking_for_them_costs_little(shape: str) -> None:
    text = ("@a." * 1000 if shape == "dots" else str(SHAPES[shape]))[:3000]  # what is posted is no longer
    assert cpu_ms(lambda: facets.find(text, lambda handle: "")) < MOST_MS


@pytest.mark.parametrize("name", ["localhost", "169.254.169.254", "db.internal"])
@pytest.mark.usefixtures("nowhere")
def test_server_that_leads_inside_is_never_called(name: str) -> None:
    with pytest.raises(base.Rejected) as raised:
        NETWORK.check(base.Credentials(account="ana.example", token="pass-1", details={"server": name}))
    assert raised.value.code.startswith("address_")
