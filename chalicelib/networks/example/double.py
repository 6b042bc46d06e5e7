"""Example's side, played strictly: what its documentation would refuse is refused here, with its own error body."""

import hashlib
import hmac
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.networks.double import Answer, Fan, Request, Voice, Window, by, number
from chalicelib.networks.example import double_consent

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c636060606000000005"
    "0001a5f645400000000049454e44ae426082"
)
_PUBLIC, _PAGES = "pictures.example.com", "example.com"
_TOKEN = re.compile(r"[A-Za-z0-9._-]{8,}")
_HTTPS = re.compile(r"https?://[^\s/]+/\S*")
_HOOK = re.compile(r"https://\S+|http://127\.0\.0\.1[:/]\S*")  # plain http on this machine only


def _failure(status: int, code: str, message: str, **headers: str) -> Answer:
    return Answer(status, {"error": {"code": code, "message": message}}, headers)


CONNECTION = {"account": "shop{n}", "credentials": {"token": "token{n}"}}
FAILURES: Mapping[str, Answer] = {
    "expired": _failure(401, "token_expired", "This token is not valid any more."),
    "revoked": _failure(401, "token_revoked", "The owner took their consent back."),
    "scope_missing": _failure(403, "scope_missing", "This token may not read messages any more."),
    "throttled": _failure(429, "too_many_calls", "Too many calls.", **{"Retry-After": "30"}),
    "window_closed": _failure(403, "window_closed", "This person last wrote more than 24 hours ago."),
    "gone": _failure(404, "person_gone", "This person closed their account."),
    "rejected": _failure(422, "invalid", "This text is not allowed."),
    "forbidden": _failure(403, "forbidden", "This token may not do that."),
    "unavailable": _failure(503, "unavailable", "Nothing was done, try again."),
    "broken": Answer(500, raw=b"<html>oops</html>", content_type="text/html"),
}

_window = Window()
_hooks: dict[str, str] = {}  # by token
_hidden: set[str] = set()  # comments
_missed: dict[str, list[Any]] = {}  # by account: events that were not posted


# The API


def answer(request: Request) -> Answer:
    for host, method, path, play in ROUTES:
        match = re.fullmatch(path, request.path)
        if match and host == request.host and re.fullmatch(method, request.method):
            is_known = host in (_PUBLIC, _PAGES) or _TOKEN.fullmatch(request.token)
            return play(request, *match.groups()) if is_known else FAILURES["expired"]
    return _failure(404, "not_found", f"No {request.method} {request.path} here.")


def _dm(request: Request) -> Answer:
    body = request.json
    known = set(body) <= {"to", "text", "attachments", "reply_to", "correlation"}
    if not (known and _filled(body.get("to")) and (body.get("text") or body.get("attachments"))):
        return _failure(422, "invalid", "A message has `to`, and `text` or `attachments`.")
    files = body.get("attachments", [])
    if not all(file.get("kind") in ("image", "file") and _HTTPS.fullmatch(file.get("url", "")) for file in files):
        return _failure(422, "invalid", "An attachment is an image or a file at an https address.")
    if _window.is_closed("", body["to"]):
        return FAILURES["window_closed"]
    return _accepted("m", body.get("text", " "), 2000)


def _reply(request: Request, item: str) -> Answer:
    known = set(request.json) == {"text"}
    return _accepted("c", request.json["text"], 1000) if known else _failure(422, "invalid", "Only `text`.")


def _accepted(prefix: str, text: Any, longest: int) -> Answer:
    if not _filled(text) or len(text) > longest:
        return _failure(422, "invalid", f"A text has 1 to {longest} characters.")
    return Answer(201, {"id": f"{prefix}{number()}", "at": _now()})


def _reaction(request: Request, message: str) -> Answer:
    return Answer() if _filled(request.json.get("emoji")) else _failure(422, "invalid", "A reaction has an `emoji`.")


def _hiding(request: Request, comment: str) -> Answer:
    if request.method == "GET":
        return Answer(json={"hidden": comment in _hidden})
    (_hidden.add if request.method == "PUT" else _hidden.discard)(comment)
    return Answer()


def _report(request: Request, comment: str) -> Answer:
    is_fine = set(request.json) == {"reason", "note"} and _filled(request.json["reason"])
    return Answer() if is_fine else _failure(422, "invalid", "A report has a `reason` and a `note`.")


def _hook(request: Request) -> Answer:
    fine = _HOOK.fullmatch(str(request.json.get("url"))) and isinstance(request.json.get("secret"), str)
    _hooks[request.token] = str(request.json.get("url"))
    return Answer() if fine else _failure(422, "invalid", "A hook has a `url` and a `secret`.")


def _list(events: list[Any]) -> Answer:
    return Answer(json={"events": events})


def _media(request: Request, media: str) -> Answer:
    url = f"http://{request.headers['host']}/{request.network}/files.example.com/{media}"
    return Answer(json={"url": url})


def _post(request: Request, post: str) -> Answer:
    picture = f"http://{request.headers['host']}/{request.network}/{_PUBLIC}/{post}"
    published = {"text": "Our new shoes, out today", "author": "The shop", "at": 1764000000000, "picture": picture}
    ad = {"ad": {"id": post, "title": "Autumn", "creative": "c1"}} if post.startswith("ad") else {}
    body = {"id": post, "url": f"https://example.com/{post}", **published, **ad}
    return FAILURES["gone"] if post == "gone" else Answer(json=body)


ROUTES: tuple[tuple[str, str, str, Callable[..., Answer]], ...] = (
    ("api.example.com", "POST", "/v1/dms", _dm),
    ("api.example.com", "POST", "/v1/(?:comment|mention|review)s/([^/]+)/replies", _reply),
    ("api.example.com", "POST", "/v1/comments/([^/]+)/private_replies", _reply),
    ("api.example.com", "POST", "/v1/comments/([^/]+)/reports", _report),
    ("api.example.com", "(?:PUT|DELETE|GET)", "/v1/comments/([^/]+)/hidden", _hiding),
    ("api.example.com", "DELETE", "/v1/(?:comment|dm)s/([^/]+)", lambda request, item: Answer()),
    ("api.example.com", "PUT", "/v1/dms/([^/]+)/reaction", _reaction),
    ("api.example.com", "DELETE", "/v1/dms/([^/]+)/reaction", lambda request, item: Answer()),
    ("api.example.com", "PUT", "/v1/dms/([^/]+)/read", lambda request, item: Answer()),
    ("api.example.com", "PUT", "/v1/people/([^/]+)/typing", lambda request, person: Answer()),
    (
        "api.example.com",
        "GET",
        "/v1/people/([^/]+)",
        lambda request, person: Answer(json={"id": person, "name": "Ana"}),
    ),
    ("api.example.com", "GET", "/v1/me", lambda request: Answer(json={"id": _account(request), "name": "The shop"})),
    (_PAGES, "GET", "/authorise", double_consent.authorise),
    (_PAGES, "POST", "/oauth/token", double_consent.token),
    ("api.example.com", "GET", "/v1/accounts", double_consent.accounts),
    ("api.example.com", "PUT", "/v1/hook", _hook),
    ("api.example.com", "DELETE", "/v1/hook", lambda request: Answer()),
    ("api.example.com", "GET", "/v1/hook", lambda request: Answer(json={"url": _hooks.get(request.token, "")})),
    (
        "api.example.com",
        "GET",
        "/v1/events",
        lambda request: Answer(json={"events": _missed.get(_account(request), [])}),
    ),
    ("api.example.com", "GET", "/v1/quota", lambda request: Answer(json={"used": 3, "most": 1000})),
    ("api.example.com", "GET", "/v1/media/([^/]+)", _media),
    ("api.example.com", "GET", "/v1/posts/([^/]+)", _post),
    ("files.example.com", "GET", "/([^/]+)", lambda request, name: Answer(raw=PIXEL, content_type="image/png")),
    (_PUBLIC, "GET", "/([^/]+)", lambda request, name: Answer(raw=PIXEL, content_type="image/png")),
)


def _filled(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _now() -> int:
    return int(time.time() * 1000)


# The webhooks


def posted(payload: Mapping[str, Any]) -> None:
    """A person's message opens their window."""
    for event in payload["events"]:
        if event["type"] == "message":
            _window.opens("", event["from"]["id"], event["at"] / 1000)


def missed(payload: Mapping[str, Any]) -> None:
    """The event happens and is not posted; a call that asks for the past gives it."""
    _missed.setdefault(payload["account"], []).extend(payload["events"])
    posted(payload)


def sign(raw: bytes, secret: str) -> Mapping[str, str]:
    return {"x-example-signature": hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()}


def _account(request: Request) -> str:
    """The account of the token: `shop` and the digits after `token`, if there are any."""
    numbered = re.fullmatch(r"token(\d+)", request.token)
    return f"shop{numbered[1]}" if numbered else double_consent.account_of(request.token) or "shop"


def _event(type: str, account: str = "shop", **fields: Any) -> dict[str, Any]:
    return {"account": account, "events": [{"type": type, "at": _now(), **fields}]}


def _message(type: str, prefix: str, **always: Any) -> Callable[..., dict[str, Any]]:
    """A builder of something said. `person` and `name` are its author; every other field is put in as it is."""

    def build(
        *, person: str = "ana", name: str = "Ana", id: str = "", thread: str = "", **fields: Any
    ) -> dict[str, Any]:
        id = id or f"{prefix}{number()}"
        thread = thread or (person if prefix == "m" else id)
        side = "to" if type == "echo" else "from"
        return _event(type, id=id, thread=thread, **{side: {"id": person, "name": name}, **always, **fields})

    return build


def _own_comment(*, account: str = "shop", text: str = "Thank you", **fields: Any) -> Mapping[str, Any]:
    return EVENTS["comment"](account=account, person=account, name="The shop", text=text, **fields)


def _about(type: str, **always: Any) -> Callable[..., dict[str, Any]]:
    return lambda **fields: _event(type, **{"thread": "ana", "id": "m1", **always, **fields})


_POST = {"id": "p1", "url": "https://example.com/p1", "title": "Our new shoes"}
_IMAGE = {"kind": "image", "media": "f1", "mime": "image/png"}

EVENTS: Mapping[str, Callable[..., Mapping[str, Any]]] = {
    "dm": _message("message", "m", text="Hello"),
    "dm_with_image": _message("message", "m", text="Look", attachments=[_IMAGE]),
    "echo": _message("echo", "m", text="Hello Ana"),
    "comment": _message("comment", "c", text="How much?", post=_POST),
    "own_comment": _own_comment,
    "mention": _message("mention", "n", text="Thanks @shop", post=_POST),
    "review": _message("review", "r", text="Good", rating=4),
    "edit": _about("edit", text="Hello again"),
    "delete": _about("delete"),
    "hide": _about("hide", surface="comment", hidden=True),
    "reaction": _about("reaction", emoji="❤", **{"from": {"id": "ana", "name": "Ana"}}),
    "delivered": _about("receipt", status="delivered"),
    "read": _about("receipt", status="read"),
    "failed": _about("receipt", status="failed", code="person_gone", error="This person closed their account."),
    "expired": lambda **fields: _event(
        "account", **{"health": "expired", "text": "The password was changed.", **fields}
    ),
}


def _at_message(fan: Fan, id: str, at: int, **fields: Any) -> dict[str, Any]:
    return {"thread": fan.id, "id": id, "at": at, **fields}


def _receipt_of(status: str) -> Callable[..., tuple[str, dict[str, Any]]]:
    return lambda fan, message, at: (status, _at_message(fan, message, at))


VOICE = Voice(
    name=lambda fan, number: f"m{number}",
    says=lambda fan, message, text, at: ("dm", by(fan, at, name=fan.name, id=message, text=text)),
    edits=lambda fan, message, text, at: ("edit", _at_message(fan, message, at, text=text)),
    deletes=lambda fan, message, at: ("delete", _at_message(fan, message, at)),
    reacts=lambda fan, message, emoji, at: ("reaction", _at_message(fan, message, at, emoji=emoji)),
    echo=lambda fan, message, text, at: ("echo", by(fan, at, id=message, text=text)),
    receipts={status: _receipt_of(status) for status in ("delivered", "read", "failed")},
)
