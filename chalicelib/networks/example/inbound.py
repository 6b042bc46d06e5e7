"""What Example posts to us: `{"account": id, "events": [{"type": ..., "thread": ..., ...}]}`, times in milliseconds.

`parse` is total: an event that cannot be read becomes `Unhandled`, and the others of the batch are kept.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, get_args

from chalicelib.networks import base
from chalicelib.networks.base import Json

T = TypeVar("T")
YEAR_2100 = 4_102_444_800_000
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{1,128}")


def verify(raw: bytes, headers: base.Headers, secrets: base.Secrets) -> bool:
    """True if `X-Example-Signature` is the HMAC of the bytes as posted under one of the secrets."""
    given = (headers.get("x-example-signature") or "").encode("utf-8", "replace")
    return any(
        hmac.compare_digest(hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest().encode(), given)
        for secret in secrets.signing
        if secret
    )


def handshake(query: Mapping[str, str], secrets: base.Secrets) -> str | None:
    """The challenge to echo, or None; only plain characters are ever echoed, so nothing can be injected."""
    token, challenge = query.get("token", ""), query.get("challenge", "")
    known = any(hmac.compare_digest(token.encode("utf-8", "replace"), ours.encode()) for ours in secrets.verify if ours)
    return challenge if known and _CHALLENGE.fullmatch(challenge) else None


def parse(payload: Json) -> list[base.Inbound]:
    try:
        account, events = _id(payload["account"]), _a(list, payload["events"])
    except (LookupError, TypeError, ValueError):
        raw = payload if isinstance(payload, Mapping) else {}
        return [base.Inbound(account="", event=base.Unhandled(reason="malformed"), raw=raw)]
    envelopes = [{"account": payload["account"], "events": [event]} for event in events]
    return [base.Inbound(account=account, event=_read(account, raw["events"][0]), raw=raw) for raw in envelopes]


def _read(account: str, event: Any) -> base.Event:
    try:
        read = EVENTS.get(_a(str, event["type"]))
        return read(account, event) if read else base.Unhandled(reason="unknown_type")
    except (LookupError, TypeError, ValueError, AttributeError):
        return base.Unhandled(reason="malformed")


def _public(account: str, event: Json) -> base.Message:
    """What the account said in public itself comes back with its own id as author."""
    author = _person(event["from"])
    return _said(event, event["type"], *(("out", None) if author.id == account else ("in", author)))


def _said(event: Json, surface: str, direction: Any, person: base.Person | None) -> base.Message:
    return base.Message(
        **_where(event, surface),
        direction=direction,
        person=person,
        text=_a(str, event.get("text", "")),
        kind="review" if surface == "review" else "",
        attachments=tuple(_attachment(item) for item in _a(list, event.get("attachments", []))),
        reply_to=_id(event["reply_to"]) if "reply_to" in event else "",
        origin=_origin(event["post"]) if "post" in event else None,
        correlation=_a(str, event.get("correlation", "")),
        context={"rating": _id(event["rating"])} if "rating" in event else {},
    )


def _edit(account: str, event: Json) -> base.Edit:
    return base.Edit(**_where(event), text=_a(str, event["text"]))


def _delete(account: str, event: Json) -> base.Delete:
    where = _where(event)
    return base.Delete(ids=(where.pop("id"),), **where)


def _hide(account: str, event: Json) -> base.Hide:
    return base.Hide(**_where(event), hidden=event["hidden"] is True)


def _reaction(account: str, event: Json) -> base.Reaction:
    return base.Reaction(**_where(event), by=_person(event["from"]), emoji=_a(str, event.get("emoji", "")))


def _receipt(account: str, event: Json) -> base.Receipt:
    words: Any = {name: _a(str, event.get(name, "")) for name in ("code", "error", "correlation")}
    return base.Receipt(**_where(event), status=_one_of(base.ReceiptStatus, event["status"]), **words)


def _account(account: str, event: Json) -> base.AccountEvent:
    state: Any = {"at": _at(event.get("at")), "health": _one_of(base.ChannelHealth, event["health"])}
    return base.AccountEvent(name=f"account.{state['health']}", detail=_a(str, event["text"]), **state)


EVENTS: Mapping[str, Callable[[str, Json], base.Event]] = {
    "message": lambda account, event: _said(event, "dm", "in", _person(event["from"])),
    "echo": lambda account, event: _said(event, "dm", "out", _person(event["to"])),
    "comment": _public,
    "mention": _public,
    "review": _public,
    "edit": _edit,
    "delete": _delete,
    "hide": _hide,
    "reaction": _reaction,
    "receipt": _receipt,
    "account": _account,
}


# Checked readers: the body is somebody else's, so every value is looked at before it is believed.


def _where(event: Json, surface: str = "") -> dict[str, Any]:
    surface = _one_of(base.Surface, surface or event.get("surface", "dm"))
    return {"thread": _id(event["thread"]), "id": _id(event["id"]), "at": _at(event.get("at")), "surface": surface}


def _person(value: Json) -> base.Person:
    return base.Person(
        id=_id(value["id"]), name=_a(str, value.get("name", "")), username=_a(str, value.get("username", ""))
    )


def _origin(value: Json) -> base.Origin:
    return base.Origin(id=_id(value["id"]), url=_a(str, value.get("url", "")), title=_a(str, value.get("title", "")))


def _attachment(value: Json) -> base.Attachment:
    kind: Any = value["kind"] if value["kind"] in get_args(base.AttachmentKind) else "unsupported"
    return base.Attachment(kind=kind, media=_id(value["media"]), mime=_a(str, value.get("mime", "")), expires=True)


def _id(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise TypeError("not an id")
    return str(value)


def _a(kind: type[T], value: Any) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"not a {kind.__name__}")
    return value


def _at(value: Any) -> int:
    """Milliseconds, or 0 when the time is absent or cannot be true."""
    return value if type(value) is int and 0 < value < YEAR_2100 else 0


def _one_of(choices: Any, value: Any) -> Any:
    if value not in get_args(choices):
        raise ValueError("not one of the choices")
    return value
