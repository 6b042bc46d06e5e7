"""Viber's side: the bot API with its limits and words, and the events that it posts.

https://developers.viber.com/docs/api/rest-bot-api/
"""

import hashlib
import hmac
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.networks.double import Answer, Fan, Request, Voice, by, is_address, number

Json = Mapping[str, Any]
_TOKEN = re.compile(r"4453b6ac(\d+)-[0-9a-f-]+")
_FIRST_ID = 5_741_311_803_571_721_000  # ids are larger than what other languages keep exactly


def _failure(status: int, message: str) -> Answer:
    return Answer(200, {"status": status, "status_message": message})


_hooks: dict[str, Json] = {}

CONNECTION = {"credentials": {"token": "4453b6ac{n}-12345e02d1b-d4d0ac59"}}
FAILURES: Mapping[str, Answer] = {
    "expired": _failure(2, "invalidAuthToken"),
    "no_bot": _failure(8, "publicAccountNotFound"),
    "throttled": _failure(12, "tooManyRequests"),
    "gone": _failure(6, "receiverNotSubscribed"),
    "not_registered": _failure(5, "receiverNotRegistered"),
    "old_device": _failure(11, "receiverNoSuitableDevice"),
    "rejected": _failure(3, "badData"),
    "missing": _failure(4, "missingData"),
    "blocked": _failure(7, "publicAccountBlocked"),
    "suspended": _failure(9, "publicAccountSuspended"),
    "no_webhook": _failure(10, "webhookNotSet"),
    "bad_url": _failure(1, "invalidUrl"),
    "spent": _failure(24, "noBalance"),
    "strange": _failure(99, "generalError"),
    "unavailable": Answer(503, raw=b"<html></html>", content_type="text/html"),
    "silent": Answer(200, {"status": 0, "status_message": "ok"}),
}


def answer(request: Request) -> Answer:
    token = _TOKEN.fullmatch(request.headers.get("x-viber-auth-token", ""))
    play = _METHODS.get(request.path)
    if request.host != "chatapi.viber.com" or request.method != "POST" or play is None:
        return Answer(404, {})
    if token is None or "authorization" in request.headers:
        return FAILURES["expired"]
    return play(request, token[1]) if len(request.raw) <= 30_000 else FAILURES["rejected"]


def _ok(**fields: Any) -> Answer:
    return Answer(json={"status": 0, "status_message": "ok", **fields})


def _info(request: Request, digits: str) -> Answer:
    return _ok(
        id=f"pa:{digits}", name="Our shop", uri="ourshop", subscribers_count=3, members=[], **_hooks.get(digits, {})
    )


def _webhook(request: Request, digits: str) -> Answer:
    """Plain http is accepted for this machine only, where the hook of a local run is."""
    url, events = request.json.get("url"), request.json.get("event_types", [])
    if url != "" and not is_address(str(url)):
        return FAILURES["bad_url"]
    _hooks[digits] = {"webhook": url, "event_types": events} if url else {}
    return _ok(event_types=events)


def _details(request: Request, digits: str) -> Answer:
    if request.json.get("id") == "gone=":
        return FAILURES["gone"]
    return _ok(user={"id": request.json["id"], "name": "Ana", "avatar": "https://avatar.example/ana.jpg"})


def _message(request: Request, digits: str) -> Answer:
    body = request.json
    check = _TYPES.get(str(body.get("type")))
    sender = body.get("sender", {}).get("name", "")
    if not (body.get("receiver") and 0 < len(sender) <= 28 and check):
        return FAILURES["missing"]
    return _ok(message_token=_FIRST_ID + number()) if check(body) else FAILURES["rejected"]


def _is_text(body: Json) -> bool:
    return 0 < len(body.get("text", "")) <= 7000


def _is_picture(body: Json) -> bool:
    return is_address(body.get("media", "")) and len(body["text"]) <= 512


def _is_video(body: Json) -> bool:
    return is_address(body.get("media", "")) and 0 < body["size"] <= 26 << 20 and "text" not in body


def _is_file(body: Json) -> bool:
    fits = 0 < body["size"] <= 50 << 20 and 0 < len(body["file_name"]) <= 256
    return is_address(body.get("media", "")) and fits and "text" not in body


_TYPES: Mapping[str, Callable[[Json], bool]] = {
    "text": _is_text,
    "picture": _is_picture,
    "video": _is_video,
    "file": _is_file,
}
_METHODS: Mapping[str, Callable[[Request, str], Answer]] = {
    "/pa/get_account_info": _info,
    "/pa/set_webhook": _webhook,
    "/pa/get_user_details": _details,
    "/pa/send_message": _message,
}


# The webhooks


def sign(raw: bytes, secret: str) -> Mapping[str, str]:
    return {"X-Viber-Content-Signature": hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()}


def _event(event: str, *, account: str = "", at: int = 0, id: str = "", **fields: Any) -> Json:
    token = int(id) if id else _FIRST_ID + number()
    return {"event": event, "timestamp": at or int(time.time() * 1000), "message_token": token, **fields}


def _user(person: str, name: str) -> Json:
    return {"id": person, "name": name, "language": "en", "country": "PT", "api_version": 10}


def _message_event(
    *, person: str = "ana=", name: str = "Ana", text: str = "Hello", message: Json | None = None, **fields: Any
) -> Json:
    said = message or {"type": "text", "text": text}
    return _event("message", sender=_user(person, name), message=said, silent=False, **fields)


def _about(event: str, **always: Any) -> Callable[..., Json]:
    return lambda *, person="ana=", **fields: _event(event, **{"user_id": person, **always, **fields})


def _of_user(event: str, **always: Any) -> Callable[..., Json]:
    return lambda *, person="ana=", name="Ana", **fields: _event(
        event, **{"user": _user(person, name), **always, **fields}
    )


_PICTURE = {"type": "picture", "media": "https://dl-media.viber.example/1.jpg", "text": "Look"}
EVENTS: Mapping[str, Callable[..., Json]] = {
    "dm": _message_event,
    "dm_with_image": lambda **fields: _message_event(message=_PICTURE, **fields),
    "delivered": _about("delivered"),
    "read": _about("seen"),
    "failed": _about("failed", desc="The device is not there."),
    "unsubscribed": _about("unsubscribed"),
    "subscribed": _of_user("subscribed"),
    "started": _of_user("conversation_started", type="open", context="poster", subscribed=False),
    "webhook": lambda **fields: _event("webhook", **fields),
}


def _receipt_of(event: str) -> Callable[[Fan, str, int], tuple[str, dict[str, Any]]]:
    return lambda fan, message, at: (event, by(fan, at, id=message))


VOICE = Voice(
    name=lambda fan, number: str(_FIRST_ID + int(number)),
    says=lambda fan, message, text, at: ("dm", by(fan, at, name=fan.name, id=message, text=text)),
    receipts={status: _receipt_of(status) for status in ("delivered", "read", "failed")},
)
