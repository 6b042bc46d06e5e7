"""Trustpilot's side: tokens for an API key and its secret, replies, and its posts to an address with a secret."""

import base64
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from chalicelib.networks.double import Answer, Fan, Request, Voice, by, number

Json = dict[str, Any]
CONNECTION = {
    "account": "46d6a890000{n}0000", "credentials": {"token": "tp-key-{n}", "secret": "tp-secret"},
    "details": {"user": "5f0c"},
}  # fmt: skip


def _failure(status: int, message: str, **headers: str) -> Answer:
    return Answer(status, {"message": message, "errorCode": status * 10, "details": message}, headers)


FAILURES: Mapping[str, Answer] = {
    "expired": _failure(401, "Unauthorized"),
    "throttled": _failure(429, "Too many requests", **{"Retry-After": "40"}),
    "throttled_for_a_while": _failure(429, "Too many requests"),
    "gone": _failure(404, "Review not found"),
    "rejected": _failure(400, "The message is too long"),
    "forbidden": _failure(403, "No access to this business unit"),
    "unavailable": _failure(503, "Service unavailable"),
    "broken": Answer(500, raw=b"<html>oops</html>", content_type="text/html"),
    "silent": Answer(201, {}),
}


missed: dict[str, list[Json]] = {}  # reviews as the API has them, by business


def answer(request: Request) -> Answer:
    if request.path.endswith("/accesstoken"):
        return _token(request)
    if not request.token.startswith("access-"):
        return FAILURES["expired"]
    reply = re.fullmatch(r"/v1/private/reviews/(\w+)/reply", request.path)
    business = re.fullmatch(r"/v1/(private/)?business-units/([0-9a-f]+)(/reviews)?", request.path)
    if reply and request.method == "POST":
        return _reply(request)
    if business and request.method == "GET" and bool(business[1]) == bool(business[3]):
        return _list(request, business[2]) if business[1] else _business(request, business[2])
    return FAILURES["gone"]


def _list(request: Request, id: str) -> Answer:
    rows, size, page = missed.get(id, []), int(request.query["perPage"]), int(request.query.get("page", "1"))
    since = request.query.get("startDateTime", "")
    rows = sorted((row for row in rows if row["createdAt"][:19] >= since[:19]), key=lambda row: row["createdAt"])
    return Answer(json={"reviews": rows[(page - 1) * size : page * size]}) if size <= 100 else FAILURES["rejected"]


def _token(request: Request) -> Answer:
    pair = base64.b64decode(request.headers.get("authorization", "").removeprefix("Basic ")).decode()
    key, _, secret = pair.partition(":")
    if secret != "tp-secret" or request.json != {"grant_type": "client_credentials"}:
        return Answer(401, {"reason": "Invalid client"})
    return Answer(json={"access_token": f"access-{key}", "expires_in": "359999", "token_type": "Bearer"})


def _reply(request: Request) -> Answer:
    text: Any = request.json.get("message")
    if not set(request.json) <= {"message", "authorBusinessUserId"} or not isinstance(text, str) or len(text) > 4096:
        return FAILURES["rejected"]
    return Answer(201, {"reply": {"message": text, "createdAt": written(int(time.time() * 1000) + number())}})


def _business(request: Request, id: str) -> Answer:
    if not request.headers.get("apikey"):
        return FAILURES["forbidden"]
    return Answer(json={"id": id, "displayName": "Bella Pasta", "name": {"identifying": "bellapasta.test"}})


def sign(raw: bytes, secret: str) -> Mapping[str, str]:
    """Nothing is signed: the hook's address has a password."""
    return {"Authorization": "Basic " + base64.b64encode(f"palabre:{secret}".encode()).decode()}


def written(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def review(
    happened: str = "created", text: str = "Fast and friendly.", *, kind: str = "service", id: str = "",
    title: str = "", person: str = "53bffc39", name: str = "Ana", stars: int = 5, at: int = 0, account: str = "",
    **fields: Any,
) -> Json:  # fmt: skip
    """`at` in ms. The account is not in the body; the hook tells it."""
    review = {
        "id": id or f"53bffd36{number()}", "language": "en", "title": title, "text": text, "stars": stars,
        "createdAt": written(at or int(time.time() * 1000)), "consumer": {"id": person, "name": name}, **fields,
    }  # fmt: skip
    return {"events": [{"eventName": f"{kind}-review-{happened}", "version": "1", "eventData": review}]}


EVENTS: Mapping[str, Callable[..., Json]] = {
    "review": review,
    "edit": partial(review, "updated"),
    "delete": partial(review, "deleted"),
}


def _by(fan: Fan, review: str, at: int, **fields: Any) -> Json:
    return by(fan, at, id=review, name=fan.name, **fields)


VOICE = Voice(
    surface="review",
    name=lambda fan, number: f"53bffd36{number}",
    says=lambda fan, review, text, at: ("review", _by(fan, review, at, text=text)),
    edits=lambda fan, review, text, at: (
        "edit",
        _by(fan, review, fan.times[review], text=text, updatedAt=written(at)),
    ),
    deletes=lambda fan, review, at: ("delete", _by(fan, review, fan.times[review], deletedAt=written(at))),
)
