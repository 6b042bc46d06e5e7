"""LINE's side: the Messaging API with its limits and words, and the events that it posts.

https://developers.line.biz/en/reference/messaging-api/
"""

import re
import time
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from chalicelib.networks import signature
from chalicelib.networks.double import Answer, Request, Voice, by, is_address, number

Json = Mapping[str, Any]
_TOKEN = re.compile(r"line-(\d+)-[A-Za-z0-9+/=]+")
_PERSON = re.compile(r"[UCR]?[0-9a-z]{1,32}")
_PIXEL = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489")
_taken: dict[str, Json] = {}
_endpoints: dict[str, str] = {}


def _failure(status: int, message: str, **headers: str) -> Answer:
    return Answer(status, {"message": message}, headers)


CONNECTION = {"credentials": {"token": "line-{n}-Rk3x==", "secret": "0a1b{n}"}}
FAILURES: Mapping[str, Answer] = {
    "expired": _failure(
        401, "Authentication failed. Confirm that the access token in the authorization header is valid."
    ),
    "throttled": _failure(429, "The API rate limit has been exceeded. Try again later.", **{"Retry-After": "9"}),
    "spent": _failure(429, "You have reached your monthly limit."),
    "gone": _failure(400, "Failed to send messages"),
    "nobody": _failure(400, "The property, 'to', in the request body is invalid (line: -, column: -)"),
    "not_found": _failure(404, "Not found"),
    "rejected": _failure(400, "The request body has 1 error(s)"),
    "forbidden": _failure(403, "Access to this API is not available for your account"),
    "unavailable": _failure(500, "Internal Server Error"),
    "silent": Answer(200, {}),
}


def answer(request: Request) -> Answer:
    token = _TOKEN.fullmatch(request.token)
    for host, method, path, play in _ROUTES:
        match = re.fullmatch(path, request.path)
        if match and (host, method) == (request.host, request.method):
            return play(request, *match.groups()) if token else FAILURES["expired"]
    return FAILURES["not_found"]


def _info(request: Request) -> Answer:
    [digits] = _TOKEN.findall(request.token)
    names = {"displayName": "Our shop", "basicId": "@our-shop", "chatMode": "bot", "markAsReadMode": "manual"}
    return Answer(json={"userId": f"U{digits:0>32}", **names})


def _push(request: Request) -> Answer:
    key, body = request.headers.get("x-line-retry-key", ""), request.json
    if key and str(UUID(key)) != key:
        return _failure(400, "Invalid retry key")
    if key in _taken:
        headers = {"x-line-accepted-request-id": "7c1ff77b-49ed-4b5f-9c5a-0f6b7a7f0a11"}
        return Answer(409, {"message": "The retry key is already accepted", **_taken[key]}, headers)
    if not _PERSON.fullmatch(str(body.get("to"))):
        return FAILURES["nobody"]
    bubbles: Any = body.get("messages")
    if not (isinstance(bubbles, list) and 1 <= len(bubbles) <= 5 and all(map(_is_bubble, bubbles))):
        return FAILURES["rejected"]
    sent = {"sentMessages": [{"id": f"46{number():016d}", "quoteToken": "q"} for _ in bubbles]}
    if key:
        _taken[key] = sent
    return Answer(json=sent)


def _is_bubble(bubble: Json) -> bool:
    if bubble.get("type") == "image":
        return is_address(bubble["originalContentUrl"]) and is_address(bubble["previewImageUrl"])
    if bubble.get("type") == "template":
        template = bubble["template"]
        fits = 0 < len(template["text"]) <= 160 and 1 <= len(template["actions"]) <= 4
        return fits and 0 < len(bubble["altText"]) <= 400 and all(map(_is_action, template["actions"]))
    items = bubble.get("quickReply", {}).get("items", [])
    fits = len(items) <= 13 and all(item["type"] == "action" and _is_action(item["action"]) for item in items)
    return bubble.get("type") == "text" and 0 < len(bubble["text"]) <= 5000 and fits


def _is_action(action: Json) -> bool:
    return action["type"] == "postback" and 0 < len(action["label"]) <= 20 and 0 < len(action["data"]) <= 300


def _loading(request: Request) -> Answer:
    fits = str(request.json.get("chatId")).startswith("U") and request.json.get("loadingSeconds") in range(5, 61, 5)
    return Answer(202) if fits else FAILURES["rejected"]


def _read(request: Request) -> Answer:
    return Answer() if request.json.get("markAsReadToken") else FAILURES["rejected"]


def _endpoint(request: Request) -> Answer:
    """Plain http is accepted for this machine only, where the hook of a local run is."""
    url = str(request.json.get("endpoint"))
    if not is_address(url) or len(url) > 500:
        return _failure(400, "Invalid webhook endpoint URL")
    _endpoints[request.token] = url
    return Answer()


def _show_endpoint(request: Request) -> Answer:
    return Answer(json={"endpoint": _endpoints.get(request.token, ""), "active": request.token in _endpoints})


def _profile(request: Request, person: str) -> Answer:
    if person.endswith("gone"):
        return FAILURES["not_found"]
    return Answer(json={"userId": person, "displayName": "Ana", "pictureUrl": "https://profile.line-scdn.net/ana"})


def _content(request: Request, id: str) -> Answer:
    return Answer(raw=_PIXEL, content_type="image/png")


def _transcoding(request: Request, id: str) -> Answer:
    return Answer(json={"status": {"1": "processing", "2": "failed"}.get(id, "succeeded")})


_ROUTES: tuple[tuple[str, str, str, Callable[..., Answer]], ...] = (
    ("api.line.me", "GET", "/v2/bot/info", _info),
    ("api.line.me", "POST", "/v2/bot/message/push", _push),
    ("api.line.me", "POST", "/v2/bot/chat/loading/start", _loading),
    ("api.line.me", "POST", "/v2/bot/chat/markAsRead", _read),
    ("api.line.me", "PUT", "/v2/bot/channel/webhook/endpoint", _endpoint),
    ("api.line.me", "GET", "/v2/bot/channel/webhook/endpoint", _show_endpoint),
    ("api.line.me", "GET", "/v2/bot/message/quota", lambda request: Answer(json={"type": "limited", "value": 1000})),
    ("api.line.me", "GET", "/v2/bot/message/quota/consumption", lambda request: Answer(json={"totalUsage": 12})),
    ("api.line.me", "GET", r"/v2/bot/profile/(\w+)", _profile),
    ("api-data.line.me", "GET", r"/v2/bot/message/(\w+)/content", _content),
    ("api-data.line.me", "GET", r"/v2/bot/message/(\w+)/content/transcoding", _transcoding),
)


# The webhooks


def sign(raw: bytes, secret: str) -> Mapping[str, str]:
    return {"X-Line-Signature": signature.in_base64(raw, secret)}


def _event(type: str, **always: Any) -> Callable[..., Json]:
    """A builder; `person` did it, in `group` if given, and every other field is put in as it is."""

    def build(
        *, account: str = "Uours", person: str = "Uana", group: str = "", at: int = 0, **fields: Any
    ) -> dict[str, Any]:
        source = {"type": "group", "groupId": group} if group else {"type": "user"}
        event = {
            "type": type, "mode": "active", "timestamp": at or int(time.time() * 1000),
            "source": {**source, "userId": person}, "webhookEventId": f"01J{number():023d}",
            "deliveryContext": {"isRedelivery": False}, "replyToken": f"r{number()}", **always, **fields,
        }  # fmt: skip
        return {"destination": account, "events": [event]}

    return build


def _message(kind: str, event: str = "message", **always: Any) -> Callable[..., Json]:
    """Like `_event`, for a message of that kind: `id` and every other field are the message's."""

    def build(*, account: str = "Uours", person: str = "Uana", group: str = "", at: int = 0, **fields: Any) -> Json:
        message = {"type": kind, "id": f"46{number():016d}", "quoteToken": "q", **always, **fields}
        return _event(event, message=message)(account=account, person=person, group=group, at=at)

    return build


def _unsend(*, id: str = "461", **fields: Any) -> Json:
    return _event("unsend", unsend={"messageId": id}, replyToken=None)(**fields)


EVENTS: Mapping[str, Callable[..., Json]] = {
    "dm": _message("text", text="Hello", markAsReadToken="read-1"),
    "dm_with_image": _message("image", contentProvider={"type": "line"}),
    "edit": _message("text", "messageEdited", text="Hello again"),
    "unsend": _unsend,
    "postback": _event("postback", postback={"data": "size=m"}),
    "follow": _event("follow", follow={"isUnblocked": True}),
    "unfollow": _event("unfollow"),
    "join": _event("join"),
    "suspended": _event("botSuspended"),
    "resumed": _event("botResumed"),
}


VOICE = Voice(
    name=lambda fan, number: f"46{number}",
    says=lambda fan, message, text, at: ("dm", by(fan, at, id=message, text=text)),
    edits=lambda fan, message, text, at: ("edit", by(fan, at, id=message, text=text)),
    deletes=lambda fan, message, at: ("unsend", by(fan, at, id=message)),
)
