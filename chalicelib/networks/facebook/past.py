"""The public events of a Page in a stretch of time: comments on its posts and ads, and visitors' posts.

https://developers.facebook.com/docs/graph-api/reference/page/feed (which lists only a choice of some hundred posts) and
https://developers.facebook.com/docs/graph-api/reference/object/comments
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from chalicelib.networks import base
from chalicelib.networks._meta import graph, outcomes
from chalicelib.networks._meta import past as lists
from chalicelib.networks.read import identity, moment, part, words

_DAY = 24 * 60 * 60 * 1000
OLDEST = 60 * _DAY  # posts that are older than this before the stretch are skipped: people comment on new ones
_POST = (
    "id,message,created_time,from{id,name},permalink_url,status_type,full_picture,is_published,promotion_status,"
    "promotable_id"
)
_COMMENT = "id,message,created_time,from{id,name},parent{id},is_hidden,attachment{type,url,media}"


def past(credentials: base.Credentials, stretch: base.Stretch) -> base.Pulled:
    def call(path: str, query: Mapping[str, str]) -> Mapping[str, Any]:
        return graph.call("facebook", "GET", path, credentials, query=query, codes=outcomes.CONNECT)

    page, since = credentials.account, stretch.since
    oldest = since - OLDEST
    posts = partial(
        lists.Lists, fields=_POST, inner="comments", inner_fields=_COMMENT,
        modifiers=".filter(stream).order(reverse_chronological)", at=_at, entries=partial(_comment, page),
        is_near=lambda post: _at(post) >= oldest, query={"since": str(oldest // 1000)},
    )  # fmt: skip
    return lists.past(
        call, "page",
        [
            posts(path=f"/{page}/published_posts"),
            posts(path=f"/{page}/visitor_posts", itself=partial(_visit, page, since), is_extra=True),
            posts(path=f"/{page}/ads_posts", is_extra=True),  # those that were never published
        ],
        stretch,
    )  # fmt: skip


def _at(thing: base.Json) -> int:
    return moment(thing.get("created_time"))


def _change(page: str, at: int, value: Mapping[str, Any]) -> base.Json:
    fields = {name: content for name, content in value.items() if content not in (None, "")}
    change = {"field": "feed", "value": {"verb": "add", "created_time": at // 1000, **fields}}
    return {"id": page, "time": at // 1000, "changes": [change]}


def _comment(page: str, post: base.Json, comment: base.Json) -> Iterator[base.Json]:
    id, above = identity(post["id"]), part(comment, "parent").get("id")
    fields = {name: post[name] for name in _OF_POST if name in post}
    value = {
        "item": "comment", "comment_id": identity(comment["id"]), "post_id": id, "parent_id": words(above) or id,
        "from": _author(comment), "message": words(comment.get("message")), "is_hidden": comment.get("is_hidden"),
        "post": fields, **_file(part(comment, "attachment")),
    }  # fmt: skip
    yield _change(page, _at(comment), value)


_OF_POST = ("id", "permalink_url", "status_type", "is_published", "promotion_status", "promotable_id")


def _author(thing: base.Json) -> Mapping[str, Any]:
    """Facebook names the author only if the app's permissions and the person allow that."""
    return part(thing, "from") or {"id": None}


def _file(attachment: base.Json) -> Mapping[str, str]:
    kind, media = words(attachment.get("type")), part(attachment, "media")
    video, picture = words(media.get("source")), words(part(media, "image").get("src"))
    if video and kind.startswith("video"):
        return {"video": video}
    if kind == "share":
        return {"link": words(attachment.get("url"))}
    return {"photo": picture}


def _visit(page: str, since: int, post: base.Json) -> base.Json | None:
    """A visitor's post on the Page; None for the Page's own posts, and for a post from before `since`."""
    author = part(post, "from")
    if _at(post) < since or words(author.get("id")) in ("", page):
        return None
    value = {
        "item": "status", "post_id": words(post.get("id")), "from": author, "message": words(post.get("message")),
        "permalink_url": words(post.get("permalink_url")), "photo": words(post.get("full_picture")), "published": 1,
    }  # fmt: skip
    return _change(page, _at(post), value)
