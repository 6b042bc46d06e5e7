"""The comments below the account's own videos in a stretch of time; TikTok gives no past direct messages.

`/business/video/list/` has the newest videos first, `/business/comment/list/` the newest comments of a video first,
each with the replies that TikTok shows with it. https://business-api.tiktok.com/portal/docs?id=1832184403754242
"""

import json
from collections.abc import Iterator, Sequence

from chalicelib.networks import base
from chalicelib.networks.read import filled, identity, millis, parts, words
from chalicelib.networks.tiktok.outbound import call

OLDEST = 60 * 24 * 60 * 60 * 1000  # ms: videos that are older than this before the stretch are skipped
VIDEOS, COMMENTS = 4, 30  # at once, so that a portion takes at most five calls
Json = base.Json
Row = tuple[str, str]  # a video, and the cursor of its next comments


def past(credentials: base.Credentials, stretch: base.Stretch) -> base.Pulled:
    """Reads one portion: the rest of the comments of the last portion's videos, or the next videos with their newest
    comments.
    """
    left = [(words(row[0]), words(row[1])) for row in stretch.mark.get("left") or ()]
    place, calls = words(stretch.mark.get("videos")), 0
    if not left and (place or not stretch.mark):
        left, place = _videos(credentials, stretch, place)
        calls = 1
    items: list[Json] = []
    rest: list[Row] = []
    for video, cursor in left:
        comments, following = _comments(credentials, stretch, video, cursor)
        items += comments
        rest += [(video, following)] if following else []
    flags = {"asked": True, **({"history": True} if stretch.is_history else {})}
    bodies = [{"user_openid": credentials.account, **flags, "comments": items}] if items else []
    mark = {"videos": place, **({"left": [list(row) for row in rest]} if rest else {})}
    return base.Pulled(bodies=bodies, mark=mark, calls=calls + len(left), more=bool(rest or place))


def _videos(credentials: base.Credentials, stretch: base.Stretch, place: str) -> tuple[list[Row], str]:
    """The next videos that may have new comments, and the cursor after them; no cursor if the rest is too old."""
    query = {"fields": json.dumps(["item_id", "create_time"]), "max_count": str(VIDEOS)}
    page = call(credentials, "GET", "/business/video/list/", query=query | ({"cursor": place} if place else {}))
    videos = parts(page, "videos")
    near = [video for video in videos if millis(video.get("create_time")) >= stretch.since - OLDEST]
    rows = [(id, "") for video in near if (id := words(video.get("item_id")))]
    return rows, _cursor(page) if videos and len(near) == len(videos) else ""


def _comments(
    credentials: base.Credentials, stretch: base.Stretch, video: str, cursor: str
) -> tuple[Sequence[Json], str]:
    """The new comments, oldest first, and the cursor for older ones; no cursor if these are too old, or the video is
    gone.
    """
    query = {"video_id": video, "status": "ALL", "include_replies": "true", "max_count": str(COMMENTS)}
    query |= {"sort_field": "create_time", "sort_order": "desc"} | ({"cursor": cursor} if cursor else {})
    try:
        page = call(credentials, "GET", "/business/comment/list/", query=query)
    except (base.Gone, base.Rejected):
        return [], ""
    comments = parts(page, "comments")
    new = [comment for comment in comments if millis(comment.get("create_time")) >= stretch.since]
    contents = [
        content
        for comment in reversed(new)
        for content in _as_webhooks(credentials.account, video, comment, stretch.since)
    ]
    return contents, _cursor(page) if comments and len(new) == len(comments) else ""


def _as_webhooks(account: str, video: str, comment: Json, since: int) -> Iterator[Json]:
    """The comment in the form of a webhook, then the new replies that came with it."""
    if content := _content(account, video, comment):
        yield content
    for answer in reversed(parts(comment, "reply_list")):
        content = _content(account, video, {"parent_comment_id": comment.get("comment_id"), **answer})
        if content and millis(answer.get("create_time")) >= since:
            yield content


def _content(account: str, video: str, comment: Json) -> Json:
    """Empty for a comment without an id or author. `owner` is set for the account's own, whatever name it has there."""
    id, above = words(comment.get("comment_id")), words(comment.get("parent_comment_id"))
    author = account if comment.get("owner") is True else words(comment.get("unique_identifier"))
    if not (id and author):
        return {}
    return {
        "comment_id": identity(id), "video_id": video, "comment_type": "reply" if above else "comment",
        "comment_action": "insert", "timestamp": millis(comment.get("create_time")), "unique_identifier": author,
        **filled(
            parent_comment_id=above, text=words(comment.get("text")), username=words(comment.get("username")),
            status=words(comment.get("status")),
        ),
    }  # fmt: skip


def _cursor(page: Json) -> str:
    """The cursor of the next page; empty if there is none."""
    return words(page.get("cursor")) if page.get("has_more") is True else ""
