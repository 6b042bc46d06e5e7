"""Reddit's side: the inbox, the calls that say something, and the tokens of its consent page.

https://www.reddit.com/dev/api
"""

import json
import re
import time
from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from chalicelib.networks import double_page
from chalicelib.networks.double import Answer, Fan, Request, Voice, by, number

Json = Mapping[str, Any]
_TOKEN = re.compile(r"reddit-(\w+)-token")
POST = "t3_1abcd"
_boxes: dict[str, list[Json]] = {}  # of each account, the newest first
_comments: dict[str, Json] = {}
_own: dict[str, list[Json]] = {}  # what each account said itself, the oldest first


def _error(code: str, text: str, **more: float) -> Answer:
    return Answer(200, {"json": {"errors": [[code, text, "field"]], **more}})


CONNECTION = {"account": "t2_{n}", "credentials": {"token": "reddit-{n}-token"}}
FAILURES: Mapping[str, Answer] = {
    "expired": Answer(401, {"message": "Unauthorized", "error": 401}),
    "throttled": _error("RATELIMIT", "You are doing that too much. Try again in 9 minutes.", ratelimit=540.5),
    "throttled_in_words": _error("RATELIMIT", "Looks like you've been doing that a lot. Take a break for 3 minutes."),
    "too_many": Answer(429, {"message": "Too Many Requests"}, {"X-Ratelimit-Reset": "77"}),
    "gone": _error("DELETED_COMMENT", "that comment has been deleted"),
    "blocked": _error("NOT_WHITELISTED_BY_USER_MESSAGE", "can't send a message to that user"),
    "rejected": _error("TOO_LONG", "this is too long (max: 10000)"),
    "locked": _error("THREAD_LOCKED", "Comments are locked."),
    "forbidden": Answer(403, {"message": "Forbidden", "error": 403}),
    "not_found": Answer(404, {"message": "Not Found", "error": 404}),
    "unavailable": Answer(503, raw=b"<html></html>", content_type="text/html"),
    "silent": Answer(200, {"json": {"errors": [], "data": {}}}),
}


def forget() -> None:
    _boxes.clear()
    _comments.clear()
    _own.clear()


def answer(request: Request) -> Answer:
    if (request.host, request.path) == ("www.reddit.com", "/api/v1/access_token"):
        return _grant(request)
    if (request.host, request.path) == ("www.reddit.com", "/api/v1/authorize"):
        return double_page.show(request)
    play = _ROUTES.get((request.method, request.path))
    if request.host != "oauth.reddit.com" or play is None or "palabre" not in request.headers.get("user-agent", ""):
        return FAILURES["not_found"]
    token = _TOKEN.fullmatch(request.token)
    return play(request, token[1]) if token else FAILURES["expired"]


def _me(request: Request, account: str) -> Answer:
    return Answer(json={"id": account, "name": "our_shop"})


def _inbox(request: Request, account: str) -> Answer:
    """A page of at most a hundred; after an item that is gone, the page is empty."""
    box, limit = _boxes.get(f"t2_{account}", []), int(request.query.get("limit", "25"))
    names = [item["data"]["name"] for item in box]
    after = request.query.get("after", "")
    start = (names.index(after) + 1 if after in names else len(box)) if after else 0
    page = box[start : start + min(limit, 100)]
    following = page[-1]["data"]["name"] if start + len(page) < len(box) else None
    return Answer(json={"kind": "Listing", "data": {"children": page, "after": following}})


def _list_own(kind: str) -> Callable[[Request, str], Answer]:
    def listed(request: Request, account: str) -> Answer:
        said = [item for item in reversed(_own.get(f"t2_{account}", [])) if item["kind"] == kind]
        shown = said[: min(int(request.query.get("limit", "25")), 100)]
        return Answer(json={"kind": "Listing", "data": {"children": shown, "after": None}})

    return listed


def _info(request: Request, account: str) -> Answer:
    post = {
        "name": POST, "title": "New shoes", "selftext": "Out today", "author": "our_shop", "created_utc": 1790000000.0,
        "permalink": "/r/shoes/comments/1abcd/new_shoes/", "thumbnail": "https://b.thumbs.redditmedia.com/1.jpg",
    }  # fmt: skip
    known = {**_comments, POST: post}
    children = [known[name] for name in request.query.get("id", "").split(",") if name in known]
    return Answer(json={"kind": "Listing", "data": {"children": [{"kind": "t1", "data": child} for child in children]}})


def _thread(request: Request, account: str) -> Answer:
    """The post, and a comment below as many of its parents as the call asks for."""
    name, levels = f"t1_{request.query.get('comment', '')}", int(request.query.get("context", "0"))
    shown: list[Json] = []
    for _ in range(min(levels, 8) + 1):
        if name in _comments:
            more = {"kind": "more", "data": {"name": name, "count": 3, "parent_id": name}}
            below = {"kind": "Listing", "data": {"children": [*shown, more]}} if shown else ""
            shown = [{"kind": "t1", "data": {**_comments[name], "replies": below}}]
            name = _comments[name]["parent_id"]
    post = {"kind": "t3", "data": {"name": POST, "author": "our_shop"}}
    rows = [{"kind": "Listing", "data": {"children": each}} for each in ([post], shown)]
    return Answer(raw=json.dumps(rows).encode())


def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl(request.raw.decode(), keep_blank_values=True))


def _comment(request: Request, account: str) -> Answer:
    form = _form(request)
    kind, text = form.get("thing_id", "")[:3], form.get("text", "")
    if kind not in ("t1_", "t3_", "t4_") or form.get("api_type") != "json" or not text:
        return FAILURES["rejected"]
    if len(text) > 10_000:
        return FAILURES["rejected"]
    name = f"{'t4' if kind == 't4_' else 't1'}_{number():x}"
    _comments[name] = {
        "name": name, "author_fullname": f"t2_{account}", "parent_id": form["thing_id"], "body": text,
        "created_utc": float(int(time.time())), "link_author": "our_shop",
    }  # fmt: skip
    _own.setdefault(f"t2_{account}", []).append({"kind": name[:2], "data": _comments[name]})
    return Answer(json={"json": {"errors": [], "data": {"things": [{"kind": name[:2], "data": _comments[name]}]}}})


def _done(*names: str) -> Callable[[Request, str], Answer]:
    return lambda request, account: Answer() if all(map(_form(request).get, names)) else FAILURES["rejected"]


_ROUTES: Mapping[tuple[str, str], Callable[[Request, str], Answer]] = {
    ("GET", "/api/v1/me"): _me,
    ("GET", "/message/inbox"): _inbox,
    ("GET", "/message/sent"): _list_own("t4"),
    ("GET", "/user/our_shop/comments"): _list_own("t1"),
    ("GET", "/api/info"): _info,
    ("GET", f"/comments/{POST[3:]}"): _thread,
    ("POST", "/api/comment"): _comment,
    ("POST", "/api/remove"): _done("id", "spam"),
    ("POST", "/api/approve"): _done("id"),
    ("POST", "/api/report"): _done("thing_id", "reason"),
    ("POST", "/api/read_message"): _done("id"),
    ("POST", "/api/block_user"): _done("account_id"),
    ("POST", "/api/unfriend"): _done("type", "container", "id"),
}


# The tokens


def _grant(request: Request) -> Answer:
    """A refresh token works again and again."""
    form = _form(request)
    head = request.headers.get("authorization", "").removeprefix("Basic ")
    client, _, secret = b64decode(head).decode().partition(":")
    if not (client and secret):
        return Answer(401, {"message": "Unauthorized", "error": 401})
    token = {"token_type": "bearer", "expires_in": 3600}
    if form.get("grant_type") == "refresh_token":
        account, _, lasts = form.get("refresh_token", "").partition("-")
        known = Answer(json={**token, "access_token": f"reddit-{account}-token"})
        return known if lasts == "permanent" else Answer(400, {"message": "Bad Request", "error": 400})
    asked = double_page.consented(form, client)
    if asked is None or asked.get("duration") != "permanent":
        return Answer(json={"error": "invalid_grant"})
    account = asked.get("as", "11")
    access, refresh = f"reddit-{account}-token", f"{account}-permanent"
    return Answer(json={**token, "access_token": access, "refresh_token": refresh, "scope": asked["scope"]})


# What people write, which is kept until it is asked for


def posted(payload: Json) -> None:
    for item in payload["items"]:
        _comments[item["data"]["name"]] = item["data"]
        if item["data"]["author_fullname"] == payload["account"]:
            _own.setdefault(payload["account"], []).append(item)
            continue
        box = _boxes.setdefault(payload["account"], [])
        box.insert(0, item)
        box.sort(key=lambda message: -message["data"]["created_utc"])


def now() -> int:
    return int(time.time()) * 1000


def sign(raw: bytes, secret: str) -> Mapping[str, str]:
    return {}


def add_comment(name: str, parent: str, author: str) -> None:
    """Adds a comment that nobody is notified of."""
    _comments[name] = {"name": name, "parent_id": parent, "author_fullname": author}


def _item(kind: str, account: str, person: str, id: str, text: str, at: int, **fields: Any) -> Json:
    data = {
        "name": id or f"{kind}_{number():x}", "author": person, "author_fullname": f"t2_{person}", "body": text,
        "created_utc": (at or int(time.time() * 1000)) // 1000 * 1.0, "new": True, **fields,
    }  # fmt: skip
    return {"account": account, "items": [{"kind": kind, "data": data}]}


def _comment_on(type: str, subject: str) -> Callable[..., Json]:
    def build(
        *, account: str = "t2_11", person: str = "ana", id: str = "", text: str = "How much?", at: int = 0,
        parent: str = POST,
    ) -> Json:  # fmt: skip
        path = f"/r/shoes/comments/{POST[3:]}/new_shoes/k1/?context=3"
        more = {"type": type, "subject": subject, "was_comment": True, "subreddit": "shoes", "link_title": "New shoes"}
        return _item("t1", account, person, id, text, at, context=path, parent_id=parent, **more)

    return build


def _own_comment(
    *, account: str = "t2_11", id: str = "", text: str = "Ten euros", at: int = 0, parent: str = POST,
    link_author: str = "our_shop",
) -> Json:  # fmt: skip
    path = f"/r/shoes/comments/{POST[3:]}/new_shoes/k9/"
    more = {"link_id": POST, "link_author": link_author, "link_title": "New shoes", "subreddit": "shoes"}
    return _item("t1", account, account.removeprefix("t2_"), id, text, at, permalink=path, parent_id=parent, **more)


def _dm(
    *, account: str = "t2_11", person: str = "ana", id: str = "", text: str = "Hello", at: int = 0, first: str = ""
) -> Json:
    more = {"subject": "A question", "was_comment": False, "dest": "our_shop", "first_message_name": first or None}
    return _item("t4", account, person, id, text, at, parent_id=first or None, **more)


EVENTS: Mapping[str, Callable[..., Json]] = {
    "dm": _dm,
    "own_dm": lambda account="t2_11", **more: _dm(account=account, person=account.removeprefix("t2_"), **more),
    "own_comment": _own_comment,
    "comment": _comment_on("post_reply", "post reply"),
    "answer": _comment_on("comment_reply", "comment reply"),
    "mention": _comment_on("username_mention", "username mention"),
}


def _says(fan: Fan, message: str, text: str, at: int) -> tuple[str, dict[str, Any]]:
    return "dm", by(fan, at, id=message, text=text, first=fan.top if fan.top != message else "")


VOICE = Voice(name=lambda fan, number: f"t4_{int(number):x}", says=_says)
