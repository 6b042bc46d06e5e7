"""A Mastodon server, played strictly. It keeps events until they are asked for; every host is such a server.

The token `token{n}` is that of `shop{n}`; a token of the consent page is that of the account which consented. Limits as
in the documentation.
"""

import json
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.networks.double import Answer, Fan, Request, Voice, by, number
from chalicelib.networks.mastodon import double_consent

SERVER, LIMIT_ENDS = "mastodon.example", 1_800_000_000_000
CONNECTION = {
    "account": f"shop{{n}}@{SERVER}", "credentials": {"token": "token{n}"}, "details": {"server": SERVER},
}  # fmt: skip
_TOKEN = re.compile(r"token(\d*)|granted\d+")


def _failure(status: int, message: str, **headers: str) -> Answer:
    return Answer(status, {"error": message}, headers)


def _iso(ms: float) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


FAILURES: Mapping[str, Answer] = {
    "expired": _failure(401, "The access token was revoked"),
    "throttled": _failure(429, "Too many requests", **{"X-RateLimit-Reset": "2099-01-01T00:00:00.000000Z"}),
    "gone": _failure(404, "Record not found"),
    "rejected": _failure(422, "Validation failed: Text character limit of 500 exceeded"),
    "forbidden": _failure(403, "This action is outside the authorized scopes"),
    "unavailable": _failure(503, "Remote SSL certificate could not be verified"),
}
_boxes: dict[str, list[dict[str, Any]]] = {}  # notifications of each account, the oldest first
_statuses: dict[str, dict[str, Any]] = {}
_keys: dict[str, str] = {}
_deleted: set[str] = set()


def forget() -> None:
    for kept in (_boxes, _statuses, _keys, _deleted):
        kept.clear()


# The API


def answer(request: Request) -> Answer:
    if request.path in double_consent.ROUTES:
        return double_consent.ROUTES[request.path](request)
    if not _TOKEN.fullmatch(request.token):
        return FAILURES["expired"]
    for method, path, play in ROUTES:
        if method == request.method and (match := re.fullmatch(path, request.path)):
            return play(request, *match.groups())
    return FAILURES["gone"]


def _name(request: Request) -> str:
    numbered = re.fullmatch(r"token(\d*)", request.token)
    return f"shop{numbered[1]}" if numbered else double_consent.name_of(request.token)


def _me(request: Request) -> Answer:
    name = _name(request)
    limits = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "288", "X-RateLimit-Reset": _iso(LIMIT_ENDS)}
    shown = {**_account(name), "source": {"privacy": "public"}}
    return Answer(json=shown, headers=limits) if name else FAILURES["expired"]


def _notifications(request: Request) -> Answer:
    types, limit = request.every("types[]"), int(request.query.get("limit", "40"))
    if limit > 80:
        return FAILURES["rejected"]
    box = [
        notice for notice in _boxes.get(f"{_name(request)}@{request.host}", []) if not types or notice["type"] in types
    ]
    low, high = int(request.query.get("min_id", "0")), int(request.query.get("max_id", "9" * 30))
    between = [notice for notice in box if low < int(notice["id"]) < high]
    page = between[:limit] if "min_id" in request.query else between[-limit:]
    shown = [
        {**notice, "status": _statuses[notice["status"]["id"]]} if "status" in notice else notice
        for notice in reversed(page)
    ]
    return _listed(shown)


def _listed(rows: list[Any]) -> Answer:
    return Answer(json={"rows": len(rows)}, raw=json.dumps(rows).encode())


def _answer_status(request: Request, id: str) -> Answer:
    """A post of other people exists until it is deleted, even if it was never played."""
    if id in _deleted:
        return FAILURES["gone"]
    return Answer(json=_statuses.get(id) or status("ana77@other.example", "Hello", id))


def _context_of(request: Request, id: str) -> Answer:
    if id not in _statuses:
        return FAILURES["gone"]
    above: list[Any] = []
    while (id := _statuses[id]["in_reply_to_id"] or "") in _statuses:
        above.insert(0, _statuses[id])
    return Answer(json={"ancestors": above, "descendants": []})


def _post(request: Request) -> Answer:
    body, key = request.json, request.headers.get("idempotency-key", "")
    if not set(body) <= {"status", "visibility", "in_reply_to_id", "media_ids"}:
        return FAILURES["rejected"]
    text, files = body.get("status") or "", body.get("media_ids", [])
    counted = re.sub(r"@(\w+)@[\w.]+", r"@\1", text)
    if not (text or files) or len(counted) > 500 or len(files) > 4:
        return FAILURES["rejected"]
    if body.get("visibility") not in ("public", "unlisted", "private", "direct"):
        return FAILURES["rejected"]
    if key in _keys:
        return Answer(json=_statuses[_keys[key]])
    made = status(author=_name(request), text=text, parent=body.get("in_reply_to_id", ""), shown=body["visibility"])
    _statuses[made["id"]] = made
    if key:
        _keys[key] = made["id"]
    return Answer(json=made)


def _own(request: Request, id: str) -> Answer:
    """The posts of an account, newest first: those right after `min_id`, or the last ones."""
    limit, low = int(request.query.get("limit", "20")), int(request.query.get("min_id", "0"))
    if limit > 40:
        return FAILURES["rejected"]
    posts = [post for post in _statuses.values() if post["account"]["id"] == id and int(post["id"]) > low]
    posts.sort(key=lambda post: int(post["id"]))
    return _listed((posts[:limit] if low else posts[-limit:])[::-1])


def _person(request: Request, id: str) -> Answer:
    return Answer(json=_account(_name(request) if id.startswith("9") else f"ana{id}@other.example", id=id))


def _media(request: Request) -> Answer:
    return Answer(json={"id": str(number()), "type": "image"}) if "file" in request.json else FAILURES["rejected"]


def _report(request: Request) -> Answer:
    body = request.json
    known = set(body) <= {"account_id", "status_ids", "comment", "forward", "category", "rule_ids"}
    named = all(str(id).isdecimal() for id in (body.get("account_id"), *body.get("status_ids", [])))
    categories = ("spam", "legal", "violation", "other")
    if not (known and named and body.get("category") in categories and len(body.get("comment", "")) <= 1000):
        return FAILURES["rejected"]
    return Answer(json={"id": str(number()), "action_taken": False, "category": body["category"]})


ROUTES: tuple[tuple[str, str, Callable[..., Answer]], ...] = (
    ("GET", "/api/v1/accounts/verify_credentials", _me),
    ("GET", r"/api/v1/accounts/(\w+)", _person),
    ("GET", r"/api/v1/accounts/(\w+)/statuses", _own),
    ("GET", "/api/v1/notifications", _notifications),
    ("GET", r"/api/v1/statuses/(\w+)", _answer_status),
    ("GET", r"/api/v1/statuses/(\w+)/context", _context_of),
    ("POST", "/api/v1/statuses", _post),
    ("POST", r"/api/v1/statuses/(\w+)/favourite", _answer_status),
    ("POST", r"/api/v1/accounts/(\w+)/(?:block|unblock)", lambda request, person: Answer(json={"id": person})),
    ("POST", "/api/v1/reports", _report),
    ("POST", "/api/v2/media", _media),
)


# What happens there


def _account(acct: str, id: str = "", name: str = "") -> dict[str, Any]:
    own = "" if "@" in acct else f"9{re.sub('[^0-9]', '', acct)}"
    return {
        "id": id or own, "username": acct.partition("@")[0], "acct": acct, "display_name": name or "The shop",
        "avatar": f"https://files.{SERVER}/avatar.png", "bot": False,
    }  # fmt: skip


def status(
    author: str, text: str, id: str = "", parent: str = "", shown: str = "public", **more: Any
) -> dict[str, Any]:
    id = id or str(110_000_000_000_000_000 + number())
    return {
        "id": id, "created_at": _iso(time.time() * 1000), "in_reply_to_id": parent or None,
        "in_reply_to_account_id": _statuses[parent]["account"]["id"] if parent in _statuses else None,
        "sensitive": False, "spoiler_text": "", "visibility": shown, "url": f"https://{SERVER}/@{author}/{id}",
        "edited_at": None, "content": f"<p>{text}</p>", "account": _account(author), "media_attachments": [],
        "mentions": [], "poll": None, **more,
    }  # fmt: skip


def posted(payload: Mapping[str, Any]) -> None:
    """Keeps events until the account asks for them; an edit or a deletion changes what is kept."""
    box = _boxes.setdefault(payload["account"], [])
    for item in payload["items"]:
        if item.get("event") == "delete":
            _statuses.pop(item["payload"], None)
            _deleted.add(item["payload"])
            box[:] = [notice for notice in box if notice.get("status", {}).get("id") != item["payload"]]
            continue
        if "status" in item:
            _statuses[item["status"]["id"]] = {**_statuses.get(item["status"]["id"], {}), **item["status"]}
        if item["type"] != "update":
            box.append(item)


def _notice(type: str, shop: str, **fields: Any) -> dict[str, Any]:
    item = {"id": str(30_000_000 + number()), "type": type, "created_at": _iso(time.time() * 1000), **fields}
    return {"account": shop, "items": [item]}


def _notified_post(shown: str = "public", type: str = "mention", parent: str = "") -> Callable[..., dict[str, Any]]:
    def build(
        *, account: str = f"shop@{SERVER}", person: str = "77", name: str = "Ana", text: str = "Hello",
        id: str = "", at: int = 0, reply_to: str = parent, visibility: str = shown, **more: Any,
    ) -> dict[str, Any]:  # fmt: skip
        shop = _account(account.partition("@")[0])
        author = _account(f"ana{person}@other.example", id=person, name=name)
        made = status(author["acct"], f"<span>@{shop['username']}</span> {text}", id, reply_to, visibility)
        made |= {"account": author, "mentions": [shop], **more}
        made |= {"created_at": _iso(at)} if at else {}
        if reply_to and made["in_reply_to_account_id"] is None:
            made["in_reply_to_account_id"] = shop["id"]
        return _notice(type, account, account_id=person, status=made)

    return build


def _edit(
    *, account: str = f"shop@{SERVER}", id: str = "1", text: str = "Hello again", at: int = 0, **more: Any
) -> Any:
    known = _statuses.get(id) or status("ana77@other.example", "", id)
    known = {**known, "content": f"<p>{text}</p>", "edited_at": _iso(at or time.time() * 1000), **more}
    return _notice("update", account, status={**known, "account": known["account"] | {"id": "77"}})


def _delete(*, account: str = f"shop@{SERVER}", id: str = "1") -> Mapping[str, Any]:
    return {"account": account, "items": [{"stream": ["user"], "event": "delete", "payload": id}]}


def _follow(*, account: str = f"shop@{SERVER}", person: str = "77") -> Mapping[str, Any]:
    return _notice("follow", account, account=_account(f"ana{person}@other.example", id=person, name="Ana"))


def _warning(*, account: str = f"shop@{SERVER}", action: str = "none") -> Mapping[str, Any]:
    warning = {"id": "1", "action": action, "text": "Please be kind."}
    return _notice("moderation_warning", account, moderation_warning=warning)


EVENTS: Mapping[str, Callable[..., Mapping[str, Any]]] = {
    "dm": _notified_post("direct"),
    "mention": _notified_post(),
    "comment": _notified_post(parent="109000000000000001"),
    "quote": _notified_post(type="quote"),
    "edit": _edit,
    "delete": _delete,
    "favourite": _notified_post(type="favourite"),
    "follow": _follow,
    "warning": _warning,
}  # fmt: skip


def sign(raw: bytes, secret: str) -> Mapping[str, str]:
    return {"x-nothing": "signed"}


def _id_of(fan: Fan, number: str) -> str:
    return f"11{number:0>16}"


VOICE = Voice(
    name=_id_of,
    says=lambda fan, post, text, at: ("dm", by(fan, at, name=fan.name, id=post, text=text)),
    edits=lambda fan, post, text, at: ("edit", {"id": post, "text": text, "at": at}),
    deletes=lambda fan, post, at: ("delete", {"id": post}),
)
