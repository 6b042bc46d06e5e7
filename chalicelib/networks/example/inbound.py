"""Reads what Example posts to us: `{"account": id, "events": [{"type": ..., "thread": ..., ...}]}`, times in
milliseconds.

`parse` is total: an event that cannot be read becomes `Unhandled`, and the others of the batch are kept.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, get_args

from chalicelib.networks import base, signature
from chalicelib.networks.base import Json
from chalicelib.networks.read import UNREADABLE, identity, millis, part, parts, pick, short, typed, words


def verify(raw: bytes, headers: base.Headers, secrets: base.Secrets) -> bool:
    """True if `X-Example-Signature` is the HMAC of the bytes as posted under one of the secrets."""
    return signature.is_signed(raw, headers.get("x-example-signature") or "", secrets.signing)


def handshake(query: Mapping[str, str], secrets: base.Secrets) -> str | None:
    return signature.echo(query.get("challenge", ""), query.get("token", ""), secrets.verify)


def parse(payload: Json) -> Iterator[base.Inbound]:
    try:
        account, events = identity(short(payload, "account")["account"]), typed(list, payload["events"])
    except UNREADABLE:
        raw = payload if isinstance(payload, Mapping) else {}
        yield base.Inbound(account="", event=base.Unhandled(reason="malformed"), raw=raw)
        return
    for event in events:
        raw = {"account": payload["account"], "events": [event]}
        yield base.Inbound(account=account, event=_read(account, event), raw=raw)


def _read(account: str, event: Any) -> base.Event:
    try:
        read = EVENTS.get(typed(str, event["type"]))
        return read(account, event) if read else base.Unhandled(reason="unknown_type")
    except UNREADABLE:
        return base.Unhandled(reason="malformed")


def _public(account: str, event: Json) -> base.Message:
    """The account's own public messages come back with its id as the author."""
    author = _person(event["from"])
    own = author.id == account
    return _message(event, event["type"], "out" if own else "in", None if own else author)


def _message(event: Json, surface: str, direction: base.Direction, person: base.Person | None) -> base.Message:
    return base.Message(
        **_where(event, surface),
        direction=direction,
        person=person,
        text=_text(event, "text"),
        kind="review" if surface == "review" else "",
        attachments=tuple(_attachments(event)),
        reply_to=words(event.get("reply_to")),
        origin=_origin(part(event, "post")),
        correlation=_text(event, "correlation"),
        context=pick(event, "rating"),
    )


def _edit(account: str, event: Json) -> base.Edit:
    return base.Edit(**_where(event), text=typed(str, event["text"]))


def _delete(account: str, event: Json) -> base.Delete:
    where = _where(event)
    return base.Delete(ids=(where.pop("id"),), **where)


def _hide(account: str, event: Json) -> base.Hide:
    return base.Hide(**_where(event), hidden=event["hidden"] is True)


def _reaction(account: str, event: Json) -> base.Reaction:
    return base.Reaction(**_where(event), by=_person(event["from"]), emoji=_text(event, "emoji"))


def _receipt(account: str, event: Json) -> base.Receipt:
    return base.Receipt(
        **_where(event),
        status=_choice(base.ReceiptStatus, event["status"]),
        code=_text(event, "code"),
        error=_text(event, "error"),
        correlation=_text(event, "correlation"),
    )


def _account(account: str, event: Json) -> base.AccountEvent:
    health = _choice(base.ChannelHealth, event["health"])
    detail = typed(str, event["text"])
    return base.AccountEvent(name=f"account.{health}", at=millis(event.get("at")), health=health, detail=detail)


EVENTS: Mapping[str, Callable[[str, Json], base.Event]] = {
    "message": lambda account, event: _message(event, "dm", "in", _person(event["from"])),
    "echo": lambda account, event: _message(event, "dm", "out", _person(event["to"])),
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


# Checked readers beside those of networks/read.py: the body is somebody else's, so no value is used before a check.


def _where(event: Json, surface: str = "") -> dict[str, Any]:
    return {
        "thread": identity(event["thread"]),
        "id": identity(event["id"]),
        "at": millis(event.get("at")),
        "surface": _choice(base.Surface, surface or event.get("surface", "dm")),
    }


def _person(value: Json) -> base.Person:
    return base.Person(id=identity(value["id"]), name=_text(value, "name"), username=_text(value, "username"))


def _origin(value: Json) -> base.Origin | None:
    id, fields = words(value.get("id")), pick(value.get("ad"), "id", "title", "placement", "creative")
    ad = base.Ad(**fields) if fields else None
    return base.Origin(id=id, url=_text(value, "url"), title=_text(value, "title"), ad=ad) if id else None


def _attachments(event: Json) -> Iterator[base.Attachment]:
    """A file that cannot be read becomes an attachment of kind `unsupported`, so that its message is kept."""
    for value in parts(event, "attachments"):
        media, name = words(value.get("media")), words(value.get("kind"))
        kind: Any = name if media and name in get_args(base.AttachmentKind) else "unsupported"
        yield base.Attachment(kind=kind, media=media, mime=_text(value, "mime"), expires=True)


def _text(value: Json, name: str) -> str:
    """The text of that field, empty if it is absent or no text: a message is not lost for a detail."""
    return words(value.get(name))


def _choice(choices: Any, value: object) -> Any:
    if value not in get_args(choices):
        raise ValueError("not one of the choices")
    return value
