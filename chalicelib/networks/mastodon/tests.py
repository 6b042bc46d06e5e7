"""The events of each body of Mastodon, and the HTML of posts as text."""

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Attachment, Delete, Edit, Message, Origin, Person, Profile, Unhandled
from chalicelib.networks.mastodon import NETWORK, words
from tests.networks.damage import lost
from tests.support.hostile import MOST_MS, SHAPES, cpu_ms

FIXTURES = {path.name.removesuffix(".in.json"): path for path in (Path(__file__).parent / "fixtures").glob("*.in.json")}
AT, EDITED = 1772439330250, 1772442000000
INES = Person(id="4711", name="Inês", username="ines@other.example", avatar="https://files.other.example/i.png")


def said(id: str, text: str, thread: str = "", **more: Any) -> Message:
    context = {"visibility": more.pop("shown", "public")} | (
        {"warning": more.pop("warning")} if "warning" in more else {}
    )
    context |= {"url": f"https://other.example/@ines/{id}"} | ({"poll": more.pop("poll")} if "poll" in more else {})
    fields = {"surface": "mention", "person": INES, "text": text, "context": context, **more}
    return Message(thread=thread or id, id=id, at=AT, **fields)


POST = Origin(id="115000", url="https://social.example/@bakery/115000")
EXPECTED: dict[str, list[base.Event]] = {
    "mention_created": [
        said(
            "116001",
            "@bakery is the rye bread back?\nI miss it & so do my kids\n\nhttps://other.example/long/path",
        )
    ],
    "dm_created": [
        said("116002", "@bakery my order 12 is late", "4711", surface="dm", reply_to="115999", shown="direct")
    ],
    "comment_in_a_chain": [
        said("116003", "@bakery and on Sundays?", "115980", surface="comment", reply_to="115990", origin=POST)
    ],
    "comment_without_a_chain": [
        said(
            "116004", "@bakery lovely", "115000", surface="comment", reply_to="115000", origin=Origin(id="115000"),
        )
    ],
    "mention_below_anothers_post": [
        said(
            "116005", "@bakery look at this", reply_to="114000", shown="unlisted",
            origin=Origin(id="114000", url="https://other.example/@mo/114000"),
        )
    ],
    "quote_created": [said("116006", "They are the best")],
    "mention_with_a_picture_and_a_warning": [
        said(
            "116007", "@bakery", warning="food",
            attachments=(
                Attachment(
                    kind="image", url="https://files.other.example/22.jpg", media="22", title="A loaf with a hole"
                ),
                Attachment(kind="unsupported", url="https://third.example/x", media="23"),
            ),
        )
    ],
    "mention_with_a_poll": [said("116008", "", kind="unsupported", poll=["Rye", "Wheat"])],
    "own_post_that_names_us": [said("116009", "@bakery testing", person=None, direction="out")],
    "post_edited": [
        Edit(
            thread="115980", id="116003", at=EDITED, created=AT, text="and on Sundays, or Mondays?", surface="comment",
            attachments=(), context={"visibility": "public", "url": "https://other.example/@ines/116003"},
        )
    ],
    "post_deleted": [Delete(thread="115980", ids=("116003",), at=0, surface="comment")],
    "account_warned": [
        base.AccountEvent(
            name="moderation", at=1772438400000, health="alert", detail="silence: Please slow down."
        )
    ],
    "followed": [Profile(person=INES, at=1772439331000, context={"follows": True})],
    "favourite_boost_and_something_new": [
        Unhandled(reason="engagement"), Unhandled(reason="engagement"), Unhandled(reason="unknown_type"),
        Unhandled(reason="malformed"), Unhandled(reason="malformed"),
    ],
    "mention_of_the_past": [said("110001", "@bakery hi", history=True)],
}  # fmt: skip
NEEDED = {
    *("account", "items.type", "items.status.id", "items.status.account.id", "items.status.visibility"),
    *("items.status.in_reply_to_id", "items.status.in_reply_to_account_id", "items.chain.thread"),
    *("items.chain.origin.ours", "items.status.mentions.id", "items.status.mentions.acct", "items.status.account.acct"),
    "items.event",  # what has one is not said
}


@pytest.mark.parametrize("name", FIXTURES)
def test_fixture_gives_its_events(name: str) -> None:
    inbounds = list(NETWORK.parse(json.loads(FIXTURES[name].read_bytes())))
    assert [inbound.event for inbound in inbounds] == EXPECTED[name]
    assert {inbound.account for inbound in inbounds} == {"bakery@social.example"}


def test_post_is_kept_whatever_else_of_it_cannot_be_read() -> None:
    assert lost(NETWORK, [json.loads(path.read_bytes()) for path in FIXTURES.values()], NEEDED) == []


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One<br>two<br/>three</p><p>Four</p>", "One\ntwo\nthree\n\nFour"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2 &#39;so&#39;", "1 < 2 && 3 > 2 'so'"),
        ("&lt;script&gt;", "<script>"),
        ("no <tag", "no <tag"),
        ("", ""),
    ],
)
def test_html_is_read_as_text(html: str, text: str) -> None:
    assert words.plain(html) == text


@pytest.mark.parametrize("shape", [shape for shape, value in SHAPES.items() if isinstance(value, str)] + ["tags"])
def test_html_of_any_shape_costs_little(shape: str) -> None:
    html = "<p" * 100_000 if shape == "tags" else SHAPES[shape]
    assert cpu_ms(lambda: words.plain(html)) < MOST_MS


def test_how_many_follow_who_writes_is_told() -> None:
    body = FIXTURES["mention_created"].read_text().replace('"acct":', '"followers_count": 12, "acct":')
    people = [inbound.event.person for inbound in NETWORK.parse(json.loads(body)) if isinstance(inbound.event, Message)]
    assert [person.followers for person in people if person] == [12]
