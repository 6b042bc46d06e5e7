"""Threads' side: its Graph API, its consent page's tokens, and what it posts.

https://developers.facebook.com/docs/threads
"""

import hashlib
import hmac
import re
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from chalicelib.networks import double_page
from chalicelib.networks.double import Answer, Fan, Request, Voice, number
from chalicelib.networks.threads import double_past

Json = Mapping[str, Any]
_TOKEN = re.compile(r"TH(?:AA|LL)(\d+)-\w+")
WRITES = "/me/threads_publish"
_made: dict[str, Json] = {}


def _failure(status: int, code: int, message: str, **more: int) -> Answer:
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A1", **more}
    return Answer(status, {"error": error})


CONNECTION = {"account": "79{n}", "credentials": {"token": "THLL79{n}-abc"}}
FAILURES: Mapping[str, Answer] = {
    "expired": _failure(400, 190, "Error validating access token: Session has expired", error_subcode=463),
    "throttled": _failure(403, 4, "Application request limit reached"),
    "spent": _failure(400, 613, "Calls to this api have exceeded the rate limit."),
    "gone": _failure(400, 100, "Unsupported post request. Object does not exist", error_subcode=33),
    "rejected": _failure(400, 100, "Param text must be at most 500 characters long."),
    "forbidden": _failure(403, 10, "Application does not have permission for this action"),
    "unavailable": Answer(503, raw=b"<html></html>", content_type="text/html"),
}


def answer(request: Request) -> Answer:
    if (request.host, request.path) == ("threads.net", "/oauth/authorize"):
        return double_page.show(request)
    if request.host != "graph.threads.net":
        return Answer(404, {})
    if play := _TOKENS.get((request.method, request.path)):
        return play(request)
    for method, path, reads in _ROUTES:
        match = re.fullmatch(f"/v1[.]0{path}", request.path)
        if match and method == request.method:
            return reads(request, *match.groups()) if _TOKEN.fullmatch(request.token) else FAILURES["expired"]
    return FAILURES["gone"]


def _account(request: Request) -> str:
    return str(_TOKEN.findall(request.token)[0])


def _me(request: Request) -> Answer:
    return Answer(json={"id": _account(request), "username": "our.shop", "name": "Our shop"})


def _limits(request: Request) -> Answer:
    used = {"quota_usage": 4, "config": {"quota_total": 250, "quota_duration": 86400}}
    return Answer(json={"data": [{**used, "reply_quota_usage": 7, "reply_config": {"quota_total": 1000}}]})


def _make(request: Request) -> Answer:
    body = request.json
    fits = body.get("media_type") == "TEXT" and 0 < len(body.get("text", "")) <= 500
    if not fits or not body.get("reply_to_id", "").isdecimal():
        return FAILURES["rejected"]
    made = f"1{number():016d}"
    _made[made] = body
    return Answer(json={"id": made})


def _publish(request: Request) -> Answer:
    made = _made.pop(request.json.get("creation_id", ""), None)
    return Answer(json={"id": f"18{number():015d}"}) if made else FAILURES["gone"]


def _manage(request: Request, reply: str) -> Answer:
    return Answer(json={"success": request.query.get("hide") in ("true", "false")})


def _post(request: Request, post: str) -> Answer:
    if post == "404":
        return FAILURES["gone"]
    media = "" if post == "405" else f"https://scontent.cdninstagram.com/{post}.jpg"
    body = {"id": post, "media_type": "IMAGE", "media_url": media, "username": "our.shop", "text": "New shoes"}
    return Answer(
        json={**body, "permalink": f"https://www.threads.com/@our.shop/post/{post}", "timestamp": _iso(1790000000000)}
    )


_ROUTES: tuple[tuple[str, str, Callable[..., Answer]], ...] = (
    ("GET", "/me", _me),
    ("GET", "/me/threads_publishing_limit", _limits),
    ("POST", "/me/threads", _make),
    ("POST", "/me/threads_publish", _publish),
    ("POST", r"/(\d+)/manage_reply", _manage),
    ("GET", r"/(\d+)", _post),
    ("GET", "/me/threads", lambda request: double_past.posts(request, _account(request))),
    ("GET", "/me/mentions", lambda request: double_past.mentions(request, _account(request))),
    ("GET", r"/(\d+)/conversation", double_past.below),
)


# The tokens


def _grant(request: Request) -> Answer:
    form = dict(parse_qsl(request.raw.decode()))
    asked = double_page.consented(form, form.get("client_id", "")) if form.get("client_secret") else None
    if asked is None:
        return _failure(400, 100, "This authorization code has been used")
    account = asked.get("as", "7900001")
    return Answer(json={"access_token": f"THAA{account}-short", "user_id": int(account)})


def _exchange(request: Request) -> Answer:
    query = request.query
    fits = query.get("grant_type") == "th_exchange_token" and query.get("client_secret")
    token = _TOKEN.fullmatch(query.get("access_token", ""))
    return _lasting(token[1]) if fits and token else FAILURES["expired"]


def _refresh(request: Request) -> Answer:
    token = _TOKEN.fullmatch(request.query.get("access_token", ""))
    return (
        _lasting(token[1]) if token and request.query.get("grant_type") == "th_refresh_token" else FAILURES["expired"]
    )


def _lasting(account: str) -> Answer:
    return Answer(json={"access_token": f"THLL{account}-{number()}", "token_type": "bearer", "expires_in": 5_183_944})


_TOKENS: Mapping[tuple[str, str], Callable[[Request], Answer]] = {
    ("POST", "/oauth/access_token"): _grant,
    ("GET", "/access_token"): _exchange,
    ("GET", "/refresh_access_token"): _refresh,
}


# The webhooks


def posted(payload: Json) -> None:
    double_past.note(payload)


def sign(raw: bytes, secret: str) -> Mapping[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()}


def _iso(at: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S+0000", time.gmtime(at / 1000))


def _body(account: str, topic: str, field: str, value: Json) -> Json:
    head = {"app_id": "123", "topic": topic, "target_id": account, "time": int(time.time()), "subscription_id": "9"}
    return {**head, "has_uid_field": False, "values": {"value": value, "field": field}}


def _post_of(person: str, id: str, text: str, at: int) -> dict[str, Any]:
    id = id or f"18{number():015d}"
    return {
        "id": id, "username": person, "text": text, "media_type": "TEXT_POST", "shortcode": f"C{id}",
        "permalink": f"https://www.threads.com/@{person}/post/C{id}", "timestamp": _iso(at or int(time.time()) * 1000),
    }  # fmt: skip


def _reply(
    *, account: str = "7900001", person: str = "ana", id: str = "", text: str = "How much?", post: str = "1790001",
    answers: str = "", at: int = 0, **fields: Any,
) -> Json:  # fmt: skip
    root = {"id": post, "owner_id": account, "username": "our.shop"}
    value = {**_post_of(person, id, text, at), "replied_to": {"id": answers or post}, "root_post": root, **fields}
    return _body(account, "moderate", "replies", value)


def _own_reply(**fields: Any) -> Json:
    return _reply(**{"person": "our.shop", "text": "Ten euros", **fields})


def _mention(
    *, account: str = "7900001", person: str = "ana", id: str = "", text: str = "Thanks @our.shop", at: int = 0
) -> Json:
    value = {**_post_of(person, id, text, at), "media_product_type": "THREADS", "is_reply": False}
    return _body(account, "interaction", "mentions", value)


def _deleted(*, account: str = "7900001", id: str = "1790001", at: int = 0) -> Json:
    now = _iso(at or int(time.time()) * 1000)
    value = {"id": id, "owner": {"owner_id": account}, "deleted_at": now, "timestamp": now, "username": "our.shop"}
    return _body(account, "moderate", "delete", value)


EVENTS: Mapping[str, Callable[..., Json]] = {
    "comment": _reply,
    "own_comment": _own_reply,
    "mention": _mention,
    "delete": _deleted,
}


def _says(fan: Fan, message: str, text: str, at: int) -> tuple[str, dict[str, Any]]:
    """All messages of one person are below one post, which nobody else writes under."""
    return "comment", {"person": fan.id, "id": message, "text": text, "at": at, "post": f"17{fan.id}"}


VOICE = Voice(name=lambda fan, number: f"18{number}", says=_says, surface="comment")
