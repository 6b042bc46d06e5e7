"""Messenger's side: the Send API and the Page's edges, as strict as the documentation, and the hook's bodies.

https://developers.facebook.com/docs/messenger-platform/reference/send-api
"""

import base64
import hashlib
import hmac
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.networks._meta import double_lists, double_login
from chalicelib.networks._meta.double import is_late, note, offers_rightly, usage, used_up
from chalicelib.networks._meta.double_conversations import Conversations
from chalicelib.networks.double import Answer, Request, Voice, Window, by, is_address, number

Json = Mapping[str, Any]
PAGE, PERSON, APP = "104100000000001", "7600000000000001", 26390203743090
_MEDIA = ("image", "video", "audio", "file")
_TYPES = ("RESPONSE", "UPDATE", "MESSAGE_TAG", "UTILITY")
_STATES = ("typing_on", "typing_off", "mark_seen", "react", "unreact")
_CONTENTS = ("text", "attachment", "attachments", "template")
_PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_FIELDS = {
    *("feed", "mention", "ratings", "messages", "message_echoes", "message_edits", "message_reactions"),
    *("message_deliveries", "message_reads", "messaging_postbacks", "messaging_referrals", "messaging_optins"),
    *("messaging_handovers", "messaging_policy_enforcement", "standby", "messaging_feedback"),
}


_LATE = (10, "This message is sent outside of allowed window.", 2018278)


def _error(code: int, message: str, subcode: int = 0, *, status: int = 400, **more: Any) -> Answer:
    error = {"message": f"(#{code}) {message}", "type": "OAuthException", "code": code, **more}
    return Answer(status, {"error": {**error, **({"error_subcode": subcode} if subcode else {}), "fbtrace_id": "AbC"}})


CONNECTION = {"account": "10150{n}", "credentials": {"token": "EAAB{n}messenger"}}
FAILURES: Mapping[str, Answer] = {
    "expired": _error(190, "Error validating access token: Session has expired.", 463, status=401),
    "throttled": used_up(_error(613, "Calls to this api have exceeded the rate limit."), "messenger", PAGE, 7),
    "app_throttled": _error(4, "Application request limit reached", status=403),
    "window_closed": _error(*_LATE, status=403),
    "instagram_window_closed": _error(10, "This message is sent outside of allowed window.", 2534022, status=403),
    "gone": _error(551, "This person isn't available right now.", 1545041),
    "blocked": _error(10, "This person isn't receiving messages from you right now.", 2018108, status=403),
    "no_such_person": _error(100, "No matching user found", 2018001),
    "no_profile": _error(100, "No profile available for this user.", 2018218),
    "unavailable_person": _error(200, "This person isn't available right now.", 1545041, status=403),
    "rejected": _error(100, "Failed to fetch the file from the url.", 2018008),
    "no_permission": _error(200, "The app does not have pages_messaging.", status=403),
    "restricted": _error(10, "The Page is temporarily restricted from sending.", 1893063, status=403),
    "not_sent": _error(1200, "Temporary send message failure. Please try again later.", is_transient=True),
    "sent_anyway": _error(1, "Received invalid JSON reply.", 1357046, status=500),
    "unavailable": _error(2, "Service temporarily unavailable", status=503, is_transient=True),
    "bad_gateway": Answer(502, raw=b"<html>Bad gateway</html>", content_type="text/html"),
    "no_id": Answer(),
}


_window, _uploaded, _conversations = Window(), set[str](), Conversations("messenger")


class _Refused(Exception):
    def __init__(self, code: int, message: str, subcode: int = 0, *, status: int = 400) -> None:
        self.answer = _error(code, message, subcode, status=status)


def _require(condition: object, message: str, subcode: int = 0) -> None:
    if not condition:
        raise _Refused(100, message, subcode)


def answer(request: Request) -> Answer:
    if played := double_login.answer(request):
        return played
    if request.host == "scontent.xx.fbcdn.net" and request.method == "GET":
        return Answer(raw=_PIXEL, content_type="image/gif")
    if not re.fullmatch(r"[A-Za-z0-9._|-]{6,}", request.token):
        return _error(190, "Invalid OAuth access token - Cannot parse access token", status=401)
    version, _, path = request.path.removeprefix("/").partition("/")
    try:
        _require(
            request.host == "graph.facebook.com" and re.fullmatch(r"v2[5-9]\.0", version), "Unknown path components"
        )
        proof = request.query.get("appsecret_proof", "0" * 64)
        _require(re.fullmatch(r"[0-9a-f]{64}", proof), "Invalid appsecret_proof provided in the API argument")
        for method, pattern, play in _ROUTES:
            match = re.fullmatch(pattern, path)
            if match and method == request.method:
                return Answer(json=play(request, match[1]), headers=usage("messenger", PAGE))
        raise _Refused(100, f"Unsupported {request.method.lower()} request.", 33)
    except _Refused as refused:
        return refused.answer
    except (AttributeError, KeyError, TypeError, double_lists.Wrong) as wrong:
        return _error(100, str(wrong) or "Invalid parameter")


def _messages(request: Request, page: str) -> Json:
    body, recipient = request.json, request.json.get("recipient")
    person = recipient.get("id") if isinstance(recipient, dict) else None
    _require(isinstance(person, str) and person.isdigit(), "No matching user found", 2018001)
    _require(("message" in body) != ("sender_action" in body), "Cannot send both message and state at the same time.")
    if "sender_action" in body:
        _state(body)
        return {"recipient_id": person}
    _message(body)
    if is_late(_window, str(person), body):
        raise _Refused(*_LATE, status=403)
    return {"recipient_id": person, "message_id": f"m_double{number()}"}


def posted(payload: Json) -> None:
    note(_window, payload)
    _conversations.note(payload)


def _state(body: Json) -> None:
    _require(set(body) <= {"recipient", "sender_action", "payload"}, "Only the recipient goes with a sender action")
    _require(body["sender_action"] in _STATES, "Param sender_action must be one of its values")
    if body["sender_action"] in ("react", "unreact"):
        payload = body.get("payload") or {}
        _require(payload.get("message_id"), "Param payload[message_id] is required")
        _require(
            (body["sender_action"] == "react") == bool(payload.get("reaction")), "Param payload[reaction] is wrong"
        )


def _message(body: Json) -> None:
    message, kind = body["message"], body.get("messaging_type")
    _require(kind in _TYPES, "Param messaging_type must be one of its values")
    _require((kind == "MESSAGE_TAG") == (body.get("tag") == "HUMAN_AGENT"), "Param tag is wrong")
    _require(isinstance(message, dict) and sum(name in message for name in _CONTENTS) == 1, "Message cannot be empty")
    _require(set(message) <= {*_CONTENTS, "metadata", "quick_replies"}, "Unexpected key on param message")
    _require((kind == "UTILITY") == ("template" in message), "A utility message has a template")
    _require(len(message.get("metadata", "")) <= 1000, "Param message[metadata] is too long")
    _require("reply_to" not in body or body["reply_to"].get("mid"), "Param reply_to[mid] is required")
    _content(message)


def _content(message: Json) -> None:
    if "text" in message:
        _require(0 < len(message["text"]) <= 2000, "Length of param message[text] must be between 1 and 2000")
    if "template" in message:
        template = message["template"]
        _require(template.get("name") and template.get("language", {}).get("code"), "Param template is incomplete")
    files = message.get("attachments", [message["attachment"]] if "attachment" in message else [])
    _require("attachments" not in message or {file.get("type") for file in files} == {"image"}, "Only images together")
    for file in [file for file in files if file.get("type") != "template"]:
        _require(file.get("type") in _MEDIA, "Param message[attachment][type] must be one of its values")
        payload = file.get("payload", {})
        _require(
            payload.get("attachment_id") in _uploaded or is_address(payload.get("url", "")), "Url is not valid", 2018007
        )
    _require(offers_rightly(message), "What is offered is wrong")


def _upload(request: Request, page: str) -> Json:
    attachment, file = request.json["message"]["attachment"], request.json["filedata"]
    _require(attachment["type"] in _MEDIA and attachment["payload"] == {"is_reusable": True}, "Invalid attachment")
    _require(attachment["type"] == "file" or file["type"].startswith(attachment["type"]), "Invalid file type")
    _uploaded.add(id := str(10**15 + number()))
    return {"attachment_id": id}


def _subscribe(request: Request, page: str) -> Json:
    fields = set(request.query.get("subscribed_fields", "").split(","))
    _require(fields <= _FIELDS, f"Param subscribed_fields must be one of {sorted(_FIELDS)}")
    double_login.subscribe("messenger", page, request.query["subscribed_fields"])
    return {"success": True}


def _profile(request: Request, person: str) -> Json:
    wanted = request.query.get("fields", "id,name").split(",")
    if "category" in wanted:
        known = {"id": PAGE if person == "me" else person, "name": "Bella Pasta", "category": "Restaurant"}
    else:
        picture = "https://scontent.xx.fbcdn.net/p.jpg"
        known = {"id": person, "first_name": "Ana", "last_name": "Silva", "profile_pic": picture, "locale": "pt_BR"}
    _require(set(wanted) <= set(known) | {"name"}, f"Tried accessing nonexisting field ({wanted[-1]})")
    return {name: known[name] for name in ("id", *wanted) if name in known}


_ROUTES: list[tuple[str, str, Callable[[Request, str], Json]]] = [
    ("POST", r"(\d+)/messages", _messages),
    ("POST", r"(\d+)/message_attachments", _upload),
    ("POST", r"(\d+)/subscribed_apps", _subscribe),
    ("GET", r"(\d+)/subscribed_apps", lambda request, page: double_login.subscribed("messenger", page)),
    ("DELETE", r"(\d+)/subscribed_apps", lambda request, page: {"success": True}),
    ("GET", r"(\d+|me)", _profile),
    ("GET", r"(\d+)/conversations", _conversations.listed),
    ("GET", r"(t_\d+)", _conversations.conversation),
]


def sign(raw: bytes, secret: str) -> Mapping[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()}


def _now() -> int:
    return int(time.time() * 1000)


def event(
    account: str = PAGE, person: str = PERSON, at: int = 0, out: bool = False, key: str = "messaging", **content: Any
) -> Json:
    sides = (account, person) if out else (person, account)
    item = {"sender": {"id": sides[0]}, "recipient": {"id": sides[1]}, "timestamp": at or _now(), **content}
    return {"object": "page", "entry": [{"id": account, "time": at or _now(), key: [item]}]}


def _mid(mid: str) -> str:
    return mid or f"m_event{number()}"


def dm(text: str = "Hello", mid: str = "", more: Json | None = None, **fields: Any) -> Json:
    return event(message={"mid": _mid(mid), "text": text, **(more or {})}, **fields)


def dm_with(
    kind: str = "image", url: str = "https://scontent.xx.fbcdn.net/1.gif", mid: str = "", **fields: Any
) -> Json:
    return event(message={"mid": _mid(mid), "attachments": [{"type": kind, "payload": {"url": url}}]}, **fields)


def echo(text: str = "Hi!", mid: str = "", app: int = APP, metadata: str = "", **fields: Any) -> Json:
    message: dict[str, Any] = {"mid": _mid(mid), "is_echo": True, "app_id": app, "text": text}
    return event(out=True, message={**message, **({"metadata": metadata} if metadata else {})}, **fields)


def edit(mid: str = "m_1", text: str = "Hello again", **fields: Any) -> Json:
    return event(message_edit={"mid": mid, "text": text, "num_edit": 1}, **fields)


def reaction(mid: str = "m_1", emoji: str = "❤️", action: str = "react", **fields: Any) -> Json:
    return event(reaction={"mid": mid, "reaction": "love", "emoji": emoji, "action": action}, **fields)


def delivered(mid: str = "m_1", watermark: int = 0, **fields: Any) -> Json:
    return event(delivery={"mids": [mid], "watermark": watermark or _now()}, **fields)


def postback(title: str = "Start", payload: str = "START", mid: str = "", **fields: Any) -> Json:
    return event(postback={"mid": _mid(mid), "title": title, "payload": payload}, **fields)


EVENTS: Mapping[str, Callable[..., Json]] = {
    "event": event,
    "dm": dm,
    "dm_with_image": dm_with,
    "dm_with": dm_with,
    "standby": lambda **fields: dm(key="standby", **fields),
    "echo": echo,
    "edit": edit,
    "reaction": reaction,
    "delivered": delivered,
    "read": lambda watermark=0, **fields: event(read={"watermark": watermark or _now()}, **fields),
    "postback": postback,
    "referral": lambda ref="flyer", **fields: event(
        referral={"ref": ref, "source": "SHORTLINK", "type": "OPEN_THREAD"}, **fields
    ),
    "handover": lambda app="123", **fields: event(pass_thread_control={"new_owner_app_id": app}, **fields),
    "policy": lambda action="block", reason="Spam", **fields: event(
        policy_enforcement={"action": action, "reason": reason}, **fields
    ),
}
VOICE = Voice(
    name=lambda fan, number: f"m_{number}",
    says=lambda fan, message, text, at: ("dm", by(fan, at, mid=message, text=text)),
    edits=lambda fan, message, text, at: ("edit", by(fan, at, mid=message, text=text)),
    reacts=lambda fan, message, emoji, at: (
        "reaction",
        by(fan, at, mid=message, emoji=emoji or "❤️", action="react" if emoji else "unreact"),
    ),
    echo=lambda fan, message, text, at: ("echo", by(fan, at, mid=message, text=text)),
    receipts={
        "delivered": lambda fan, message, at: ("delivered", by(fan, at, mid=message, watermark=at)),
        "read": lambda fan, message, at: ("read", by(fan, at, watermark=at)),
    },
    correlation="metadata",
)
