"""Reads what LinkedIn posts about an organization: `{"type": ..., "notifications": [...]}`, times in milliseconds.

https://learn.microsoft.com/en-us/linkedin/marketing/community-management/organizations/organization-social-action-notifications
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from chalicelib.networks import base, signature
from chalicelib.networks.base import Json
from chalicelib.networks.read import MOST_PARTS, UNREADABLE, field, identity, millis, pick, short, words

PAGE = "https://www.linkedin.com/feed/update/"
LIKE = "👍"
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_PREFIX = b"hmacsha256="
_ORGANIZATION = re.compile(rb'"organizationalEntity"\s*:\s*"(urn:li:organization:\d{1,30})"')
_LOOKED_AT_BYTES = 4096
_SHORT = re.compile(r"urn:li:comment:\(((?:activity|ugcPost|share):\d+,\d+)\)", re.ASCII)
_LIKED = re.compile(r"urn:li:(?:like|reaction):\((urn:li:\w+:[^,()]+),(urn:li:comment:\([^()]+\))[,)]", re.ASCII)


def verify(raw: bytes, headers: base.Headers, secrets: base.Secrets) -> bool:
    """True if `X-LI-Signature` is the HMAC of a fixed prefix and the bytes as posted under one of the secrets."""
    return signature.is_signed(_PREFIX + raw, headers.get("x-li-signature") or "", secrets.signing)


def handshake(query: Mapping[str, str], secrets: base.Secrets) -> str | None:
    """The challenge with its HMAC, or None to refuse.

    Only a UUID is answered: bodies are signed with the same secret, and nobody may use the hand-shake to get one
    signed. https://learn.microsoft.com/en-us/linkedin/shared/api-guide/webhook-validation
    """
    challenge, secret = query.get("challengeCode", ""), next(filter(None, secrets.signing), "")
    if not secret or not _UUID.fullmatch(challenge):
        return None
    answer = hmac.new(secret.encode(), challenge.encode(), hashlib.sha256).hexdigest()
    return json.dumps({"challengeCode": challenge, "challengeResponse": answer})


def about(raw: bytes) -> str:
    """The first organization in the body; empty if it is not where LinkedIn puts it."""
    first = _ORGANIZATION.search(raw, 0, _LOOKED_AT_BYTES)
    return first[1].decode() if first else ""


def parse(payload: Json) -> Iterator[base.Inbound]:
    notifications = payload.get("notifications") if isinstance(payload, Mapping) else None
    if not isinstance(notifications, list):
        yield base.Inbound(account="", event=base.Unhandled(reason="malformed"), raw={})
        return
    flags = {"history": True} if payload.get("history") is True else {}
    for notification in notifications:
        raw = {"notifications": [notification], **flags}
        account = short(notification, "organizationalEntity").get("organizationalEntity", "")
        event = _read(account, notification)
        if flags and isinstance(event, base.Message):
            event = replace(event, history=True)
        yield base.Inbound(account=account, event=event, raw=raw)


def _read(account: str, notification: Any) -> base.Event:
    if not account:
        return base.Unhandled(reason="malformed")
    try:
        read = EVENTS.get(words(notification.get("action")))
        return read(account, notification) if read else base.Unhandled(reason="unknown_type")
    except UNREADABLE:
        return base.Unhandled(reason="malformed")


def _comment(account: str, notification: Json) -> base.Event:
    """A comment, in the thread of the comment it answers, if any."""
    comment = _activity_part(notification, "comment")
    id, parent = _comment_id(notification, comment), _parent(comment)
    text, attachments = words(comment.get("text")), _pictures(comment)
    return base.Message(
        **_common_fields(account, notification, comment),
        thread=parent or id,
        id=id,
        surface="comment",
        text=text,
        kind="" if text or attachments else "unsupported",
        attachments=attachments,
        reply_to=parent,
    )


def _mention(account: str, notification: Json) -> base.Event:
    share = _activity_part(notification, "share")
    id = identity(share["entity"] if "entity" in share else notification["generatedActivity"])
    text = words(share.get("text"))
    said = _common_fields(account, notification, share) | {"origin": base.Origin(id=id, url=PAGE + id)}
    return base.Message(**said, thread=id, id=id, surface="mention", text=text, kind="" if text else "unsupported")


def _edit(account: str, notification: Json) -> base.Event:
    comment = _activity_part(notification, "comment")
    id, text = _comment_id(notification, comment), words(comment.get("text"))
    at, thread = millis(notification.get("lastModifiedAt")), _parent(comment) or id
    return base.Edit(thread=thread, id=id, at=at, text=text, attachments=_pictures(comment) or None, surface="comment")


def _delete(account: str, notification: Json) -> base.Event:
    comment = _activity_part(notification, "comment")
    id, at = _comment_id(notification, comment), millis(notification.get("lastModifiedAt"))
    return base.Delete(thread=_parent(comment) or id, ids=(id,), at=at, surface="comment")


def _like(account: str, notification: Json) -> base.Event:
    """A like of a comment is a reaction; a like of a post is unhandled. LinkedIn does not tell which of its six
    reactions it is.
    """
    liked = _LIKED.match(words(notification.get("generatedActivity")))
    if not liked:
        return base.Unhandled(reason="engagement")
    id, at = _long_id(liked[2]), millis(notification.get("lastModifiedAt"))
    by = base.Person(id=liked[1])
    return base.Reaction(thread=id, id=id, at=at, by=by, emoji=LIKE, surface="comment")


EVENTS: Mapping[str, Callable[[str, Json], base.Event]] = {
    "COMMENT": _comment,
    "ADMIN_COMMENT": _comment,
    "COMMENT_EDIT": _edit,
    "COMMENT_DELETE": _delete,
    "SHARE_MENTION": _mention,
    "PHOTO_MENTION": _mention,
    "LIKE": _like,
    "SHARE": lambda account, notification: base.Unhandled(reason="engagement"),
}


def _common_fields(account: str, notification: Json, part: Json) -> dict[str, Any]:
    """The author, the time of the notification, and the post.

    Each admin's subscription sends the same comment with a different time, so none of these times is exact.
    """
    owner = identity(part["owner"]) if "owner" in part else ""
    own = owner == account or (notification.get("action") == "ADMIN_COMMENT")
    decorated = pick(notification.get("decoratedSourcePost"), "entity", "text")
    post, title = decorated.get("entity") or words(notification.get("sourcePost")), decorated.get("text", "")[:200]
    return {
        "at": millis(notification.get("lastModifiedAt")),
        "exact": False,
        "direction": "out" if own else "in",
        "person": None if own else base.Person(id=owner),
        "origin": base.Origin(id=post, url=PAGE + post, title=title) if post else None,
    }


def _activity_part(notification: Json, name: str) -> Json:
    """What LinkedIn tells beside the ids; empty if there is nothing readable."""
    decorated = notification.get("decoratedGeneratedActivity")
    part = decorated.get(name) if isinstance(decorated, Mapping) else None
    return part if isinstance(part, Mapping) else {}


def _comment_id(notification: Json, comment: Json) -> str:
    id = identity(comment["entity"] if "entity" in comment else notification["generatedActivity"])
    if not id.startswith("urn:li:comment:("):
        raise ValueError("not a comment")
    return _long_id(id)


def _long_id(id: str) -> str:
    """The long spelling of a comment's id: sometimes LinkedIn writes `(activity:1,2)` for `(urn:li:activity:1,2)`."""
    return f"urn:li:comment:(urn:li:{match[1]})" if (match := _SHORT.fullmatch(id)) else id


def _parent(comment: Json) -> str:
    """The answered comment; empty if the post is answered."""
    answered = words(comment.get("object"))
    return _long_id(answered) if answered.startswith("urn:li:comment:(") else ""


def _pictures(comment: Json) -> tuple[base.Attachment, ...]:
    content = comment.get("content")
    rows = content[:MOST_PARTS] if isinstance(content, list) else []
    urls = [url for row in rows if (url := field(row, "url"))]
    return tuple(base.Attachment(kind="image", url=url, expires=True) for url in urls)
