"""Lists of TikTok's double: an account's videos and the comments below each, the newest first.

A cursor is the number of rows shown so far. The functions give None for a call that TikTok refuses.
"""

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.networks.double import Answer, Request

Json = Mapping[str, Any]
_MOST_VIDEOS, _MOST_COMMENTS = 20, 30
_said: dict[str, dict[str, list[dict[str, Any]]]] = {}  # of each account: the comments below each video, as they came


def note(account: str, content: Json) -> None:
    """Keeps a comment from a webhook. The account's own comments have `owner` set."""
    ids = {name: str(content[name]) for name in ("comment_id", "video_id", "parent_comment_id") if name in content}
    own = content["unique_identifier"] == account
    comment = {
        **ids, "text": content["text"], "create_time": str(content["timestamp"] // 1000), "owner": own, "likes": 0,
        "unique_identifier": "shop-id" if own else content["unique_identifier"], "status": "PUBLIC",
    }  # fmt: skip
    _said.setdefault(account, {}).setdefault(ids["video_id"], []).append(comment)


def videos(request: Request) -> Answer | None:
    query = request.query
    size, start = int(query.get("max_count", "10")), int(query.get("cursor", "0"))
    if size > _MOST_VIDEOS or not isinstance(json.loads(query.get("fields", "")), list):
        return None
    made = {id: said[0]["create_time"] for id, said in _said.get(query["business_id"], {}).items()}
    newest = sorted(made.items(), key=lambda video: -int(video[1]))
    page = [{"item_id": id, "create_time": at} for id, at in newest[start : start + size]]
    return _page(start + len(page), len(newest), videos=page)


def comments(request: Request) -> Answer | None:
    query = request.query
    size, start = int(query.get("max_count", "20")), int(query.get("cursor", "0"))
    sorts = (query.get("sort_field", "likes"), query.get("sort_order", "asc"))
    if size > _MOST_COMMENTS or sorts != ("create_time", "desc") or query.get("include_replies") != "true":
        return None
    said = _said.get(query["business_id"], {}).get(query.get("video_id", ""), [])
    tops = [comment for comment in said if "parent_comment_id" not in comment]
    newest = sorted(tops, key=lambda comment: -int(comment["create_time"]))
    page = [{**top, "reply_list": _answers(said, top)} for top in newest[start : start + size]]
    return _page(start + len(page), len(newest), comments=page)


def _answers(said: list[dict[str, Any]], top: Json) -> list[Json]:
    return [comment for comment in reversed(said) if comment.get("parent_comment_id") == top["comment_id"]]


def _page(shown: int, total: int, **rows: list[Any]) -> Answer:
    data = {**rows, "cursor": shown, "has_more": shown < total}
    return Answer(json={"code": 0, "message": "OK", "request_id": "20261128", "data": data})
