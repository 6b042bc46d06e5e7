"""X's side: its API with its limits and words, the tokens of its consent page, and what it posts.

https://docs.x.com/x-api
"""

import base64
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from chalicelib.networks import double_page, signature
from chalicelib.networks.double import Answer, Request, number
from chalicelib.networks.x import double_past
from chalicelib.networks.x.double_events import EVENTS, VOICE

__all__ = ["CONNECTION", "EVENTS", "FAILURES", "VOICE", "WRITES", "answer", "posted", "sign"]

Json = Mapping[str, Any]
_TOKEN = re.compile(r"x-(\d+)-\w+")
WRITES = "/2/(?!media)"
RESET = 2_000_000_000
_subscriptions: dict[str, Json] = {}
_refreshes: dict[str, Json] = {}


def _failure(status: int, title: str, detail: str, **headers: str) -> Answer:
    kind = f"https://api.x.com/2/problems/{title.lower().replace(' ', '-')}"
    return Answer(status, {"title": title, "detail": detail, "type": kind, "status": status}, headers)


CONFIG = "1146654567674912769"
CONNECTION = {"credentials": {"token": "x-{n}-user"}, "details": {"webhook": CONFIG}}
FAILURES: Mapping[str, Answer] = {
    "expired": _failure(401, "Unauthorized", "Unauthorized"),
    "throttled": _failure(429, "Too Many Requests", "Too Many Requests", **{"x-rate-limit-reset": str(RESET)}),
    "daily": _failure(429, "Usage capped", "Usage cap exceeded: Daily"),
    "gone": _failure(403, "Forbidden", "You cannot send messages to this user."),
    "deleted": _failure(403, "Forbidden", "You attempted to reply to a Tweet that is deleted or not visible to you."),
    "not_found": _failure(404, "Not Found Error", "Could not find tweet with id: [1]."),
    "rejected": _failure(400, "Invalid Request", "One or more parameters to your request was invalid."),
    "duplicate": _failure(403, "Forbidden", "You are not allowed to create a Tweet with duplicate content."),
    "not_summoned": _failure(403, "Forbidden", "Reply to this conversation is not allowed."),
    "no_credits": _failure(402, "Credits Depleted", "Your enrolled account does not have any credits."),
    "partial": Answer(200, {"errors": [{"detail": "User is not found.", "title": "Not Found Error"}]}),
    "unavailable": Answer(503, raw=b"<html></html>", content_type="text/html"),
    "silent": Answer(201, {"data": {}}),
}


def answer(request: Request) -> Answer:
    if request.host in ("ton.twitter.com", "ton.x.com"):
        known = _TOKEN.fullmatch(request.token)
        return Answer(raw=b"\x89PNG\r\n\x1a\n", content_type="image/png") if known else FAILURES["expired"]
    if (request.host, request.path) == ("x.com", "/i/oauth2/authorize"):
        return double_page.show(request)
    if (request.host, request.method, request.path) == ("api.x.com", "POST", "/2/oauth2/token"):
        return _grant(request)
    for method, path, play in _ROUTES:
        match = re.fullmatch(path, request.path)
        if match and (request.host, method) == ("api.x.com", request.method):
            return play(request, *match.groups()) if _TOKEN.fullmatch(request.token) else FAILURES["expired"]
    return FAILURES["not_found"]


def _account(request: Request) -> str:
    return str(_TOKEN.findall(request.token)[0])


def _me(request: Request) -> Answer:
    return Answer(json={"data": {"id": _account(request), "name": "Our shop", "username": "our_shop"}})


def _user(request: Request, person: str) -> Answer:
    if person == "404":
        return FAILURES["partial"]
    return Answer(
        json={"data": {"id": person, "name": "Ana", "username": "ana", "profile_image_url": "https://a.test/a"}}
    )


def _post(request: Request) -> Answer:
    body = request.json
    text, media = body.get("text", ""), body.get("media", {}).get("media_ids", [])
    fits = set(body) <= {"text", "media", "reply"} and (text or media) and len(media) <= 4
    if not fits or not body.get("reply", {}).get("in_reply_to_tweet_id", "").isdecimal():
        return FAILURES["rejected"]
    return (
        Answer(201, {"data": {"id": f"20{number():016d}", "text": text}})
        if _weight(text) <= 280
        else FAILURES["rejected"]
    )


def _weight(text: str) -> int:
    return sum(1 if ord(character) < 0x1100 else 2 for character in text)


def _message(request: Request, person: str) -> Answer:
    body = request.json
    if not set(body) <= {"text", "attachments"} or not body or len(body.get("attachments", [])) > 1:
        return FAILURES["rejected"]
    if len(body.get("text", "")) > 10_000:
        return FAILURES["rejected"]
    conversation = "-".join(sorted((_account(request), person)))
    return Answer(201, {"data": {"dm_event_id": f"20{number():016d}", "dm_conversation_id": conversation}})


def _media(request: Request) -> Answer:
    fits = request.json.get("media_category") in ("tweet_image", "dm_image") and "media" in request.json
    return (
        Answer(200, {"data": {"id": f"30{number():016d}", "expires_after_secs": 86400}})
        if fits
        else FAILURES["rejected"]
    )


def _mentions(request: Request, account: str) -> Answer:
    return double_past.mentions(request, account) or FAILURES["rejected"]


def _messages(request: Request) -> Answer:
    return double_past.messages(request, _account(request)) or FAILURES["rejected"]


def _hidden(request: Request, post: str) -> Answer:
    hidden = request.json.get("hidden")
    return Answer(json={"data": {"hidden": hidden}}) if isinstance(hidden, bool) else FAILURES["rejected"]


def _done(request: Request, *ids: str) -> Answer:
    return Answer(json={"data": {"blocked": True}})


def _subscribed(request: Request) -> Answer:
    body = request.json
    if body.get("filter", {}).get("user_id") != _account(request) or not body.get("webhook_id"):
        return FAILURES["rejected"]
    id = str(number())
    _subscriptions[id] = {**body, "subscription_id": id}
    return Answer(201, {"data": {"subscription": _subscriptions[id]}})


def _listed(request: Request) -> Answer:
    return Answer(json={"data": list(_subscriptions.values()), "meta": {"total_subscriptions": len(_subscriptions)}})


def _ended(request: Request, id: str) -> Answer:
    return Answer(json={"data": {"deleted": _subscriptions.pop(id, None) is not None}})


def _shown(request: Request, post: str) -> Answer:
    if post == "404":
        return FAILURES["not_found"]
    tweet = {"id": post, "text": "New shoes", "author_id": "1", "created_at": "2026-09-21T14:13:20.000Z"}
    users, media = [{"id": "1", "username": "our_shop"}], [{"media_key": "3_1", "url": "https://pbs.twimg.com/1.jpg"}]
    return Answer(json={"data": tweet, "includes": {"users": users, "media": media}})


_ROUTES: tuple[tuple[str, str, Callable[..., Answer]], ...] = (
    ("GET", "/2/users/me", _me),
    ("GET", r"/2/users/(\d+)", _user),
    ("GET", r"/2/users/(\d+)/mentions", _mentions),
    ("GET", "/2/dm_events", _messages),
    ("POST", "/2/tweets", _post),
    ("GET", r"/2/tweets/(\d+)", _shown),
    ("PUT", r"/2/tweets/(\d+)/hidden", _hidden),
    ("POST", r"/2/dm_conversations/with/(\d+)/messages", _message),
    ("POST", r"/2/users/(\d+)/dm/(block|unblock)", _done),
    ("POST", "/2/media/upload", _media),
    ("POST", "/2/activity/subscriptions", _subscribed),
    ("GET", "/2/activity/subscriptions", _listed),
    ("DELETE", r"/2/activity/subscriptions/(\d+)", _ended),
)


# The tokens


def _grant(request: Request) -> Answer:
    """A refresh token works once, as a code does."""
    form = dict(parse_qsl(request.raw.decode()))
    head = request.headers.get("authorization", "").removeprefix("Basic ")
    client, _, secret = base64.b64decode(head).decode().partition(":")
    if not (client and secret):
        return Answer(401, {"error": "unauthorized_client", "error_description": "Missing valid authorization header"})
    asked = _refreshes.pop(form.get("refresh_token", ""), None) or double_page.consented(form, client)
    if asked is None or asked["client_id"] != client:
        error = {"error": "invalid_request", "error_description": "Value passed for the token was invalid."}
        return Answer(400, error)
    access, refresh = f"x-{asked.get('as', '11')}-{number()}", f"refresh-{number()}"
    _refreshes[refresh] = asked
    token = {"token_type": "bearer", "expires_in": 7200, "access_token": access, "refresh_token": refresh}
    return Answer(json={**token, "scope": asked["scope"]})


def posted(payload: Json) -> None:
    double_past.note(payload)


def sign(raw: bytes, secret: str) -> Mapping[str, str]:
    return {"X-Twitter-Webhooks-Signature-OAuth2": "sha256=" + signature.in_base64(raw, secret)}
