"""Replies to the account's posts, and posts that mention it, in a stretch of time.

https://developers.facebook.com/docs/threads/retrieve-and-manage-replies/replies-and-conversations and
https://developers.facebook.com/docs/threads/threads-mentions
"""

from collections.abc import Callable, Sequence
from typing import Any

from chalicelib.networks import base
from chalicelib.networks._meta.outcomes import CONNECT
from chalicelib.networks.read import moment, part, parts, words
from chalicelib.networks.threads.outbound import call

OLDEST = 60 * 24 * 60 * 60 * 1000  # ms: posts that are older than this before the stretch are skipped
_POSTS, _REPLIES = 4, 50
_OF_MENTIONS = "id,username,text,media_type,media_product_type,permalink,shortcode,timestamp,is_quote_post"
_OF_REPLIES = f"{_OF_MENTIONS},replied_to,root_post,hide_status"
Json = base.Json


def past(credentials: base.Credentials, stretch: base.Stretch) -> base.Pulled:
    """Reads one portion, by at most five calls: posts with their newest replies, then the rest of these replies, then
    mentions.
    """
    read = _STEPS.get(words(stretch.mark.get("step")), _posts)
    return read(credentials, stretch)


def _posts(credentials: base.Credentials, stretch: base.Stretch) -> base.Pulled:
    oldest = stretch.since - OLDEST
    query = {"fields": "id,username,timestamp", "limit": str(_POSTS), "since": str(oldest // 1000)}
    page = _ask(credentials, "/me/threads", query, words(stretch.mark.get("after")))
    posts = [post for post in parts(page, "data") if moment(post.get("timestamp")) >= oldest]
    after = _cursor(page)
    rows = [(words(post.get("id")), words(post.get("username")), "") for post in posts]
    return _replies_below(credentials, stretch, rows, after, calls=1)


def _continue(credentials: base.Credentials, stretch: base.Stretch) -> base.Pulled:
    left = stretch.mark.get("left")
    rows = [(words(row[0]), words(row[1]), words(row[2])) for row in left] if isinstance(left, list) else []
    return _replies_below(credentials, stretch, rows, words(stretch.mark.get("after")), calls=0)


def _replies_below(
    credentials: base.Credentials, stretch: base.Stretch, rows: Sequence[tuple[str, str, str]], after: str, calls: int
) -> base.Pulled:
    """A page of the replies below each of these posts: `(id, our name, cursor)`. `after` is the cursor of the next
    posts.
    """
    bodies: list[Json] = []
    left: list[list[str]] = []
    for id, name, cursor in rows:
        query = {"fields": _OF_REPLIES, "limit": str(_REPLIES), "reverse": "true"}
        try:
            page = _ask(credentials, f"/{id}/conversation", query, cursor)
        except (base.Gone, base.Rejected):
            continue  # the post is gone by now
        replies = parts(page, "data")
        new = [reply for reply in replies if moment(reply.get("timestamp")) >= stretch.since]
        root = {"id": id, "owner_id": credentials.account, "username": name}
        bodies += _body(credentials, stretch, "replies", [{**reply, "root_post": root} for reply in new])
        if replies and len(new) == len(replies) and (following := _cursor(page)):
            left.append([id, name, following])
    step = "rest" if left else "posts" if after else "mentions"
    mark = {"step": step, "after": after, **({"left": left} if left else {})}
    return base.Pulled(bodies=bodies, mark=mark, calls=calls + len(rows), more=True)


def _mentions(credentials: base.Credentials, stretch: base.Stretch) -> base.Pulled:
    query = {"fields": _OF_MENTIONS, "limit": str(_REPLIES)}
    page = _ask(credentials, "/me/mentions", query, words(stretch.mark.get("mentions")))
    mentions = parts(page, "data")
    new = [mention for mention in mentions if moment(mention.get("timestamp")) >= stretch.since]
    bodies = _body(credentials, stretch, "mentions", new)
    after = _cursor(page) if mentions and len(new) == len(mentions) else ""
    return base.Pulled(bodies=bodies, mark={"step": "mentions", "mentions": after}, more=bool(after))


_STEPS: dict[str, Callable[[base.Credentials, base.Stretch], base.Pulled]] = {"rest": _continue, "mentions": _mentions}


def _ask(credentials: base.Credentials, path: str, query: dict[str, str], after: str) -> Json:
    cursor = {"after": after} if after else {}
    return call("GET", path, credentials, query={**query, **cursor}, codes=CONNECT)


def _cursor(page: Any) -> str:
    """The cursor of the next page; empty if there is none."""
    paging = part(page, "paging")
    return words(part(paging, "cursors").get("after")) if words(paging.get("next")) else ""


def _body(credentials: base.Credentials, stretch: base.Stretch, field: str, values: Sequence[Json]) -> list[Json]:
    """One body in the form of a webhook, the oldest item first; none without items."""
    items = [{"field": field, "value": value} for value in reversed(values)]
    flags = {"history": True} if stretch.is_history else {}
    return [{"target_id": credentials.account, "values": items, **flags}] if items else []
