"""The public answers of the account itself, from here or from another app.

https://docs.bsky.app/docs/api/app-bsky-feed-get-author-feed
"""

from typing import Any

from chalicelib.networks import base
from chalicelib.networks.bluesky import uris
from chalicelib.networks.bluesky.calls import get
from chalicelib.networks.read import part, parts, words

PAGE = 50
_KEPT = ("uri", "cid", "author", "record", "indexedAt")


def since(credentials: base.Credentials, moment: str) -> list[Any]:
    """The account's latest answers to others after that moment, oldest first, in the form of notifications."""
    query = {"actor": credentials.account, "filter": "posts_with_replies", "limit": str(PAGE)}
    try:
        feed = get(credentials, "app.bsky.feed.getAuthorFeed", query=query).json
    except base.Rejected:
        return []
    posts = [part(entry, "post") for entry in parts(feed, "feed") if _is_answer(credentials.account, entry)]
    answers = [post for post in posts if words(post.get("indexedAt")) > moment]
    return [{"reason": "reply", **{name: post.get(name) for name in _KEPT}} for post in reversed(answers)]


def _is_answer(account: str, entry: Any) -> bool:
    """True for an answer of the account to somebody else: posts below its own posts, and reposts, are publications."""
    post = part(entry, "post")
    reply, above = part(part(post, "record"), "reply"), part(part(entry, "reply"), "grandparentAuthor")
    spoken_to = {uris.owner(words(part(reply, name).get("uri"))) for name in ("root", "parent")}
    others = {*spoken_to, words(above.get("did"))} - {account, ""}
    return words(part(post, "author").get("did")) == account and "reason" not in entry and bool(others)
