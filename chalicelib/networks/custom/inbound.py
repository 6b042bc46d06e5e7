"""Reads what the agency's server posts: `{"events": [...]}`, at most a hundred, in the form that README.md documents.

The hook is that of one channel, so no event names an account.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, get_args

from chalicelib.networks import base, signature
from chalicelib.networks.base import Json
from chalicelib.networks.read import (
    MOST_PARTS,
    UNREADABLE,
    filled,
    identity,
    millis,
    moment,
    part,
    parts,
    pick,
    typed,
    words,
)


def verify(raw: bytes, headers: base.Headers, secrets: base.Secrets) -> bool:
    """True if one of the hook's secrets signed the bytes within the last five minutes, as Standard Webhooks says."""
    return signature.is_standard(raw, headers, secrets.signing, time.time())


def parse(payload: Json) -> Iterator[base.Inbound]:
    try:
        events = typed(list, payload["events"])
    except UNREADABLE:
        raw = payload if isinstance(payload, Mapping) else {}
        yield base.Inbound(account="", event=base.Unhandled(reason="malformed"), raw=raw)
        return
    for event in events:
        yield base.Inbound(account="", event=_read(event), raw={"events": [event]})


def _read(event: Any) -> base.Event:
    try:
        read = EVENTS.get(typed(str, event["type"]))
        return read(event) if read else base.Unhandled(reason="unknown_type")
    except UNREADABLE:
        return base.Unhandled(reason="malformed")


def _message(event: Json) -> base.Message:
    where, is_ours = _where(event), event.get("direction") == "out"
    text, files = words(event.get("text")), tuple(_file(file) for file in parts(event, "attachments"))
    person = None if is_ours and not _has_id(event.get("person")) else _person(event["person"])
    kind = "review" if where["surface"] == "review" else ""
    return base.Message(
        **where,
        exact=where["at"] > 0,
        direction="out" if is_ours else "in",
        person=person,
        text=text,
        kind=kind or ("" if text or files else "unsupported"),
        attachments=files,
        reply_to=words(event.get("reply_to")),
        origin=_origin(part(event, "origin")),
        history=event.get("history") is True,
        hidden=event.get("hidden") is True,
        correlation=words(event.get("correlation")),
        context=filled(rating=words(event.get("rating")), url=words(event.get("url"))),
    )


def _edit(event: Json) -> base.Edit:
    files = tuple(_file(file) for file in parts(event, "attachments")) if "attachments" in event else None
    return base.Edit(
        **_where(event), created=_time(event.get("created_at")), text=typed(str, event["text"]), attachments=files
    )


def _delete(event: Json) -> base.Delete:
    where = _where(event)
    return base.Delete(ids=(where.pop("id"),), created=_time(event.get("created_at")), **where)


def _hide(event: Json) -> base.Hide:
    return base.Hide(**_where(event), created=_time(event.get("created_at")), hidden=typed(bool, event["hidden"]))


def _reaction(event: Json) -> base.Reaction:
    return base.Reaction(**_where(event), by=_person(event["person"]), emoji=words(event.get("emoji")))


def _receipt(event: Json) -> base.Receipt:
    where = _where(event)
    if event.get("status") not in get_args(base.ReceiptStatus):
        raise ValueError("status")
    code, error, correlation = (words(event.get(name)) for name in ("code", "error", "correlation"))
    return base.Receipt(
        **where,
        status=event["status"],
        and_older=event.get("and_older") is True,
        code=code,
        error=error,
        correlation=correlation,
    )


def _profile(event: Json) -> base.Profile:
    reachable = event.get("reachable")
    person, at = _person(event["person"]), _time(event.get("at"))
    return base.Profile(person=person, at=at, reachable=reachable if isinstance(reachable, bool) else None)


def _account(event: Json) -> base.AccountEvent:
    if event.get("health") not in get_args(base.ChannelHealth):
        raise ValueError("health")
    name, detail = words(event.get("name"))[:60] or "account", words(event.get("detail"))
    return base.AccountEvent(name=name, at=_time(event.get("at")), health=event["health"], detail=detail)


EVENTS: Mapping[str, Callable[[Json], base.Event]] = {
    "message": _message,
    "edit": _edit,
    "delete": _delete,
    "hide": _hide,
    "reaction": _reaction,
    "receipt": _receipt,
    "profile": _profile,
    "account": _account,
}


def _where(event: Json) -> dict[str, Any]:
    surface = base.surface(typed(str, event.get("surface", "dm")))
    return {
        "thread": identity(event["thread"]), "id": identity(event["id"]), "at": _time(event.get("at")),
        "surface": surface,
    }  # fmt: skip


def _time(value: object) -> int:
    """Milliseconds, seconds, or a text as in `2026-01-31T09:00:00Z`; 0 for anything else."""
    return moment(value) or millis(value)


def _person(value: Json) -> base.Person:
    aliases = value.get("aliases")
    other = (words(alias) for alias in aliases[:MOST_PARTS]) if isinstance(aliases, list) else ()
    name, username, phone, avatar = (words(value.get(field)) for field in ("name", "username", "phone", "avatar"))
    return base.Person(
        id=identity(value["id"]), name=name, username=username, phone=phone, avatar=avatar,
        aliases=tuple(alias for alias in other if alias),
    )  # fmt: skip


def _has_id(value: object) -> bool:
    """True for an object of somebody that has an id."""
    return bool(words(part({"one": value}, "one").get("id")))


def _origin(value: Json) -> base.Origin | None:
    origin = {name: words(value.get(name)) for name in ("id", "url", "kind", "title")}
    ad = pick(value.get("ad"), "id", "title", "placement", "creative")
    return base.Origin(**origin, ad=base.Ad(**ad) if ad else None) if origin["id"] else None


def _file(value: Json) -> base.Attachment:
    """A file of an unknown kind, or without an https address, becomes an attachment of kind `unsupported`."""
    url, size = words(value.get("url")), value.get("size")
    is_known = value.get("kind") in get_args(base.AttachmentKind) and url.startswith("https://")
    return base.Attachment(
        kind=value["kind"] if is_known else "unsupported",
        url=url if is_known else "",
        mime=words(value.get("mime")),
        name=words(value.get("name")),
        title=words(value.get("title")),
        size=size if isinstance(size, int) and not isinstance(size, bool) and 0 < size < 2**40 else 0,
        expires=value.get("expires") is True,
    )
