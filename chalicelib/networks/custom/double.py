"""An agency's server, played strictly: it takes only signed and documented calls, and says each message once."""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.networks.double import Answer, Fan, Request, Voice, by, number

HOST, PATH = "forum.example", "/palabre"
CONNECTION = {
    "account": f"{HOST}{PATH}/shop{{n}}",
    "credentials": {"token": "secret-of-shop{n}"},
    "details": {"address": f"https://{HOST}{PATH}"},
}


def _failure(status: int, code: str, message: str, **headers: str) -> Answer:
    return Answer(status, {"error": {"code": code, "message": message}}, headers)


FAILURES: Mapping[str, Answer] = {
    "expired": _failure(401, "expired", "This secret is not valid any more."),
    "throttled": _failure(429, "throttled", "Too many calls.", **{"Retry-After": "30"}),
    "window_closed": _failure(422, "window_closed", "This person left the shop."),
    "gone": _failure(410, "gone", "This person closed their account."),
    "rejected": _failure(422, "rejected", "This text is not allowed."),
    "unavailable": _failure(503, "unavailable", "Nothing was done, try again."),
    "broken": Answer(500, raw=b"<html>oops</html>", content_type="text/html"),
    "forbidden": Answer(403),
    "lost": Answer(404),
}
_said: dict[str, str] = {}
_FIELDS = {
    "check": set[str](),
    "subscribe": {"hook", "secret"},
    "unsubscribe": set[str](),
    "send": {"message"},
    "act": {"act"},
}
_MESSAGE = {"thread", "to", "surface", "text", "reply_to", "private", "origin", "attachments", "correlation"}


def answer(request: Request) -> Answer:
    body = request.json
    name, type = str(body.get("account", "shop")), str(body.get("type"))
    if request.path != PATH or request.method != "POST" or type not in _FIELDS:
        return _failure(422, "rejected", "There is nothing here.")
    if not _is_signed(request, f"secret-of-{name}"):
        return FAILURES["expired"]
    if set(body) - {"account", "type"} != _FIELDS[type]:
        return FAILURES["rejected"]
    if type == "send":
        return _sent(request)
    return Answer(json={"account": name, "name": f"The {name}"} if type == "check" else {})


def recorded(entry: dict[str, Any], request: Request) -> dict[str, Any]:
    """Adds the caller's secret to the recorded call, by which tests find an account's calls: the signature does not
    show it.
    """
    who = {"authorization": f"Bearer secret-of-{request.json.get('account', 'shop')}"}
    return {**entry, "headers": {**entry["headers"], **who}}


def _sent(request: Request) -> Answer:
    message, key = request.json["message"], request.headers.get("idempotency-key", "")
    if not set(message) <= _MESSAGE or not (message.get("text") or message.get("attachments")):
        return FAILURES["rejected"]
    id = (key and _said.get(key)) or f"m{number()}"
    if key:
        _said[key] = id
    return Answer(201, {"id": id})


def _is_signed(request: Request, secret: str) -> bool:
    id, seconds = (request.headers.get(f"webhook-{name}", "") for name in ("id", "timestamp"))
    return request.headers.get("webhook-signature") == _proof(secret, id, seconds, request.raw)


def _proof(secret: str, id: str, seconds: str, raw: bytes) -> str:
    content = f"{id}.{seconds}.".encode() + raw
    return "v1," + base64.b64encode(hmac.new(secret.encode(), content, hashlib.sha256).digest()).decode()


def sign(raw: bytes, secret: str) -> Mapping[str, str]:
    id, seconds = f"msg_{number()}", str(int(time.time()))
    return {"webhook-id": id, "webhook-timestamp": seconds, "webhook-signature": _proof(secret, id, seconds, raw)}


# What happens there


def _event(type: str, **always: Any) -> Callable[..., dict[str, Any]]:
    """A builder of an event, which takes every field as it is; the account is not in it, because the hook tells it."""

    def build(*, account: str = "", **fields: Any) -> dict[str, Any]:
        return {"events": [{"type": type, "at": int(time.time() * 1000), **always, **fields}]}

    return build


def _message(surface: str, **always: Any) -> Callable[..., dict[str, Any]]:
    def build(*, account: str = "", person: str = "ana", name: str = "Ana", id: str = "", **fields: Any) -> Any:
        id = id or f"m{number()}"
        thread = person if surface == "dm" else id
        message = {"surface": surface, "id": id, "thread": thread, "person": {"id": person, "name": name}}
        return _event("message")(**{**message, **always, **fields})

    return build


def _event_about(type: str, **always: Any) -> Callable[..., dict[str, Any]]:
    def build(*, account: str = "", person: str = "ana", id: str = "m1", thread: str = "", **fields: Any) -> Any:
        who = {"person": {"id": person}} if type in ("reaction", "profile") else {}
        return _event(type)(**{"thread": thread or person, "id": id, **who, **always, **fields})

    return build


_POST = {"id": "p1", "url": "https://forum.example/p1", "title": "Our new shoes"}
EVENTS: Mapping[str, Callable[..., Mapping[str, Any]]] = {
    "dm": _message("dm", text="Hello"),
    "echo": _message("dm", text="Hello Ana", direction="out"),
    "comment": _message("comment", text="How much?", origin=_POST),
    "mention": _message("mention", text="Thanks @shop"),
    "review": _message("review", text="Good", rating=4),
    "edit": _event_about("edit", text="Hello again"),
    "delete": _event_about("delete"),
    "hide": _event_about("hide", surface="comment", hidden=True),
    "reaction": _event_about("reaction", emoji="❤"),
    "receipt": _event_about("receipt", status="read"),
    "profile": _event("profile", person={"id": "ana", "name": "Ana"}, reachable=True),
    "account": _event("account", health="alert", name="password", detail="The password ends in a week."),
}
VOICE = Voice(
    name=lambda fan, digits: f"m{digits}",
    says=lambda fan, said, text, at: ("dm", by(fan, at, name=fan.name, id=said, text=text)),
    edits=lambda fan, said, text, at: ("edit", by(fan, at, id=said, text=text, created_at=fan.times.get(said, 0))),
    deletes=lambda fan, said, at: ("delete", by(fan, at, id=said, created_at=fan.times.get(said, 0))),
    reacts=lambda fan, said, emoji, at: ("reaction", by(fan, at, id=said, emoji=emoji)),
    echo=lambda fan, said, text, at: ("echo", by(fan, at, name=fan.name, id=said, text=text)),
    receipts={
        status: lambda fan, said, at, status=status: ("receipt", by(fan, at, id=said, status=status))
        for status in ("delivered", "read")
    },
)


def forget(fan: Fan | None = None) -> None:
    _said.clear()
