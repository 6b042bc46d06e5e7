"""Telegram's side: the Bot API's methods with their limits and words, and updates as it posts them.

https://core.telegram.org/bots/api
"""

import base64
import re
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from chalicelib.networks.telegram import NETWORK
from local.double import Answer, Request, number

Json = Mapping[str, Any]
_PATH = re.compile(r"/bot(?P<token>\d+:[A-Za-z0-9_-]+)/(?P<method>\w+)", re.ASCII)
_FILE = re.compile(r"/file/bot\d+:[A-Za-z0-9_-]+/[\w/.-]+", re.ASCII)
_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
_ACTIONS = {"typing", "upload_photo", "upload_video", "upload_voice", "upload_document", "choose_sticker"}


def _refused(status: int, description: str, **parameters: int) -> Answer:
    body = {"ok": False, "error_code": status, "description": description}
    return Answer(status, {**body, "parameters": parameters} if parameters else body)


_bad = partial(_refused, 400)

FAILURES: Mapping[str, Answer] = {
    "expired": _refused(401, "Unauthorized"),
    "not_found": _refused(404, "Not Found"),
    "throttled": Answer(
        429,
        {**_refused(429, "Too Many Requests: retry after 7").json, "parameters": {"retry_after": 7}},
        {"Retry-After": "7"},
    ),
    "window_closed": _bad("Bad Request: BUSINESS_PEER_USAGE_MISSING"),
    "connection_gone": _bad("Bad Request: BUSINESS_CONNECTION_INVALID"),
    "gone": _refused(403, "Forbidden: bot was blocked by the user"),
    "deactivated": _refused(403, "Forbidden: user is deactivated"),
    "kicked": _refused(403, "Forbidden: bot was kicked from the supergroup chat"),
    "rejected": _bad("Bad Request: chat not found"),
    "quoted_gone": _bad("Bad Request: message to be replied not found"),
    "already_deleted": _bad("Bad Request: message to delete not found"),
    "too_late": _bad("Bad Request: query is too old and response timeout expired or query ID is invalid"),
    "migrated": _bad("Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1001305240999),
    "unavailable": Answer(502, raw=b"<html><title>502 Bad Gateway</title></html>", content_type="text/html"),
    "unreadable": Answer(200, {"ok": True, "result": True}),
}


def answer(request: Request) -> Answer:
    if request.method == "GET" and _FILE.fullmatch(request.path):
        return Answer(raw=_PIXEL, content_type="application/octet-stream")
    found = _PATH.fullmatch(request.path)
    if request.host != "api.telegram.org" or found is None or found["method"] not in _METHODS:
        return FAILURES["not_found"]
    if "authorization" in request.headers or request.method not in ("GET", "POST"):
        return FAILURES["not_found"]
    result = _METHODS[found["method"]]({**request.query, **request.json}, found["token"])
    return result if isinstance(result, Answer) else Answer(json={"ok": True, "result": result})


def sign(raw: bytes, secret: str) -> Mapping[str, str]:
    return {"X-Telegram-Bot-Api-Secret-Token": secret}


def _get_me(fields: Json, token: str) -> Json:
    bot = int(token.partition(":")[0])
    return {
        "id": bot,
        "is_bot": True,
        "first_name": f"Bot {bot}",
        "username": f"bot_{bot}_bot",
        "can_join_groups": True,
    }


def _set_webhook(fields: Json, token: str) -> Answer | bool:
    """Plain http is taken for this machine only, where the hook of a local run is."""
    try:
        url = urlsplit(str(fields.get("url")))
        port = url.port or 443
    except ValueError:
        return _bad("Bad Request: bad webhook: invalid webhook URL specified")
    local = url.hostname in ("127.0.0.1", "localhost")
    if url.scheme != "https" and not local:
        return _bad("Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
    if port not in (443, 80, 88, 8443) and not local:
        return _bad("Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", str(fields.get("secret_token", "")), re.ASCII):
        return _bad("Bad Request: secret token contains unallowed characters")
    if not isinstance(fields.get("allowed_updates", []), list):
        return _bad("Bad Request: can't parse allowed updates JSON object")
    return True


def _get_file(fields: Json, token: str) -> Answer | Json:
    file = fields.get("file_id")
    if not isinstance(file, str) or not re.fullmatch(r"[\w-]+", file, re.ASCII):
        return _bad("Bad Request: invalid file_id")
    unique = f"AQAD{file[-8:]}"
    return {"file_id": file, "file_unique_id": unique, "file_size": len(_PIXEL), "file_path": f"photos/{unique}.jpg"}


def _addressed(method: Callable[[Json], Answer | Any]) -> Callable[[Json, str], Answer | Any]:
    def check(fields: Json, token: str) -> Answer | Any:
        return _wrong_address(fields) or method(fields)

    return check


def _wrong_address(fields: Json) -> Answer | None:
    if not _whole(fields.get("chat_id")):
        return _bad("Bad Request: chat_id is empty")
    if "message_thread_id" in fields and not _whole(fields["message_thread_id"]):
        return _bad("Bad Request: message thread not found")
    connection = fields.get("business_connection_id", "-")
    if not isinstance(connection, str) or not connection:
        return _bad("Bad Request: BUSINESS_CONNECTION_INVALID")
    quoted = fields.get("reply_parameters", {"message_id": 1})
    if not isinstance(quoted, dict) or not _whole(quoted.get("message_id")):
        return _bad("Bad Request: can't parse reply parameters: Can't find field \"message_id\"")
    return None


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value != 0


def _said(fields: Json) -> Json:
    chat = {"id": fields["chat_id"], "type": "private" if fields["chat_id"] > 0 else "supergroup"}
    kept = ("business_connection_id", "message_thread_id", "text", "caption")
    return {"message_id": 1000 + number(), "date": int(time.time()), "chat": chat, **_only(fields, kept)}


def _only(fields: Json, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: fields[name] for name in names if name in fields}


def _send_message(fields: Json) -> Answer | Json:
    text = fields.get("text")
    if not isinstance(text, str) or not text.strip():
        return _bad("Bad Request: message text is empty")
    return _said(fields) if len(text) <= 4096 else _bad("Bad Request: message is too long")


def _send_file(field: str, fields: Json) -> Answer | Json:
    return _wrong_file(field, fields.get(field), fields) or _said(fields)


def _wrong_file(field: str, url: object, fields: Json) -> Answer | None:
    parts = urlsplit(url if isinstance(url, str) else "")
    if not url:
        return _bad(f"Bad Request: there is no {field} in the request")
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return _bad("Bad Request: wrong remote file identifier specified: Wrong string length")
    if field == "document" and not parts.path.lower().endswith((".pdf", ".zip", ".gif")):
        return _bad("Bad Request: failed to get HTTP URL content")
    if field == "sticker" and "caption" in fields:
        return _bad("Bad Request: sticker can't have a caption")
    too_long = len(str(fields.get("caption", ""))) > 1024
    return _bad("Bad Request: message caption is too long") if too_long else None


def _send_album(fields: Json) -> Answer | list[Json]:
    media = fields.get("media")
    if not isinstance(media, list) or not 2 <= len(media) <= 10:
        return _bad("Bad Request: wrong number of messages specified to send as an album")
    kinds = {item.get("type") for item in media}
    if not (kinds <= {"photo", "video"} or kinds in ({"document"}, {"audio"})):
        return _bad("Bad Request: can't mix media types in an album")
    wrong = (_wrong_file(item["type"], item.get("media"), item) for item in media)
    return next((refused for refused in wrong if refused), [_said({**fields, **item}) for item in media])


def _send_action(fields: Json) -> Answer | bool:
    return fields.get("action") in _ACTIONS or _bad("Bad Request: wrong parameter action in request")


def _set_reaction(fields: Json) -> Answer | bool:
    wanted = fields.get("reaction")
    if not _whole(fields.get("message_id")):
        return _bad("Bad Request: message to react not found")
    if not isinstance(wanted, list) or len(wanted) > 1:
        return _bad("Bad Request: REACTIONS_TOO_MANY")
    known = all(item.get("type") == "emoji" and item.get("emoji") in NETWORK.capabilities.reactions for item in wanted)
    return known or _bad("Bad Request: REACTION_INVALID")


def _delete_message(fields: Json) -> Answer | bool:
    return _whole(fields.get("message_id")) or _bad("Bad Request: message identifier is not specified")


def _read_business(fields: Json) -> Answer | bool:
    if "business_connection_id" not in fields:
        return _bad("Bad Request: BUSINESS_CONNECTION_INVALID")
    return _whole(fields.get("message_id")) or _bad("Bad Request: MESSAGE_ID_INVALID")


def _delete_business(fields: Json, token: str) -> Answer | bool:
    ids = fields.get("message_ids")
    if not fields.get("business_connection_id"):
        return _bad("Bad Request: BUSINESS_CONNECTION_INVALID")
    given = isinstance(ids, list) and 1 <= len(ids) <= 100 and all(map(_whole, ids))
    return given or _bad("Bad Request: message identifiers are not specified")


def _answer_callback(fields: Json, token: str) -> Answer | bool:
    known = re.fullmatch(r"-?\d+", str(fields.get("callback_query_id")), re.ASCII)
    return bool(known) or FAILURES["too_late"]


_METHODS: Mapping[str, Callable[[Json, str], Any]] = {
    "getMe": _get_me,
    "getFile": _get_file,
    "setWebhook": _set_webhook,
    "deleteWebhook": lambda fields, token: True,
    "sendMessage": _addressed(_send_message),
    "sendPhoto": _addressed(partial(_send_file, "photo")),
    "sendVideo": _addressed(partial(_send_file, "video")),
    "sendAudio": _addressed(partial(_send_file, "audio")),
    "sendVoice": _addressed(partial(_send_file, "voice")),
    "sendDocument": _addressed(partial(_send_file, "document")),
    "sendSticker": _addressed(partial(_send_file, "sticker")),
    "sendMediaGroup": _addressed(_send_album),
    "sendChatAction": _addressed(_send_action),
    "setMessageReaction": _addressed(_set_reaction),
    "deleteMessage": _addressed(_delete_message),
    "readBusinessMessage": _addressed(_read_business),
    "deleteBusinessMessages": _delete_business,
    "answerCallbackQuery": _answer_callback,
}


def _chat(chat: int, name: str = "", **more: Any) -> Json:
    return {"id": chat, "first_name": name, "type": "private", **more}


def _user(user: int, name: str) -> Json:
    return {"id": user, "is_bot": False, "first_name": name, "username": name.lower()}


def update(kind: str, **fields: Any) -> Json:
    """An update of that kind; `date` is now unless given, None leaves a field out."""
    value = {"date": int(time.time()), **fields}
    return {"update_id": number(), kind: {name: field for name, field in value.items() if field is not None}}


def message(
    kind: str = "message", *, user: int = 23, name: str = "Ana", chat: Json | None = None, **fields: Any
) -> Json:
    """A message from `user`; give `text=None` with `photo`, `document` and the like."""
    said = {"message_id": number(), "from": _user(user, name), "chat": chat or _chat(user, name), "text": "Hello"}
    return update(kind, **{**said, **fields})


def _photo(**fields: Any) -> Json:
    sizes = [{"file_id": f"photo-{side}", "file_size": side, "width": side, "height": side} for side in (90, 320, 800)]
    return message(**{"text": None, "photo": sizes, **fields})


def _document(**fields: Any) -> Json:
    file = {"file_id": "document-1", "file_name": "menu.pdf", "mime_type": "application/pdf", "file_size": 2048}
    return message(**{"text": None, "document": file, **fields})


def _group(**fields: Any) -> Json:
    return message(**{"chat": {"id": -1001305240521, "title": "Fans", "type": "supergroup"}, **fields})


def _channel_post(**fields: Any) -> Json:
    return message(
        "channel_post", **{"chat": {"id": -100777, "title": "News", "type": "channel"}, "from": None, **fields}
    )


def _edit(message_id: int, **fields: Any) -> Json:
    edited = {"text": "Hello again", "edit_date": int(time.time()), **fields}
    return message("edited_message", message_id=message_id, **edited)


def _business(*, owner: int = 42, own: bool = False, user: int = 23, **fields: Any) -> Json:
    sender, chat = owner if own else user, _chat(user, "Ana")
    return message("business_message", **{"user": sender, "chat": chat, "business_connection_id": "bc1", **fields})


def _business_deleted(message_ids: list[int], user: int = 23, connection: str = "bc1") -> Json:
    ids = {"message_ids": message_ids, "business_connection_id": connection}
    return update("deleted_business_messages", chat=_chat(user, "Ana"), date=None, **ids)


def _reaction(message_id: int, emoji: str = "👍", user: int = 23, **fields: Any) -> Json:
    new = [{"type": "emoji", "emoji": emoji}] if emoji else []
    who = {"chat": _chat(user, "Ana"), "user": _user(user, "Ana"), "old_reaction": []}
    return update("message_reaction", **{**who, "message_id": message_id, "new_reaction": new, **fields})


def _pressed(*, message_id: int = 1, data: str = "yes", label: str = "Yes, please", user: int = 23) -> Json:
    keyboard = {"inline_keyboard": [[{"text": label, "callback_data": data}]]}
    asked = message(user=user, message_id=message_id, text="Shall we?", reply_markup=keyboard)["message"]
    return update(
        "callback_query", date=None, id=str(number()), data=data, message=asked, **{"from": _user(user, "Ana")}
    )


def _membership(status: str, user: int = 23) -> Json:
    states = {"old_chat_member": {"status": "member"}, "new_chat_member": {"status": status}}
    return update("my_chat_member", chat=_chat(user, "Ana"), **{"from": _user(user, "Ana")}, **states)


def _connection(enabled: bool = True, owner: int = 42) -> Json:
    rights = {"can_reply": True, "can_read_messages": True}
    return update("business_connection", id="bc1", user=_user(owner, "John"), is_enabled=enabled, rights=rights)


EVENTS: Mapping[str, Callable[..., Json]] = {
    "message": message,
    "dm": message,
    "dm_with_image": _photo,
    "dm_with_file": _document,
    "group_message": _group,
    "channel_post": _channel_post,
    "edit": _edit,
    "business_message": _business,
    "own_business_message": partial(_business, own=True),
    "business_deleted": _business_deleted,
    "reaction": _reaction,
    "postback": _pressed,
    "blocked": partial(_membership, "kicked"),
    "unblocked": partial(_membership, "member"),
    "migrated": partial(message, text=None, migrate_to_chat_id=-1001305240999),
    "business_connection": _connection,
}
