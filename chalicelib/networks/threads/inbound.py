"""Reads what Threads posts: `{"target_id", "time", "values": {"field", "value"}}`, where `values` may be a list too.

https://developers.facebook.com/docs/threads/webhooks
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from chalicelib.networks import base
from chalicelib.networks.read import (
    UNREADABLE,
    field,
    filled,
    identity,
    millis,
    moment,
    part,
    pick,
    short,
    typed,
    words,
)

_TARGET = re.compile(rb'"target_id"\s*:\s*"(\d{1,40})"')
_LOOKED_AT_BYTES = 500
_KINDS: Mapping[str, base.AttachmentKind] = {"IMAGE": "image", "VIDEO": "video", "AUDIO": "audio"}
_ALBUM = "CAROUSEL_ALBUM"


def about(raw: bytes) -> str:
    first = _TARGET.search(raw, 0, _LOOKED_AT_BYTES)
    return first[1].decode() if first else ""


def parse(payload: base.Json) -> Iterator[base.Inbound]:
    body = payload if isinstance(payload, Mapping) else {}
    head: dict[str, Any] = {name: body[name] for name in short(body, "target_id", "time")}
    if is_history := body.get("history") is True:
        head["history"] = True
    values = body.get("values")
    for item in values if isinstance(values, list) else [values]:
        account, event = _read(head, item)
        if is_history and isinstance(event, base.Message):
            event = replace(event, history=True)
        yield base.Inbound(account=account, event=event, raw={**head, "values": [item]})


def _read(head: base.Json, item: Any) -> tuple[str, base.Event]:
    """The account and the event of an item. The account is the owner of the post, or the profile that is mentioned."""
    target = field(head, "target_id")
    try:
        read = FIELDS.get(typed(str, item["field"]))
        if read is None:
            return target, base.Unhandled(reason="unknown_type")
        value = typed(dict, item["value"])
        owner = part(value, "root_post").get("owner_id") or part(value, "owner").get("owner_id") or target
        return identity(owner), read(value, millis(head.get("time")))
    except UNREADABLE:
        return target, base.Unhandled(reason="malformed")


def _reply(value: base.Json, stamp: int) -> base.Event:
    """All replies below our post are in its thread, whoever they answer. Threads tells only the authors' names."""
    root = value["root_post"]
    author = words(value.get("username"))
    is_own = bool(author) and author == words(root.get("username"))
    above = pick(value.get("replied_to"), "id").get("id", "")
    return _message(
        value,
        stamp,
        thread=identity(root["id"]),
        surface="comment",
        direction="out" if is_own else "in",
        person=None if is_own else _person(author),
        reply_to="" if above == identity(root["id"]) else above,
        origin=base.Origin(id=identity(root["id"])),
    )


def _mention(value: base.Json, stamp: int) -> base.Event:
    mention = identity(value["id"])
    kind = words(value.get("media_product_type")).lower()
    return _message(
        value,
        stamp,
        thread=mention,
        surface="mention",
        person=_person(words(value.get("username"))),
        origin=base.Origin(id=mention, url=words(value.get("permalink")), kind=kind),
    )


def _message(value: base.Json, stamp: int, **where: Any) -> base.Message:
    at, text, files = moment(value.get("timestamp")), words(value.get("text")), _attachments(value)
    return base.Message(
        id=identity(value["id"]),
        at=at or stamp,
        exact=at > 0,
        text=text,
        attachments=files,
        kind="" if text or files else "unsupported",
        hidden=value.get("hide_status") == "HIDDEN",
        context=filled(permalink=words(value.get("permalink")), quotes=value.get("is_quote_post") is True),
        **where,
    )


def _person(username: str) -> base.Person:
    return base.Person(id=username, username=username)


def _attachments(value: base.Json) -> tuple[base.Attachment, ...]:
    """A file without an address has to be asked for by the post's id; an album becomes a link."""
    kind, title = words(value.get("media_type")), words(value.get("alt_text"))
    url, link, gif = words(value.get("media_url")), words(value.get("permalink")), words(value.get("gif_url"))
    files = []
    if kind in _KINDS:
        media = "" if url else identity(value["id"])
        files.append(base.Attachment(kind=_KINDS[kind], url=url, media=media, title=title, expires=True))
    elif kind == _ALBUM and link:
        files.append(base.Attachment(kind="link", url=link, title=title))
    if gif:
        files.append(base.Attachment(kind="image", url=gif))
    return tuple(files)


def _deleted(value: base.Json, stamp: int) -> base.Event:
    """A post of ours was deleted. For a deleted reply Threads does not tell the post above it, so the reply is not
    found.
    """
    return base.Delete(
        thread=identity(value["id"]),
        ids=(identity(value["id"]),),
        at=moment(value.get("deleted_at")) or stamp,
        created=moment(value.get("timestamp")),
        surface="comment",
    )


def _published(value: base.Json, stamp: int) -> base.Event:
    identity(value["id"])
    return base.Unhandled(reason="own_post")


FIELDS: Mapping[str, Callable[[Any, int], base.Event]] = {
    "replies": _reply,
    "mentions": _mention,
    "delete": _deleted,
    "publish": _published,
}
