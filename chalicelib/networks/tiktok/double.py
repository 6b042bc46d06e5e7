"""TikTok's side: the API for Business with its limits and error texts, the tokens of its consent page, and its posts.

https://business-api.tiktok.com/portal/docs
"""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.networks import double_page
from chalicelib.networks.double import Answer, Fan, Request, Voice, Window, by, is_address, number
from chalicelib.networks.tiktok import double_past

Json = Mapping[str, Any]
WRITES = "/(message/send|reply/create)/"
_FIRST_ID = 7_300_000_000_000_000_000  # ids of 19 digits
_refreshes: dict[str, Json] = {}
_scopes: dict[str, str] = {}  # by token
_window = Window(48)
_hidden: set[str] = set()  # comments


def _refused(code: int, message: str) -> Answer:
    return Answer(200, {"code": code, "message": message, "request_id": "20261128", "data": {}})


CONNECTION = {"account": "open-{n}", "credentials": {"token": "act.{n}-business"}}
FAILURES: Mapping[str, Answer] = {
    "expired": _refused(40105, "Access token is incorrect or has been revoked."),
    "expired_too": _refused(40102, "Access token is expired."),
    "throttled": _refused(40100, "You have made too many requests in a short period of time."),
    "window_closed": _refused(40002, "Messages can be sent within 48 hours after the last message of the user only."),
    "gone": _refused(40002, "The conversation does not exist."),
    "blocked": _refused(40001, "The user blocked this account."),
    "rejected": _refused(40002, "Invalid parameter: text.body"),
    "forbidden": _refused(40001, "The app has no permission to call this API."),
    "unavailable": _refused(50000, "System error"),
    "broken": Answer(502, raw=b"<html></html>", content_type="text/html"),
    "too_fast": Answer(429, {}),
    "silent": Answer(200, {"code": 0, "message": "OK", "data": {}}),
}


def _ok(**data: Any) -> Answer:
    return Answer(json={"code": 0, "message": "OK", "request_id": "20261128", "data": data})


def answer(request: Request) -> Answer:
    if (request.host, request.path) == ("www.tiktok.com", "/v2/auth/authorize/"):
        return double_page.show(request)
    root, _, path = request.path.partition("/open_api/v1.3")
    if request.host != "business-api.tiktok.com" or root:
        return Answer(404, {})
    if play := _TOKENS.get(path):
        return play(request)
    play = _PLAYS.get((request.method, path))
    if play is None:
        return _refused(40002, "Invalid path")
    named = request.query.get("business_id") or request.json.get("business_id")
    known = request.headers.get("access-token", "").startswith("act.") and "authorization" not in request.headers
    return play(request) if named and known else FAILURES["expired"]


def _business(request: Request) -> Answer:
    fits = isinstance(json.loads(request.query.get("fields", "")), list)
    return _ok(username="our_shop", display_name="Our shop") if fits else FAILURES["rejected"]


def _send(request: Request) -> Answer:
    body = request.json
    kind = body.get("message_type")
    if body.get("recipient_type") != "CONVERSATION" or not body.get("recipient"):
        return FAILURES["rejected"]
    if kind == "SENDER_ACTION":
        return _ok() if body.get("sender_action") in ("TYPING", "MARK_READ") else FAILURES["rejected"]
    if not {"TEXT": _is_text, "IMAGE": _is_image}[str(kind)](body):
        return FAILURES["rejected"]
    if _window.is_closed("", body["recipient"]):
        return FAILURES["window_closed"]
    return _ok(message={"message_id": f"msg-{number()}"})


def _is_text(body: Json) -> bool:
    return 0 < len(body["text"]["body"]) <= 6000


def _is_image(body: Json) -> bool:
    return str(body["image"]["media_id"]).startswith("media-")


def _upload(request: Request) -> Answer:
    fits = request.json.get("media_type") == "IMAGE" and "file" in request.json
    return _ok(media_id=f"media-{number()}") if fits else FAILURES["rejected"]


def _download(request: Request) -> Answer:
    body = request.json
    if not all(body.get(name) for name in ("conversation_id", "message_id", "media_id")):
        return FAILURES["rejected"]
    return _ok(download_url="" if body["media_id"] == "gone" else f"https://p16.tiktokcdn.com/{body['media_id']}")


def _reply(request: Request) -> Answer:
    body = request.json
    ids = all(isinstance(body.get(name), str) and body[name].isdecimal() for name in ("video_id", "comment_id"))
    return (
        _ok(comment_id=str(_FIRST_ID + number()))
        if ids and 0 < len(body.get("text", "")) <= 150
        else FAILURES["rejected"]
    )


def _on_comment(*actions: str) -> Callable[[Request], Answer]:
    def play(request: Request) -> Answer:
        body = request.json
        fits = body.get("action") in actions and body.get("comment_id") and body.get("video_id")
        if fits and actions[0] == "HIDE":
            (_hidden.add if body["action"] == "HIDE" else _hidden.discard)(body["comment_id"])
        return _ok() if fits else FAILURES["rejected"]

    return play


def _comments(request: Request) -> Answer:
    """The public ones among the comments with these ids; without ids, all comments of a video."""
    query = request.query
    if "comment_ids" not in query:
        return double_past.comments(request) or FAILURES["rejected"]
    wanted = json.loads(query["comment_ids"])
    fits = query.get("video_id") and query.get("status") in ("PUBLIC", "ALL") and 0 < len(wanted) <= 30
    shown = [id for id in wanted if query["status"] == "ALL" or id not in _hidden]
    return _ok(comments=[{"comment_id": id} for id in shown], has_more=False) if fits else FAILURES["rejected"]


def _webhook(request: Request) -> Answer:
    body = request.json
    fits = body.get("event_type") in ("DIRECT_MESSAGE", "COMMENT", "VIDEO") and is_address(body.get("callback_url", ""))
    return _ok() if fits and body.get("app_id") and body.get("secret") else FAILURES["rejected"]


_PLAYS: Mapping[tuple[str, str], Callable[[Request], Answer]] = {
    ("GET", "/business/get/"): _business,
    ("POST", "/business/message/send/"): _send,
    ("POST", "/business/message/media/upload/"): _upload,
    ("POST", "/business/message/media/download/"): _download,
    ("POST", "/business/comment/reply/create/"): _reply,
    ("GET", "/business/comment/list/"): _comments,
    ("GET", "/business/video/list/"): lambda request: double_past.videos(request) or FAILURES["rejected"],
    ("POST", "/business/comment/hide/"): _on_comment("HIDE", "UNHIDE"),
    ("POST", "/business/comment/like/"): _on_comment("LIKE", "UNLIKE"),
    ("POST", "/business/webhook/update/"): _webhook,
}


# The tokens


def _grant(request: Request) -> Answer:
    body = request.json
    asked = double_page.consented({**body, "code": body.get("auth_code")}, body.get("client_id", ""))
    return _granted(asked) if asked and body.get("client_secret") else _refused(40002, "Authorization code is expired.")


def _renew(request: Request) -> Answer:
    """A refresh token works once, for the app that got it."""
    body = request.json
    asked = _refreshes.pop(body.get("refresh_token", ""), None)
    fits = asked and body.get("grant_type") == "refresh_token" and body.get("client_secret")
    if not asked or not fits or asked["client_key"] != body.get("client_id"):
        return _refused(40104, "Refresh token is invalid.")
    return _granted(asked)


def _granted(asked: Json) -> Answer:
    refresh = f"refresh-{number()}"
    _refreshes[refresh] = asked
    token, without = f"act.{number()}", asked.get("without", "").split(",")
    _scopes[token] = ",".join(scope for scope in asked["scope"].split(",") if scope not in without)
    return _ok(
        access_token=token, expires_in=86400, refresh_token=refresh, refresh_token_expires_in=31536000,
        open_id=asked.get("as", "open-1"), scope=_scopes[token],
    )  # fmt: skip


def _info(request: Request) -> Answer:
    app, token = request.json.get("app_id"), request.json.get("access_token", "")
    if not app or token not in _scopes:
        return FAILURES["expired"]
    return _ok(app_id=app, creator_id="open-1", scope=_scopes[token])


_TOKENS: Mapping[str, Callable[[Request], Answer]] = {
    "/tt_user/oauth2/token/": _grant,
    "/tt_user/oauth2/refresh_token/": _renew,
    "/tt_user/token_info/get/": _info,
}


# The webhooks


def posted(payload: Json) -> None:
    """A person's message opens their window; a comment is listed from now on."""
    said = json.loads(payload["content"])
    if payload["event"] == "im_receive_msg":
        _window.opens("", said["conversation_id"], said["timestamp"] / 1000)
    if payload["event"] == "comment.update" and said["comment_action"] == "insert":
        double_past.note(payload["user_openid"], said)


def sign(raw: bytes, secret: str, now: float | None = None) -> Mapping[str, str]:
    at = int(time.time() if now is None else now)
    digest = hmac.new(secret.encode(), f"{at}.".encode() + raw, hashlib.sha256).hexdigest()
    return {"Tiktok-Signature": f"t={at},s={digest}"}


def _event(event: str, account: str, **content: Any) -> Json:
    head = {"client_key": "aw1", "event": event, "create_time": int(time.time()), "user_openid": account}
    return {**head, "content": json.dumps(content)}


def _message(
    *, account: str = "open-1", person: str = "user-1", name: str = "ana", id: str = "", text: str = "Hello",
    at: int = 0, own: bool = False, **more: Any,
) -> Json:  # fmt: skip
    """Each person has one conversation with the account; here it has the person's id."""
    fan, us = {"id": person, "role": "personal_account"}, {"id": account, "role": "business_account"}
    sides = {"from": "our_shop", "from_user": us, "to": name, "to_user": fan}
    sides = sides if own else {"from": name, "from_user": fan, "to": "our_shop", "to_user": us}
    said = {"type": "text", "text": {"body": text}, **more}
    return _event(
        "im_send_msg" if own else "im_receive_msg", account, message_id=id or f"msg-{number()}",
        timestamp=at or int(time.time()) * 1000, conversation_id=person, **sides, **said,
    )  # fmt: skip


def _read(*, account: str = "open-1", person: str = "user-1", id: str = "", at: int = 0) -> Json:
    read = {"last_read_timestamp": at or int(time.time() * 1000)}
    return _event("im_mark_read_msg", account, conversation_id=person, read=read, from_user={"id": person})


def _comment(action: str = "insert") -> Callable[..., Json]:
    def build(
        *, account: str = "open-1", person: str = "user-1", id: int = 0, text: str = "How much?", at: int = 0,
        parent: int = 0, video: int = _FIRST_ID,
    ) -> Json:  # fmt: skip
        above = {"comment_type": "reply", "parent_comment_id": parent} if parent else {"comment_type": "comment"}
        return _event(
            "comment.update", account, comment_id=id or _FIRST_ID + number(), video_id=video, text=text,
            comment_action=action, unique_identifier=person, timestamp=at or int(time.time()) * 1000, **above,
        )  # fmt: skip

    return build


EVENTS: Mapping[str, Callable[..., Json]] = {
    "dm": _message,
    "dm_with_image": lambda **fields: _message(**{"type": "image", "image": {"media_id": "media-1"}, **fields}),
    "dm_sent": lambda **fields: _message(own=True, **fields),
    "read": _read,
    "comment": _comment(),
    "comment_deleted": _comment("delete"),
    "comment_hidden": _comment("set_to_hidden"),
    "removed": lambda account="open-1": _event("authorization.removed", account, reason=1),
}


def _says(fan: Fan, message: str, text: str, at: int) -> tuple[str, dict[str, Any]]:
    return "dm", by(fan, at, name=fan.name, id=message, text=text)


VOICE = Voice(
    name=lambda fan, number: f"msg-{number}",
    says=_says,
    echo=lambda fan, message, text, at: ("dm_sent", by(fan, at, id=message, text=text)),
    receipts={"read": lambda fan, message, at: ("read", by(fan, at))},
)
