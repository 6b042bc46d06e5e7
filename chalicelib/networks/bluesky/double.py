"""A server of the AT Protocol, played strictly, with the network behind it. Every host is such a server.

`did:plc:shop{n}` has the app password `pass-{n}`; tokens of the consent page work with their key only.
"""

import json
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.networks.bluesky import double_consent
from chalicelib.networks.bluesky.double_records import RECORDS, ROUTES, forget_records
from chalicelib.networks.double import Answer, Fan, Request, Voice, by, number

SERVER = "bsky.example"
CONNECTION = {
    "account": "did:plc:shop{n}", "credentials": {"token": "pass-{n}"}, "details": {"server": SERVER},
}  # fmt: skip
_SHOP, _ANA = "did:plc:shop123456789", "did:plc:ana"


def _failure(status: int, error: str, message: str, **headers: str) -> Answer:
    return Answer(status, {"error": error, "message": message}, headers)


FAILURES: Mapping[str, Answer] = {
    "expired": _failure(401, "AuthenticationRequired", "Invalid identifier or password"),
    "unknown": _failure(400, "InvalidToken", "Token could not be verified"),
    "stale": _failure(400, "ExpiredToken", "Token has expired"),
    "throttled": _failure(429, "RateLimitExceeded", "Rate Limit Exceeded", **{"RateLimit-Reset": "4070908800"}),
    "gone": _failure(400, "InvalidRequest", "Could not find record"),
    "blocked": _failure(400, "InvalidRequest", "block between recipient and sender"),
    "rejected": _failure(400, "InvalidRequest", "Invalid app.bsky.feed.post record: must not be longer than 300"),
    "upstream": _failure(502, "UpstreamFailure", "Upstream Failure"),
    "unavailable": _failure(503, "NotEnoughResources", "The server is busy"),
}
_boxes: dict[str, list[dict[str, Any]]] = {}  # notifications of each account, the oldest first
_logs: dict[str, list[dict[str, Any]]] = {}
_sessions: dict[str, str] = {}  # access and refresh tokens


def forget() -> None:
    """Forgets everything that was written, and all sessions."""
    for kept in (_boxes, _logs, _sessions):
        kept.clear()
    forget_records()


def iso(ms: float = 0) -> str:
    text = datetime.fromtimestamp((ms or time.time() * 1000) / 1000, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


# The API


def answer(request: Request) -> Answer:
    name = request.path.removeprefix("/xrpc/")
    if request.path in double_consent.ROUTES or request.path.startswith("/did:"):
        return double_consent.ROUTES.get(request.path, double_consent.document)(request)
    if name in ("com.atproto.server.createSession", "com.atproto.server.refreshSession"):
        return _opened(request) if "create" in name else _refreshed(request)
    who = _sessions.get(request.token, "") or double_consent.authenticate(request)
    if isinstance(who, Answer):
        return who
    return _played(request, name, who) if who.startswith("did:") else FAILURES["unknown"]


def _played(request: Request, name: str, who: str) -> Answer:
    if name in OWN:
        return OWN[name](request, who)
    if name in ROUTES and ROUTES[name][0] == request.method:
        return ROUTES[name][1](request, who)
    return _failure(501, "MethodNotImplemented", "Method Not Implemented")


def _opened(request: Request) -> Answer:
    identifier, password = (str(request.json.get(name)) for name in ("identifier", "password"))
    match = re.fullmatch(r"pass-(\d+)", password)
    if not match or identifier not in (f"did:plc:shop{match[1]}", f"shop{match[1]}.{SERVER}"):
        return FAILURES["expired"]
    return _session(f"did:plc:shop{match[1]}")


def _refreshed(request: Request) -> Answer:
    did = _sessions.pop(request.token, "")
    return _session(did.removeprefix("refresh ")) if did.startswith("refresh ") else FAILURES["stale"]


def _session(did: str) -> Answer:
    access, refresh = f"access-{number()}", f"refresh-{number()}"
    _sessions[access], _sessions[refresh] = did, f"refresh {did}"
    home = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": f"https://pds.{SERVER}"}
    return Answer(
        json={
            "did": did, "handle": handle(did), "accessJwt": access, "refreshJwt": refresh,
            "didDoc": {"id": did, "service": [home]},
        }
    )  # fmt: skip


def ends_sessions() -> None:
    """Makes all access tokens expire; refresh tokens stay valid."""
    for token in [token for token in _sessions if token.startswith("access")]:
        del _sessions[token]


def handle(did: str) -> str:
    return f"{did.rpartition(':')[2]}.{SERVER}"


def _notifications(request: Request, who: str) -> Answer:
    limit, cursor = int(request.query.get("limit", "50")), request.query.get("cursor", "9")
    wanted = request.every("reasons")
    if not 1 <= limit <= 100:
        return FAILURES["rejected"]
    box = [notice for notice in reversed(_boxes.get(who, [])) if not wanted or notice["reason"] in wanted]
    older = [notice for notice in box if notice["indexedAt"] < cursor]
    page = older[:limit]
    more = {"cursor": page[-1]["indexedAt"]} if len(older) > limit else {}
    return Answer(json={"notifications": page, "seenAt": iso(), **more})


def _log(request: Request, who: str) -> Answer:
    if "did:web:api.bsky.chat" not in request.headers.get("atproto-proxy", ""):
        return _failure(501, "MethodNotImplemented", "Method Not Implemented")
    since = request.query.get("cursor", "0")
    logs = [log for log in _logs.get(who, []) if int(log["rev"]) > int(since)][:50]
    return Answer(json={"logs": logs, "cursor": logs[-1]["rev"] if logs else since})


def _me(request: Request, who: str) -> Answer:
    limits = {"RateLimit-Limit": "3000", "RateLimit-Remaining": "2990", "RateLimit-Reset": "1800000000"}
    return Answer(json={"did": who, "handle": handle(who), "active": True}, headers=limits)


OWN: Mapping[str, Callable[[Request, str], Answer]] = {
    "com.atproto.server.getSession": _me,
    "app.bsky.notification.listNotifications": _notifications,
    "chat.bsky.convo.getLog": _log,
}


# What happens there


def posted(payload: Mapping[str, Any]) -> None:
    """Keeps events until the account asks for them; a deletion removes what is kept."""
    account = payload["account"]
    for item in payload["items"]:
        if item.get("reason") == "deleted":
            RECORDS.pop(item["uri"], None)
            _boxes[account] = [notice for notice in _boxes.get(account, []) if notice["uri"] != item["uri"]]
        elif item.get("author", {}).get("did") == account:
            RECORDS[item["uri"]] = item  # nobody is notified of what they say themselves
        elif "$type" in item:
            _logs.setdefault(account, []).append(item)
        else:
            _boxes.setdefault(account, []).append(item)
            RECORDS[item["uri"]] = {**item, "cid": item["cid"]}


def _notified_post(reason: str, below_us: bool = False, is_own: bool = False) -> Callable[..., dict[str, Any]]:
    def build(
        *, account: str = _SHOP, person: str = _ANA, name: str = "Ana", text: str = "Hello", id: str = "",
        at: int = 0, root: str = "", parent: str = "", **more: Any,
    ) -> dict[str, Any]:  # fmt: skip
        person, name = (account, "The shop") if is_own else (person, name)
        uri = id or f"at://{person}/app.bsky.feed.post/3k{number()}"
        root = root or (f"at://{account}/app.bsky.feed.post/3kroot" if below_us else "")
        above = {"root": {"uri": root, "cid": "bafyroot"}, "parent": {"uri": parent or root, "cid": "bafyparent"}}
        record = {
            "$type": "app.bsky.feed.post",
            "text": text,
            "createdAt": iso(at),
            **({"reply": above} if root else {}),
        }
        item = {
            "uri": uri, "cid": f"bafy{number()}", "reason": reason, "record": {**record, **more}, "isRead": False,
            "indexedAt": iso(at or time.time() * 1000 + number() / 1000),
            "author": {"did": person, "handle": handle(person), "displayName": name},
        }  # fmt: skip
        return {"account": account, "items": [item]}

    return build


def _chat_event(kind: str, **always: Any) -> Callable[..., dict[str, Any]]:
    def build(
        *, account: str = _SHOP, person: str = _ANA, text: str = "Hello", id: str = "", at: int = 0, emoji: str = "❤️",
        convo: str = "",
    ) -> dict[str, Any]:  # fmt: skip
        sender = {"did": account if always.get("ours") else person}
        message = {
            "$type": "chat.bsky.convo.defs#messageView", "id": id or f"3m{number()}", "rev": str(number()),
            "text": text, "sender": sender, "sentAt": iso(at),
        }  # fmt: skip
        reaction = {"value": emoji, "sender": {"did": person}, "createdAt": iso(at)}
        item = {
            "$type": f"chat.bsky.convo.defs#log{kind}", "rev": str(number()), "convoId": convo or f"3c{person[-12:]}",
            "message": message, **({"reaction": reaction} if "Reaction" in kind else {}),
        }  # fmt: skip
        return {"account": account, "items": [item]}

    return build


def _deleted(*, account: str = _SHOP, id: str = f"at://{_ANA}/app.bsky.feed.post/3k1", thread: str = "") -> Any:
    return {"account": account, "items": [{"reason": "deleted", "uri": id, "thread": thread or id}]}


EVENTS: Mapping[str, Callable[..., Mapping[str, Any]]] = {
    "dm": _chat_event("CreateMessage"),
    "own_dm": _chat_event("CreateMessage", ours=True),
    "delete": _chat_event("DeleteMessage"),
    "reaction": _chat_event("AddReaction"),
    "unreaction": _chat_event("RemoveReaction"),
    "comment": _notified_post("reply", below_us=True),
    "own_answer": _notified_post("reply", below_us=True, is_own=True),
    "mention": _notified_post("mention"),
    "quote": _notified_post("quote"),
    "like": _notified_post("like"),
    "follow": _notified_post("follow"),
    "post_deleted": _deleted,
}


def sign(raw: bytes, secret: str) -> Mapping[str, str]:
    return {"x-nothing": "signed"}


def wire(payload: Mapping[str, Any]) -> bytes:
    return json.dumps(payload).encode()


VOICE = Voice(
    name=lambda fan, digits: f"3m{digits}",
    says=lambda fan, said, text, at: ("dm", {**by(fan, at, id=said, text=text), "person": _did(fan)}),
    deletes=lambda fan, said, at: ("delete", {"person": _did(fan), "id": said, "at": at}),
    reacts=lambda fan, said, emoji, at: (
        "reaction" if emoji else "unreaction", {"person": _did(fan), "id": said, "at": at, "emoji": emoji or "❤️"}
    ),
)  # fmt: skip


def _did(fan: Fan) -> str:
    return f"did:plc:fan{fan.id}"
