"""What comments hang on is read once for all of them, its picture is kept, and it is read again when it was edited."""

from typing import Any

import pytest

from chalicelib import clock
from chalicelib.channels.channels import Owner
from chalicelib.networks import base
from chalicelib.origins import pictures, posts
from chalicelib.store import keys, table
from chalicelib.store.changes import Change
from chalicelib.store.models.inbox import Post
from tests.support.stack import Channel, Stack, eventually, number

NOW = clock.now()


def shown(channel: Channel) -> list[Any]:
    rows = channel.agency.owner.get("/conversations", channel=channel.id, include="origin")["items"]
    return [row["origin"] for row in rows]


def test_comments_of_one_post_share_what_is_read_of_it_once(stack: Stack) -> None:
    channel, post = stack.connect("example"), f"p{number()}"
    about = {"id": post, "url": "https://example.com/p", "title": "Our new shoes"}
    channel.tell("comment", post=about)

    def pictured() -> Any:
        return [origin for origin in shown(channel) if origin["text"] and origin["picture"]]

    [origin] = eventually(pictured)
    assert {name: origin[name] for name in ("id", "title", "text", "author", "posted_at")} == {
        "id": post, "title": "Our new shoes", "text": "Our new shoes, out today", "author": "The shop",
        "posted_at": "2025-11-24T16:00:00.000Z",
    }  # fmt: skip
    channel.tell("comment", post=about)
    both = eventually(lambda: origins if len(origins := pictured()) == 2 else None)
    assert [row["text"] for row in both] == [origin["text"]] * 2
    assert len([call for call in stack.requests("example", post) if "/v1/posts/" in call["path"]]) == 1


def test_post_that_cannot_be_read_leaves_nulls(stack: Stack) -> None:
    channel = stack.connect("example")
    channel.tell("comment", post={"id": "gone", "url": "https://example.com/gone", "title": ""})
    eventually(lambda: stack.requests("example", "/v1/posts/gone"))
    [origin] = shown(channel)
    assert (origin["url"], origin["text"], origin["picture"], origin["title"]) == (
        "https://example.com/gone", None, None, None,
    )  # fmt: skip


def test_edited_post_is_read_again_and_one_without_comments_is_not(owner: Owner) -> None:
    event = base.PostEdited(id="p1", at=NOW)
    place = keys.within(owner.agency, owner.channel), keys.post("p1")
    posts.read_again(owner, event, NOW)
    assert table.get(Post, *place) is None
    table.put(Post(*place, id="p1", text="Old", read_at=NOW))
    posts.read_again(owner, event, NOW)
    stored = table.get(Post, *place)
    assert stored
    assert (stored.read_at, stored.text) == (posts.STALE, "Old")


def change(new: Any, old: Any = None, *, kind: str = "MODIFY", sk: str = "post#1") -> Change:
    return Change(kind, "agc_1#chn_1", sk, old or {}, new)


READ, STALE = {"read_at": {"N": "5"}}, {"read_at": {"N": "0"}}
COMMENT = {"origin": {"S": "{}"}, "network": {"S": "example"}, "surface": {"S": "comment"}}


@pytest.mark.parametrize(
    ("update", "asks"),
    [
        (change(COMMENT, kind="INSERT", sk=keys.CONVERSATION), True),
        (change(COMMENT, sk=keys.CONVERSATION), False),
        (change({**COMMENT, "surface": {"S": "review"}}, kind="INSERT", sk=keys.CONVERSATION), False),
        (change({**COMMENT, "network": {"S": "gone"}}, kind="INSERT", sk=keys.CONVERSATION), False),
        (change(STALE, READ), True),
        (change(READ, STALE), False),
        (change(READ, kind="INSERT"), False),
    ],
    ids=[
        "a comment", "a later change", "a review", "an unknown network", "an edit", "a reading", "the first reading",
    ],
)  # fmt: skip
def test_what_has_a_post_read(update: Change, asks: bool) -> None:
    assert (posts.is_commented(update) or posts.is_stale(update)) == asks


def test_picture_is_kept_when_it_is_another() -> None:
    picture, other = {"source": {"S": "https://a.example/1"}}, {"source": {"S": "https://a.example/2"}}
    assert [pictures.is_new(update) for update in (change(other, picture), change(picture, picture), change(READ))] == [
        True, False, False,
    ]  # fmt: skip
