"""Posts with the replies below them, and mentions, as Threads' lists have them, as far as they were played."""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.networks._meta import double_lists
from chalicelib.networks.double import Answer, Request

Json = Mapping[str, Any]
_SAID: Mapping[str, Any] = dict.fromkeys(
    (
        *("id", "username", "text", "media_type", "media_url", "media_product_type", "permalink", "shortcode"),
        *("timestamp", "is_quote_post", "is_reply", "alt_text", "gif_url"),
    )
)
_REPLY = {**_SAID, "replied_to": {"id": None}, "root_post": {"id": None}, "hide_status": None}
_A_DAY = 24 * 60 * 60
_posts: dict[str, dict[str, dict[str, Any]]] = {}  # by account and id
_mentions: dict[str, list[dict[str, Any]]] = {}


def note(payload: Json) -> None:
    """In a reply, the API tells only the id of the root post."""
    field, value = payload["values"]["field"], payload["values"]["value"]
    if field not in ("replies", "mentions"):
        return
    at = int(datetime.fromisoformat(value["timestamp"]).timestamp())
    if field == "mentions":
        _put(_mentions.setdefault(payload["target_id"], []), {**value, "at": at})
        return
    root = value["root_post"]
    fresh: dict[str, Any] = {
        "id": root["id"], "username": root["username"], "at": at - _A_DAY, "timestamp": _iso(at - _A_DAY), "below": [],
    }  # fmt: skip
    post = _posts.setdefault(root["owner_id"], {}).setdefault(root["id"], fresh)
    _put(post["below"], {**value, "root_post": {"id": root["id"]}, "hide_status": "NOT_HUSHED", "at": at})


def _put(among: list[dict[str, Any]], said: dict[str, Any]) -> None:
    if said["id"] not in [post["id"] for post in among]:
        among.append(said)
        among.sort(key=lambda post: -post["at"])


def _iso(at: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S+0000", time.gmtime(at))


def posts(request: Request, account: str) -> Answer:
    every = sorted(_posts.get(account, {}).values(), key=lambda post: -post["at"])
    return _listed(request, every, _SAID, at="at")


def below(request: Request, id: str) -> Answer:
    """All replies below a post, at any depth; the newest first unless `reverse` is false."""
    replies: list[dict[str, Any]] = next((known[id]["below"] for known in _posts.values() if id in known), [])
    rows = replies if request.query.get("reverse", "true") == "true" else replies[::-1]
    return _listed(request, rows, _REPLY, more="reverse")


def mentions(request: Request, account: str) -> Answer:
    return _listed(request, _mentions.get(account, []), _SAID)


def _listed(request: Request, rows: list[dict[str, Any]], known: Json, **more: str) -> Answer:
    try:
        return Answer(json=double_lists.edge(request, rows, known, **more))
    except double_lists.Wrong as wrong:
        error = {"message": str(wrong), "type": "THApiException", "code": 100, "fbtrace_id": "A1"}
        return Answer(400, {"error": error})
