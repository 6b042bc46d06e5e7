"""A Page's posts with their comments as lists of the Graph API, as far as they were played."""

import time
from collections.abc import Mapping
from typing import Any

from chalicelib.networks._meta import double_lists
from chalicelib.networks.double import Request

Json = Mapping[str, Any]
_NAMED = {"id": None, "name": None}
_COMMENT = {
    "id": None, "message": None, "created_time": None, "from": _NAMED, "parent": {"id": None}, "is_hidden": None,
    "attachment": {"id": None, "type": None, "url": None, "media": None}, "like_count": None,
}  # fmt: skip
_POST = {
    "id": None, "message": None, "created_time": None, "from": _NAMED, "permalink_url": None, "status_type": None,
    "full_picture": None, "is_published": None, "promotion_status": None, "promotable_id": None, "updated_time": None,
    "comments": _COMMENT,
}  # fmt: skip
_ORDERED = {"filter": "stream", "order": "reverse_chronological"}
_A_DAY = 24 * 60 * 60
_pages: dict[str, dict[str, dict[str, Any]]] = {}  # posts by Page and id


def note(payload: Json) -> None:
    for entry in payload["entry"]:
        for change in entry.get("changes", ()):
            value = change["value"]
            if change["field"] == "feed" and value.get("item") == "comment":
                _note_comment(entry["id"], value, int(value.get("created_time") or entry["time"]))
            elif change["field"] == "feed" and value.get("item") == "status" and value.get("verb") == "add":
                post = _post(entry["id"], value["post_id"], value["created_time"])
                post |= {"message": value.get("message"), "from": value["from"]}


def _post(page: str, id: str, at: int) -> dict[str, Any]:
    mine = {"id": page, "name": "Bella Pasta"}
    fresh = {
        "id": id, "message": "Fresh pasta, every day", "at": at, "created_time": _iso(at), "from": mine,
        "permalink_url": f"https://www.facebook.com/{id}", "status_type": "added_photos", "is_published": True,
        "promotion_status": "inactive", "comments": [],
    }  # fmt: skip
    return _pages.setdefault(page, {}).setdefault(id, fresh)


def _note_comment(page: str, value: Json, at: int) -> None:
    post, id = _post(page, value["post_id"], at - _A_DAY), value["comment_id"]
    post |= {name: content for name, content in value.get("post", {}).items() if name != "id"}
    if not post["is_published"]:
        post["promotable_id"] = post["id"]
    comments, verb = post["comments"], value["verb"]
    known = next((comment for comment in comments if comment["id"] == id), None)
    if verb == "remove" and known:
        comments.remove(known)
    elif verb in ("hide", "unhide") and known:
        known["is_hidden"] = verb == "hide"
    elif verb == "edited" and known:
        known["message"] = value.get("message")
    elif verb == "add" and known is None:
        comments.append(_comment(value, at))
        comments.sort(key=lambda comment: -comment["at"])


def _comment(value: Json, at: int) -> dict[str, Any]:
    above = {} if value["parent_id"] == value["post_id"] else {"parent": {"id": value["parent_id"]}}
    picture = {"type": "photo", "url": value.get("photo"), "media": {"image": {"src": value.get("photo")}}}
    return {
        "id": value["comment_id"], "message": value.get("message") or "", "at": at, "created_time": _iso(at),
        "from": value.get("from"), "is_hidden": False, **above,
        **({"attachment": picture} if value.get("photo") else {}),
    }  # fmt: skip


def _iso(at: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S+0000", time.gmtime(at))


def about(id: str) -> Json:
    """The fields that make a post an advertisement, if it is one."""
    post = _pages.get(id.partition("_")[0], {}).get(id, {})
    return {name: post[name] for name in ("is_published", "promotion_status", "promotable_id") if name in post}


def published(request: Request, page: str) -> Json:
    return _listed(request, [post for post in _own(page) if post["is_published"]])


def ads(request: Request, page: str) -> Json:
    return _listed(request, [post for post in _own(page) if not post["is_published"]])


def visits(request: Request, page: str) -> Json:
    return _listed(request, [post for post in _pages.get(page, {}).values() if post["from"]["id"] != page])


def _own(page: str) -> list[dict[str, Any]]:
    return [post for post in _pages.get(page, {}).values() if post["from"]["id"] == page]


def _listed(request: Request, posts: list[dict[str, Any]]) -> Json:
    _check(request)
    return double_lists.edge(request, sorted(posts, key=lambda post: -post["at"]), _POST, at="at")


def post_with_comments(request: Request, id: str) -> Json | None:
    """A post with its comments; None if the call does not ask for comments."""
    wanted = double_lists.asked(request.query.get("fields", "id"))
    post = _pages.get(id.partition("_")[0], {}).get(id)
    if "comments" not in wanted or post is None:
        return None
    _check(request)
    return double_lists.shown(post, wanted, _POST)


def _check(request: Request) -> None:
    """Comments have to be asked for newest first and with their replies: the double has no other order."""
    wanted = double_lists.asked(request.query.get("fields", "id")).get("comments")
    if wanted and not _ORDERED.items() <= wanted.modifiers.items():
        raise double_lists.Wrong("The double has comments in this order only")
