"""Reads posts as the network shows them. https://docs.bsky.app/docs/api/app-bsky-feed-get-posts"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chalicelib.networks import base, http
from chalicelib.networks.base import Credentials
from chalicelib.networks.bluesky.calls import get
from chalicelib.networks.read import date, part, parts, pick, words

POST = "app.bsky.feed.post"
_DEEPEST = 10


@dataclass(frozen=True)
class Found:
    """A post with its version, the root of its thread, and the server's time when it was asked for."""

    itself: Mapping[str, str]
    root: Mapping[str, str]
    asked_at: str
    view: Mapping[str, Any]


def server_time(answer: http.Response) -> str:
    """The server's time, in the form that records have."""
    moment = datetime.fromtimestamp(date(answer.headers) / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def post_at(credentials: Credentials, uri: str) -> Found:
    """Raises Gone for a post that does not exist any more."""
    answer = get(credentials, "app.bsky.feed.getPosts", query={"uris": uri})
    view: Mapping[str, Any] = next(iter(parts(answer.json, "posts")), {})
    itself = pick(view, "uri", "cid")
    if len(itself) < 2:
        raise base.Gone("The post does not exist any more.", code="NotFound")
    root = pick(part(part(part(view, "record"), "reply"), "root"), "uri", "cid")
    return Found(itself, root if len(root) == 2 else itself, server_time(answer), view)


def newest_of(credentials: Credentials, root: str, person: str) -> str:
    """The uri of the person's latest post below the root; empty if there is none."""
    answer = get(credentials, "app.bsky.feed.getPostThread", query={"uri": root, "depth": str(_DEEPEST)})
    theirs = [post for post in _replies_below(part(answer.json, "thread")) if part(post, "author").get("did") == person]
    return max(((words(post.get("indexedAt")), words(post.get("uri"))) for post in theirs), default=("", ""))[1]


def _replies_below(thread: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for reply in parts(thread, "replies"):
        yield part(reply, "post")
        yield from _replies_below(reply)
