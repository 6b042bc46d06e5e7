"""Instagram's side, under both logins: messages, comments, mentions and accounts, as strict as the documentation.

https://developers.facebook.com/docs/instagram-platform
"""

import base64
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.networks._meta import double_lists, double_login
from chalicelib.networks._meta.double import is_late, note, offers_rightly
from chalicelib.networks._meta.double_conversations import Conversations
from chalicelib.networks.double import Answer, Request, Window, is_address, number
from chalicelib.networks.instagram import double_own_login, double_past
from chalicelib.networks.instagram.double_events import ACCOUNT, EVENTS, MEDIA, PERSON, SCOPED, VOICE, sign

__all__ = ["ACCOUNT", "CONNECTION", "EVENTS", "FAILURES", "SCOPED", "VOICE", "answer", "posted", "sign"]

Json = Mapping[str, Any]
PAGE = "104100000000001"
_HOSTS = ("graph.facebook.com", "graph.instagram.com")
_PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_STATES = ("typing_on", "typing_off", "mark_seen", "react", "unreact")
_OWN_FIELDS = {
    *("messages", "message_reactions", "message_edit", "messaging_postbacks", "messaging_seen", "messaging_referral"),
    *("comments", "live_comments", "mentions", "messaging_handover", "standby", "messaging_optins"),
}
_answered: set[str] = set()
_deleted: set[str] = set()
_hidden: set[str] = set()
_window = Window()
_conversations = Conversations("instagram")


def _error(code: int, message: str, subcode: int = 0, *, status: int = 400, **more: Any) -> Answer:
    error = {"message": f"(#{code}) {message}", "type": "OAuthException", "code": code, **more}
    return Answer(status, {"error": {**error, **({"error_subcode": subcode} if subcode else {}), "fbtrace_id": "AbC"}})


def _throttled(answer: Answer, minutes: int) -> Answer:
    use = {"type": "instagram", "call_count": 100, "total_cputime": 9, "total_time": 12}
    usage = json.dumps({ACCOUNT: [{**use, "estimated_time_to_regain_access": minutes}]})
    return Answer(answer.status, answer.json, {"X-Business-Use-Case-Usage": usage})


CONNECTION = {"account": "17841400{n}", "credentials": {"token": "EAAB{n}instagram"}}
FAILURES: Mapping[str, Answer] = {
    "expired": _error(190, "Error validating access token: Session has expired.", 463, status=401),
    "throttled": _throttled(_error(80002, "There have been too many calls to this Instagram account.", status=403), 12),
    "messages_throttled": _error(613, "Calls to this api have exceeded the rate limit.", 2534040, status=403),
    "quota": _error(9, "The maximum number of posts is reached", 2207042, status=403),
    "window_closed": _error(10, "This message is sent outside of allowed window.", 2534022, status=403),
    "gone": _error(100, "No matching Instagram user", 2534014),
    "no_such_person": _error(9010, "No matching Instagram user"),
    "unavailable_person": _error(551, "This person isn't available right now.", 1545041),
    "no_such_comment": _error(100, "Object with ID does not exist", 33),
    "media_gone": _error(24, "The requested resource does not exist", 2207006),
    "rejected": _error(100, "The message is not valid"),
    "messages_disabled": _error(200, "The account owner has disabled access to messages.", 2534041, status=403),
    "no_consent": _error(230, "User consent is required to access user profile", status=403),
    "account_restricted": _error(25, "The Instagram account is restricted.", 2207050, status=403),
    "no_permission": _error(10, "Application does not have permission for this action", status=403),
    "not_sent": _error(1200, "Temporary send message failure. Please try again later.", is_transient=True),
    "unavailable_to_us": _error(200, "This person isn't available right now.", 1545041, status=403),
    "sent_anyway": _error(1, "Received invalid JSON reply.", 1357046, status=500),
    "unavailable": _error(2, "Service temporarily unavailable", status=503, is_transient=True),
    "bad_gateway": Answer(502, raw=b"<html>Bad gateway</html>", content_type="text/html"),
    "made_anyway": _error(20, "The comment was made, but the fields asked for cannot be read.", 1772107),
    "no_id": Answer(),
}


class _Refused(Exception):
    def __init__(self, code: int, message: str, subcode: int = 0, *, status: int = 400) -> None:
        self.answer = _error(code, message, subcode, status=status)


def _require(condition: object, message: str, subcode: int = 0, code: int = 100) -> None:
    if not condition:
        raise _Refused(code, message, subcode)


def answer(request: Request) -> Answer:
    if played := double_own_login.answer(request) or double_login.answer(request):
        return played
    if request.host == "lookaside.fbsbx.com" and request.method == "GET":
        return Answer(raw=_PIXEL, content_type="image/gif")
    if not re.fullmatch(r"[A-Za-z0-9._|-]{6,}", request.token):
        return _error(190, "Invalid OAuth access token - Cannot parse access token", status=401)
    version, _, path = request.path.removeprefix("/").partition("/")
    try:
        _require(request.host in _HOSTS and re.fullmatch(r"v2[5-9]\.0", version), "Unknown path components")
        proof = request.query.get("appsecret_proof", "0" * 64)
        _require(re.fullmatch(r"[0-9a-f]{64}", proof), "Invalid appsecret_proof provided in the API argument")
        for method, pattern, play in _ROUTES:
            match = re.fullmatch(pattern, path)
            if match and method == request.method:
                return Answer(json=play(request, match[1]))
        raise _Refused(100, f"Unsupported {request.method.lower()} request.", 33)
    except _Refused as refused:
        return refused.answer
    except (AttributeError, KeyError, TypeError, double_lists.Wrong) as wrong:
        return _error(100, str(wrong) or "Invalid parameter")


def _messages(request: Request, node: str) -> Json:
    body, recipient = request.json, request.json["recipient"]
    _require(len(recipient) == 1 and {"id", "comment_id"} & set(recipient), "Param recipient must be one person")
    _require(all(re.fullmatch(r"\d+", value) for value in recipient.values()), "No matching user", 2534014)
    _require(("message" in body) != ("sender_action" in body), "Cannot send both message and state at the same time.")
    if "sender_action" in body:
        _state(body)
        return {"recipient_id": recipient["id"]}
    _message(body)
    if "comment_id" in recipient:
        _private_reply(recipient["comment_id"], body["message"])
    elif is_late(_window, recipient["id"], body):
        raise _Refused(10, "This message is sent outside of allowed window.", 2534022, status=403)
    return {"recipient_id": recipient.get("id", PERSON), "message_id": f"aWdfZAG1{number()}"}


def posted(payload: Json) -> None:
    note(_window, payload)
    _conversations.note(payload)
    double_past.note(payload)


def _state(body: Json) -> None:
    _require(set(body) <= {"recipient", "sender_action", "payload"}, "Only the recipient goes with a sender action")
    _require(body["sender_action"] in _STATES, "Param sender_action must be one of its values")
    if body["sender_action"] in ("react", "unreact"):
        payload, wanted = body["payload"], "love" if body["sender_action"] == "react" else None
        _require(payload["message_id"] and payload.get("reaction") == wanted, "Param payload is wrong")


def _message(body: Json) -> None:
    message = body["message"]
    _require(set(body) <= {"recipient", "message", "reply_to", "messaging_type", "tag"}, "Unexpected parameter")
    _require(body.get("tag", "HUMAN_AGENT") == "HUMAN_AGENT", "Param tag must be HUMAN_AGENT")
    _require(("tag" in body) == (body.get("messaging_type") == "MESSAGE_TAG"), "A tag goes with MESSAGE_TAG")
    _require("reply_to" not in body or body["reply_to"]["mid"], "Param reply_to[mid] is required")
    content = set(message) - {"quick_replies"}
    _require(len(content) == 1 and content <= {"text", "attachment", "attachments"}, "Message cannot be empty")
    _require(offers_rightly(message), "What is offered is wrong")
    _require(0 < len(message.get("text", "-").encode()) <= 1000, "Message text must be 1000 bytes or less")
    files = message.get("attachments", [message["attachment"]] if "attachment" in message else [])
    together = {file["type"] for file in message.get("attachments", [])}
    _require(len(files) <= 10 and together <= {"image"}, "At most ten images go together")
    for file in [file for file in files if file["type"] != "template"]:
        _require(file["type"] in ("image", "video", "audio", "file"), "Param attachment type must be one of its values")
        _require(is_address(file["payload"]["url"]), "Url is not valid", 2018007)


def _private_reply(comment: str, message: Json) -> None:
    _require("text" in message, "Private replies are text")
    _require(comment not in _answered, "Activity already replied to", code=10900)
    _answered.add(comment)


def _reply(request: Request, comment: str) -> Json:
    message = request.json["message"]
    _require(comment not in _deleted, "Object with ID does not exist", 33)
    _require(set(request.json) <= {"message", "media_id", "comment_id"}, "Unexpected parameter")
    _require(0 < len(message) <= 2200, "The comment is too long")
    return {"id": str(17950000000000000 + 10 * number())}


def _mention_reply(request: Request, account: str) -> Json:
    _require(request.json["media_id"].isdigit(), "Param media_id is required")
    return _reply(request, request.json.get("comment_id", ""))


def _hide(request: Request, comment: str) -> Json:
    _require(comment not in _deleted, "Object with ID does not exist", 33)
    _require(request.query["hide"] in ("true", "false"), "Param hide must be a boolean")
    (_hidden.add if request.query["hide"] == "true" else _hidden.discard)(comment)
    return {"success": True}


def _delete(request: Request, comment: str) -> Json:
    _require(comment not in _deleted, "Object with ID does not exist", 33)
    _deleted.add(comment)
    return {"success": True}


def _subscribe(request: Request, node: str) -> Json:
    fields = set(request.query["subscribed_fields"].split(","))
    allowed = _OWN_FIELDS if request.host == "graph.instagram.com" else fields - {"comments", "messaging_seen"}
    _require(fields and fields <= allowed, "Param subscribed_fields must be one of its values")
    double_login.subscribe("instagram", node, request.query["subscribed_fields"])
    return {"success": True}


def _read(request: Request, node: str) -> Json:
    wanted = request.query.get("fields", "id")
    if listed := double_past.medium_with_comments(request, node):
        return listed
    mentioned = re.fullmatch(r"mentioned_(comment|media)\.(?:comment|media)_id\((\d+)\)\{[a-z_,]+\}", wanted)
    if mentioned:
        _require(request.host == "graph.facebook.com", f"Tried accessing nonexisting field ({wanted})")
        answer = _comment_body(mentioned[2]) if mentioned[1] == "comment" else _media_body(mentioned[2])
        return {f"mentioned_{mentioned[1]}": answer, "id": node}
    if wanted == "id,instagram_business_account{id,username}":
        return {
            "id": PAGE if node == "me" else node,
            "instagram_business_account": {"id": ACCOUNT, "username": "bella"},
        }
    if "caption" in wanted:
        media = {**_media_body(node), "username": "bella", "media_product_type": "FEED"}
        _require(set(wanted.split(",")) <= {*media, "thumbnail_url"}, f"Tried accessing nonexisting field ({wanted})")
        return {name: media[name] for name in ("id", *wanted.split(",")) if name in media}
    known: Json = {"id": SCOPED, "user_id": ACCOUNT, "username": "bella"} if node == "me" else _comment_body(node)
    person = {"name": "Ana Silva", "profile_pic": "https://scontent.cdninstagram.com/p.jpg", "follower_count": 12}
    known = {**person, "user_id": node, **known} if node != "me" else known
    _require(set(wanted.split(",")) <= set(known), f"Tried accessing nonexisting field ({wanted})")
    return {name: known[name] for name in {"id", *wanted.split(",")}}


def _comment_body(comment: str) -> Json:
    stamp = "2026-01-31T09:00:00+0000"
    body = {"id": comment, "text": "Ask @bella", "username": "ana.silva", "timestamp": stamp}
    return {**body, "hidden": comment in _hidden}


def _media_body(media: str) -> Json:
    picture = {"media_type": "IMAGE", "media_url": "https://scontent.cdninstagram.com/1.jpg"}
    publication = {
        "caption": "Lunch at @bella",
        "permalink": f"https://www.instagram.com/p/{media}/",
        "username": "ana.silva",
    }
    return {"id": media, "timestamp": "2026-01-31T09:00:00+0000", **publication, **picture}


def _publishing(request: Request, account: str) -> Json:
    return {"data": [{"quota_usage": 2, "config": {"quota_total": 50, "quota_duration": 86400}}]}


_ROUTES: list[tuple[str, str, Callable[[Request, str], Json]]] = [
    ("POST", r"(\d+|me)/messages", _messages),
    ("POST", r"(\d+|me)/subscribed_apps", _subscribe),
    ("GET", r"(\d+|me)/subscribed_apps", lambda request, node: double_login.subscribed("instagram", node)),
    ("GET", r"(\d+)/content_publishing_limit", _publishing),
    ("DELETE", r"(\d+|me)/subscribed_apps", lambda request, node: {"success": True}),
    ("POST", r"(\d+)/replies", _reply),
    ("POST", r"(\d+)/comments", _reply),
    ("POST", r"(\d+)/mentions", _mention_reply),
    ("POST", r"(\d+)", _hide),
    ("DELETE", r"(\d+)", _delete),
    ("GET", r"(\d+)/media", double_past.media),
    ("GET", r"(\d+|me)/conversations", _conversations.listed),
    ("GET", r"(t_\d+)", _conversations.conversation),
    ("GET", r"(\d+)/tags", lambda request, account: {"data": [_media_body(MEDIA)]}),
    ("GET", r"(\d+|me)", _read),
]
