"""Reddit's side, played strictly: it keeps what people write until the account looks into its inbox.

A token `token{n}` is that of `shop{n}`; those of the consent page are of whom it says.
"""

import base64
import re
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from chalicelib.networks.double import Answer, Fan, Request, Voice, by, number

CONNECTION = {"account": "shop{n}", "credentials": {"token": "token{n}"}}
_AGENT = re.compile(r"server:palabre:[\d.]+ \(by /u/[\w-]+\)")


def _failure(status: int, message: str, **headers: str) -> Answer:
    return Answer(status, {"message": message, "error": status}, headers)


def _error(code: str, text: str, **more: Any) -> Answer:
    return Answer(200, {"json": {"errors": [[code, text, "text"]], **more}})


FAILURES: Mapping[str, Answer] = {
    "expired": _failure(401, "Unauthorized"),
    "throttled": _error(
        "RATELIMIT", "Looks like you've been doing that a lot. Take a break for 3 minutes before trying again.",
        ratelimit=172.5,
    ),
    "throttled_in_words": _error("RATELIMIT", "Take a break for 9 minutes before trying again."),
    "busy": _failure(429, "Too Many Requests", **{"X-Ratelimit-Reset": "37"}),
    "gone": _error("DELETED_COMMENT", "that comment has been deleted"),
    "lost": _failure(404, "Not Found"),
    "rejected": _error("TOO_LONG", "this is too long (max: 10000)"),
    "locked": _error("THREAD_LOCKED", "Comments are locked."),
    "forbidden": _failure(403, "Forbidden"),
    "unavailable": _failure(503, "Service Unavailable"),
}  # fmt: skip
_boxes: dict[str, list[dict[str, Any]]] = {}  # of each account, the oldest first
_comments: dict[str, dict[str, Any]] = {}
_codes: dict[str, dict[str, str]] = {}
_refreshes: dict[str, dict[str, str]] = {}
_tokens: dict[str, str] = {}


def forget() -> None:
    """As if nobody had written anything."""
    _boxes.clear()
    _comments.clear()


# The API


def answer(request: Request) -> Answer:
    for method, host, path, play in ROUTES:
        if (method, host, path) == (request.method, request.host, request.path):
            if not _AGENT.fullmatch(request.headers.get("user-agent", "")) and path != "/api/v1/authorize":
                return _failure(429, "Too Many Requests")
            return play(request) if host != "oauth.reddit.com" or _name(request) else FAILURES["expired"]
    return FAILURES["lost"]


def _name(request: Request) -> str:
    """Whose token it is; empty for an unknown one."""
    numbered = re.fullmatch(r"token(\d+)", request.token)
    return f"shop{numbered[1]}" if numbered else _tokens.get(request.token, "")


def _me(request: Request) -> Answer:
    name = _name(request)
    return Answer(json={"name": name.capitalize(), "id": f"u{name}", "icon_img": "https://i.example/icon.png"})


def _inbox(request: Request) -> Answer:
    limit = int(request.query.get("limit", "25"))
    names = [one["data"]["name"] for one in _boxes.get(_name(request), [])]
    rows = list(reversed(_boxes.get(_name(request), [])))
    if after := request.query.get("after"):
        rows = rows[len(names) - names.index(after) :] if after in names else []
    page = rows[: min(limit, 100)]
    more = page[-1]["data"]["name"] if len(rows) > len(page) else None
    return Answer(json={"kind": "Listing", "data": {"children": page, "after": more, "before": None}})


def _info(request: Request) -> Answer:
    names = request.query.get("id", "").split(",")
    posts = [{"kind": "t3", "data": _post(name)} for name in names if name.startswith("t3_") and name != "t3_gone"]
    found = [{"kind": "t1", "data": _comments[name]} for name in names if name in _comments]
    return Answer(json={"kind": "Listing", "data": {"children": [*posts, *found][:100], "after": None}})


def _post(name: str) -> dict[str, Any]:
    return {
        "name": name, "title": "New shoes", "selftext": "Out today", "permalink": f"/r/shoes/comments/{name[3:]}/new/",
        "thumbnail": "self", "author": "Shop", "created_utc": 1772439330.0,
    }  # fmt: skip


def _comment(request: Request) -> Answer:
    form = request.json
    thing, text = str(form.get("thing_id", "")), str(form.get("text", ""))
    if form.get("api_type") != "json" or not re.fullmatch(r"t[134]_[a-z0-9]+", thing):
        return _error("NO_THING_ID", "id not specified")
    if not text or len(text) > 10_000:
        return FAILURES["rejected"]
    kind = "t4" if thing.startswith("t4") else "t1"
    name = f"{kind}_our{number()}"
    _comments[name] = {"name": name, "parent_id": thing}
    return Answer(json={"json": {"errors": [], "data": {"things": [{"kind": kind, "data": {"name": name}}]}}})


def _done(request: Request) -> Answer:
    return Answer(json={})


def _page(request: Request) -> Answer:
    """Whoever opens it consents, as `as`."""
    asked = dict(request.query)
    wanted = {"client_id", "redirect_uri", "state", "scope"}
    if not wanted <= set(asked) or (asked.get("duration"), asked.get("response_type")) != ("permanent", "code"):
        return _failure(400, "Bad Request")
    code = f"code{number()}"
    _codes[code] = asked
    told = {"error": "access_denied"} if "deny" in asked else {"code": code}
    return Answer(302, headers={"Location": f"{asked['redirect_uri']}?{urlencode({**told, 'state': asked['state']})}"})


def _token(request: Request) -> Answer:
    form = request.json
    head = request.headers.get("authorization", "").removeprefix("Basic ")
    client, _, secret = base64.b64decode(head).decode().partition(":")
    if not (client and secret):
        return _failure(401, "Unauthorized")
    if form.get("grant_type") == "refresh_token":
        allowed = _refreshes.get(str(form.get("refresh_token")))
        if allowed is None:
            return _failure(400, "Bad Request")
    else:
        allowed = _codes.pop(str(form.get("code")), None)
        if allowed is None or (allowed["redirect_uri"], allowed["client_id"]) != (form.get("redirect_uri"), client):
            return Answer(json={"error": "invalid_grant"})
    access, refresh = f"granted{number()}", f"refresh{number()}"
    _tokens[access] = allowed.get("as", "shop7")
    told = {"access_token": access, "token_type": "bearer", "expires_in": 86400, "scope": allowed["scope"]}
    if form["grant_type"] == "authorization_code":
        _refreshes[refresh] = allowed
        told |= {"refresh_token": refresh}
    return Answer(json=told)


API, WEB = "oauth.reddit.com", "www.reddit.com"
ROUTES: tuple[tuple[str, str, str, Callable[[Request], Answer]], ...] = (
    ("GET", API, "/api/v1/me", _me),
    ("GET", API, "/message/inbox", _inbox),
    ("GET", API, "/api/info", _info),
    ("POST", API, "/api/comment", _comment),
    *(("POST", API, f"/api/{name}", _done) for name in ("remove", "approve", "read_message", "block_user", "unfriend")),
    ("GET", WEB, "/api/v1/authorize", _page),
    ("POST", WEB, "/api/v1/access_token", _token),
)


# What happens there


def posted(payload: Mapping[str, Any]) -> None:
    """Keeps what people wrote until the account looks."""
    for item in payload["items"]:
        _boxes.setdefault(payload["account"], []).append(item)
        _comments[item["data"]["name"]] = item["data"]


def _said(type: str, kind: str = "t1") -> Callable[..., dict[str, Any]]:
    def build(
        *, account: str = "shop", person: str = "ana", text: str = "Hello", id: str = "", at: int = 0,
        parent: str = "", post: str = "p1", **more: Any,
    ) -> dict[str, Any]:  # fmt: skip
        name = id or f"{kind}_n{number()}"
        data = {
            "name": name, "id": name[3:], "author": person, "body": text, "new": True, "type": type,
            "created_utc": float((at or int(time.time() * 1000)) // 1000), "was_comment": kind == "t1",
        }  # fmt: skip
        if kind == "t1":
            data |= {
                "parent_id": parent or f"t3_{post}",
                "context": f"/r/shoes/comments/{post}/new/{name[3:]}/?context=3",
            }
            data |= {"subject": "comment reply", "link_title": "New shoes", "subreddit": "shoes"}
        else:
            data |= {"subject": "A question", "dest": account, "parent_id": parent or None, "first_message_name": None}
        return {"account": account, "items": [{"kind": kind, "data": {**data, **more}}]}

    return build


EVENTS: Mapping[str, Callable[..., Mapping[str, Any]]] = {
    "dm": _said("unknown", "t4"),
    "comment": _said("post_reply"),
    "reply": _said("comment_reply"),
    "mention": _said("username_mention"),
}


def sign(raw: bytes, secret: str) -> Mapping[str, str]:
    """Nothing is posted, so nothing is signed."""
    return {"x-nothing": "signed"}


def _says(fan: Fan, said: str, text: str, at: int) -> tuple[str, dict[str, Any]]:
    return "dm", {**by(fan, at, id=said, text=text), "person": f"fan{fan.id}"}


VOICE = Voice(name=lambda fan, digits: f"t4_n{digits}", says=_says)
