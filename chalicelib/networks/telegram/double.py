"""Telegram's side: the Bot API's methods with their limits and words.

https://core.telegram.org/bots/api
"""

import base64
import re
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from chalicelib.networks.double import Answer, Request, number
from chalicelib.networks.telegram import NETWORK
from chalicelib.networks.telegram.double_events import EVENTS, VOICE, sign
from chalicelib.networks.telegram.outbound import PERMISSIONS

__all__ = ["CONNECTION", "DELETED", "EVENTS", "FAILURES", "VOICE", "answer", "sign"]

Json = Mapping[str, Any]
_PATH = re.compile(r"/bot(?P<token>\d+:[A-Za-z0-9_-]+)/(?P<method>\w+)", re.ASCII)
_FILE = re.compile(r"/file/bot\d+:[A-Za-z0-9_-]+/[\w/.-]+", re.ASCII)
DELETED = 404  # the number of a message that is there in no chat
_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
_ACTIONS = {"typing", "upload_photo", "upload_video", "upload_voice", "upload_document", "choose_sticker"}


def _refused(status: int, description: str, **parameters: int) -> Answer:
    body = {"ok": False, "error_code": status, "description": description}
    return Answer(status, {**body, "parameters": parameters} if parameters else body)


_bad = partial(_refused, 400)

CONNECTION = {"credentials": {"token": "70{n}:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"}}
FAILURES: Mapping[str, Answer] = {
    "expired": _refused(401, "Unauthorized"),
    "not_found": _refused(404, "Not Found"),
    "throttled": _refused(429, "Too Many Requests: retry after 7", retry_after=7),
    "window_closed": _bad("Bad Request: BUSINESS_PEER_USAGE_MISSING"),
    "connection_gone": _bad("Bad Request: BUSINESS_CONNECTION_INVALID"),
    "gone": _refused(403, "Forbidden: bot was blocked by the user"),
    "deactivated": _refused(403, "Forbidden: user is deactivated"),
    "kicked": _refused(403, "Forbidden: bot was kicked from the supergroup chat"),
    "rejected": _bad("Bad Request: not enough rights to send text messages to the chat"),
    "closed": _bad("Bad Request: TOPIC_CLOSED"),
    "unwritable": _refused(403, "Forbidden: CHAT_WRITE_FORBIDDEN"),
    "chat_gone": _bad("Bad Request: chat not found"),
    "topic_gone": _bad("Bad Request: message thread not found"),
    "group_gone": _refused(403, "Forbidden: the group chat was deleted"),
    "quoted_gone": _bad("Bad Request: message to be replied not found"),
    "already_deleted": _bad("Bad Request: message to delete not found"),
    "too_late": _bad("Bad Request: query is too old and response timeout expired or query ID is invalid"),
    "migrated": _bad("Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1001305240999),
    "unavailable": Answer(502, raw=b"<html><title>502 Bad Gateway</title></html>", content_type="text/html"),
    "unreadable": Answer(200, {"ok": True, "result": True}),
}


class _Refused(Exception):
    """Raised for a 400; carries Telegram's text."""


def _require(condition: object, description: str) -> None:
    if not condition:
        raise _Refused(f"Bad Request: {description}")


def answer(request: Request) -> Answer:
    if request.method == "GET" and _FILE.fullmatch(request.path):
        return Answer(raw=_PIXEL, content_type="application/octet-stream")
    match = _PATH.fullmatch(request.path)
    if request.host != "api.telegram.org" or match is None or match["method"] not in _METHODS:
        return FAILURES["not_found"]
    if "authorization" in request.headers or request.method not in ("GET", "POST"):
        return FAILURES["not_found"]
    try:
        return Answer(
            json={"ok": True, "result": _METHODS[match["method"]]({**request.query, **request.json}, match["token"])}
        )
    except _Refused as refused:
        return _refused(400, str(refused))


def _get_me(fields: Json, token: str) -> Json:
    bot = int(token.partition(":")[0])
    return {
        "id": bot,
        "is_bot": True,
        "first_name": f"Bot {bot}",
        "username": f"bot_{bot}_bot",
        "can_join_groups": True,
    }


def _set_webhook(fields: Json, token: str) -> bool:
    """Plain http is taken for this machine only, where the hook of a local run is."""
    try:
        url = urlsplit(str(fields.get("url")))
        port = url.port or 443
    except ValueError:
        raise _Refused("Bad Request: bad webhook: invalid webhook URL specified") from None
    local = url.hostname in ("127.0.0.1", "localhost")
    _require(url.scheme == "https" or local, "bad webhook: An HTTPS URL must be provided for webhook")
    _require(
        port in (443, 80, 88, 8443) or local, "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"
    )
    allowed = re.fullmatch(r"[A-Za-z0-9_-]{0,256}", str(fields.get("secret_token", "")), re.ASCII)
    _require(allowed, "secret token contains unallowed characters")
    _require(isinstance(fields.get("allowed_updates", []), list), "can't parse allowed updates JSON object")
    _webhooks[token] = {"url": str(fields.get("url")), "allowed_updates": fields.get("allowed_updates", [])}
    return True


def _delete_webhook(fields: Json, token: str) -> bool:
    _webhooks.pop(token, None)
    return True


def _ban(fields: Json, token: str) -> bool:
    _require(int(fields["chat_id"]) < 0, "can't restrict self")
    _require(isinstance(fields.get("user_id"), int), "invalid user_id specified")
    return True


def _restrict(fields: Json, token: str) -> bool:
    _require(str(fields.get("chat_id")).startswith("-100"), "method is available only for supergroups")
    _require(isinstance(fields.get("user_id"), int), "invalid user_id specified")
    allowed: Any = fields.get("permissions")
    _require(isinstance(allowed, dict), "can't parse permissions JSON object")
    known = set(allowed) <= set(PERMISSIONS) and all(isinstance(permission, bool) for permission in allowed.values())
    _require(known, "can't parse permissions JSON object")
    return True


def _get_file(fields: Json, token: str) -> Json:
    file = str(fields.get("file_id", ""))
    _require(re.fullmatch(r"[\w-]+", file, re.ASCII), "invalid file_id")
    return {"file_id": file, "file_unique_id": "AQAD", "file_size": len(_PIXEL), "file_path": "photos/file_1.jpg"}


def _addressed(method: Callable[[Json], Any], fields: Json, token: str) -> Any:
    connection, quoted = fields.get("business_connection_id", "-"), fields.get("reply_parameters", {"message_id": 1})
    _require(_is_number(fields.get("chat_id")), "chat_id is empty")
    _require(_is_number(fields.get("message_thread_id", 1)), "message thread not found")
    _require(_is_number(fields.get("direct_messages_topic_id", 1)), "direct messages topic not found")
    _require(not {"message_thread_id", "direct_messages_topic_id"} <= fields.keys(), "too many topics specified")
    _require(connection and isinstance(connection, str), "BUSINESS_CONNECTION_INVALID")
    _require(isinstance(quoted, dict) and _is_number(quoted.get("message_id")), "can't parse reply parameters")
    allowed = quoted.get("allow_sending_without_reply", False) is True
    _require(quoted["message_id"] != DELETED or allowed, "message to be replied not found")
    return method(fields)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value != 0


def _message(fields: Json) -> Json:
    chat = {"id": fields["chat_id"], "type": "private" if fields["chat_id"] > 0 else "supergroup"}
    names = ("business_connection_id", "message_thread_id", "text", "caption")
    content = {name: fields[name] for name in names if name in fields}
    return {"message_id": 1000 + number(), "date": int(time.time()), "chat": chat, **content}


def _send_message(fields: Json) -> Json:
    text = fields.get("text")
    _require(isinstance(text, str) and text.strip(), "message text is empty")
    _require(len(str(text)) <= 4096, "message is too long")
    rows = fields.get("reply_markup", {}).get("inline_keyboard", [])
    buttons = [button for row in rows for button in row]
    _require(len(buttons) <= 100, "reply markup is too long")
    _require(all(button.get("text") for button in buttons), "button text is empty")
    _require(all(0 < len(button["callback_data"].encode()) <= 64 for button in buttons), "BUTTON_DATA_INVALID")
    return _message(fields)


def _send_file(field: str, fields: Json) -> Json:
    """Checks a message with one file; each item of an album is checked as such a message."""
    url = fields.get(field)
    attached = str(url).startswith("attach://")
    _require(not attached or str(url).removeprefix("attach://") in fields, "wrong file identifier specified")
    url = "https://the.form/it.pdf" if attached else url
    parts = urlsplit(url if isinstance(url, str) else "")
    fetched = parts.path.lower().endswith((".pdf", ".zip", ".gif")) or field != "document"
    _require(url, f"there is no {field} in the request")
    _require(parts.scheme in ("http", "https") and parts.netloc, "wrong remote file identifier specified")
    _require(fetched, "failed to get HTTP URL content")
    _require("caption" not in fields or field != "sticker", "sticker can't have a caption")
    _require(len(str(fields.get("caption", ""))) <= 1024, "message caption is too long")
    return _message(fields)


def _send_album(fields: Json) -> list[Json]:
    media: Any = fields.get("media")
    _require(
        isinstance(media, list) and 2 <= len(media) <= 10, "wrong number of messages specified to send as an album"
    )
    kinds = {item.get("type") for item in media}
    _require(kinds <= {"photo", "video"} or kinds in ({"document"}, {"audio"}), "can't mix media types in an album")
    return [_send_file(item["type"], {**fields, **item, item["type"]: item.get("media")}) for item in media]


def _send_action(fields: Json) -> bool:
    _require("direct_messages_topic_id" not in fields, "chat action can't be sent to channel direct messages")
    _require(fields.get("action") in _ACTIONS, "wrong parameter action in request")
    return True


def _set_reaction(fields: Json) -> bool:
    wanted: Any = fields.get("reaction")
    _require(_is_number(fields.get("message_id")), "message to react not found")
    _require(isinstance(wanted, list) and len(wanted) <= 1, "REACTIONS_TOO_MANY")
    known = all(item.get("type") == "emoji" and item.get("emoji") in NETWORK.capabilities.reactions for item in wanted)
    _require(known, "REACTION_INVALID")
    return True


def _on_message(fields: Json) -> bool:
    _require(_is_number(fields.get("message_id")), "message identifier is not specified")
    return True


def _read_business(fields: Json) -> bool:
    _require("business_connection_id" in fields, "BUSINESS_CONNECTION_INVALID")
    return _on_message(fields)


def _delete_business(fields: Json, token: str) -> bool:
    ids = fields.get("message_ids")
    _require(fields.get("business_connection_id"), "BUSINESS_CONNECTION_INVALID")
    _require(
        isinstance(ids, list) and 1 <= len(ids) <= 100 and all(map(_is_number, ids)), "message identifiers are wrong"
    )
    return True


def _answer_callback(fields: Json, token: str) -> bool:
    known = re.fullmatch(r"-?\d+", str(fields.get("callback_query_id")), re.ASCII)
    _require(known, "query is too old and response timeout expired or query ID is invalid")
    return True


_webhooks: dict[str, Mapping[str, Any]] = {}
_METHODS: Mapping[str, Callable[[Json, str], Any]] = {
    "getMe": _get_me,
    "getFile": _get_file,
    "setWebhook": _set_webhook,
    "deleteWebhook": _delete_webhook,
    "getWebhookInfo": lambda fields, token: {"url": "", "pending_update_count": 0, **_webhooks.get(token, {})},
    "banChatMember": _ban,
    "unbanChatMember": _ban,
    "restrictChatMember": _restrict,
    "sendMessage": partial(_addressed, _send_message),
    "sendPhoto": partial(_addressed, partial(_send_file, "photo")),
    "sendVideo": partial(_addressed, partial(_send_file, "video")),
    "sendAudio": partial(_addressed, partial(_send_file, "audio")),
    "sendVoice": partial(_addressed, partial(_send_file, "voice")),
    "sendDocument": partial(_addressed, partial(_send_file, "document")),
    "sendSticker": partial(_addressed, partial(_send_file, "sticker")),
    "sendMediaGroup": partial(_addressed, _send_album),
    "sendChatAction": partial(_addressed, _send_action),
    "setMessageReaction": partial(_addressed, _set_reaction),
    "deleteMessage": partial(_addressed, _on_message),
    "readBusinessMessage": partial(_addressed, _read_business),
    "deleteBusinessMessages": _delete_business,
    "answerCallbackQuery": _answer_callback,
}
