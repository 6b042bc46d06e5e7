"""Reads what the sandbox posts: `{"account": id, "events": [{"type": ..., "thread": ..., ...}]}`, times in
milliseconds.

`parse` is total: an event that cannot be read becomes `Unhandled`, and the others of the batch are kept.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, get_args

from chalicelib.networks import base
from chalicelib.networks.base import Json
from chalicelib.networks.read import UNREADABLE, identity, millis, short, typed


def verify(raw: bytes, headers: base.Headers, secrets: base.Secrets) -> bool:
    """Always False: nobody posts from outside. What a user plays is queued by ourselves."""
    return False


def parse(payload: Json) -> Iterator[base.Inbound]:
    try:
        account, events = identity(short(payload, "account")["account"]), typed(list, payload["events"])
    except UNREADABLE:
        raw = payload if isinstance(payload, Mapping) else {}
        yield base.Inbound(account="", event=base.Unhandled(reason="malformed"), raw=raw)
        return
    for event in events:
        raw = {"account": payload["account"], "events": [event]}
        yield base.Inbound(account=account, event=_read(event), raw=raw)


def _read(event: Any) -> base.Event:
    try:
        read = EVENTS.get(typed(str, event["type"]))
        return read(event) if read else base.Unhandled(reason="unknown_type")
    except UNREADABLE:
        return base.Unhandled(reason="malformed")


def _message(event: Json, surface: str) -> base.Message:
    return base.Message(
        **_where(event, surface),
        person=_person(event["from"]),
        text=_text(event, "text"),
        kind="review" if surface == "review" else "",
        attachments=tuple(_attachment(file) for file in typed(list, event.get("attachments", []))),
        reply_to=identity(event["reply_to"]) if "reply_to" in event else "",
        origin=_origin(event["post"]) if "post" in event else None,
        context={"rating": identity(event["rating"])} if "rating" in event else {},
    )


def _edit(event: Json) -> base.Edit:
    return base.Edit(**_where(event), text=typed(str, event["text"]))


def _delete(event: Json) -> base.Delete:
    where = _where(event)
    return base.Delete(ids=(where.pop("id"),), **where)


def _hide(event: Json) -> base.Hide:
    return base.Hide(**_where(event), hidden=event["hidden"] is True)


def _reaction(event: Json) -> base.Reaction:
    return base.Reaction(**_where(event), by=_person(event["from"]), emoji=_text(event, "emoji"))


def _receipt(event: Json) -> base.Receipt:
    return base.Receipt(
        **_where(event),
        status=_choice(base.ReceiptStatus, event["status"]),
        code=_text(event, "code"),
        error=_text(event, "error"),
    )


EVENTS: Mapping[str, Callable[[Json], base.Event]] = {
    "message": lambda event: _message(event, "dm"),
    "comment": lambda event: _message(event, "comment"),
    "mention": lambda event: _message(event, "mention"),
    "review": lambda event: _message(event, "review"),
    "edit": _edit,
    "deletion": _delete,
    "hide": _hide,
    "reaction": _reaction,
    "receipt": _receipt,
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


def _origin(value: Json) -> base.Origin:
    fields = typed(dict, value["ad"]) if "ad" in value else None
    ad = base.Ad(**{name: _text(fields, name) for name in ("id", "title", "placement", "creative")}) if fields else None
    return base.Origin(id=identity(value["id"]), url=_text(value, "url"), title=_text(value, "title"), ad=ad)


def _attachment(value: Json) -> base.Attachment:
    kind: Any = value["kind"] if value["kind"] in get_args(base.AttachmentKind) else "unsupported"
    return base.Attachment(kind=kind, url=_text(value, "url"), name=_text(value, "name"), expires=True)


def _text(value: Json, name: str) -> str:
    """The text of that field, empty if it is absent; TypeError for anything that is no text."""
    return typed(str, value.get(name, ""))


def _choice(choices: Any, value: object) -> Any:
    if value not in get_args(choices):
        raise ValueError("not one of the choices")
    return value
