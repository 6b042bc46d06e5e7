"""Reads what LINE posts: `{"destination": our account, "events": [...]}`, times in milliseconds.

A redelivered event has the same ids and the same time. https://developers.line.biz/en/reference/messaging-api/#webhooks
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chalicelib.networks import base, signature
from chalicelib.networks.read import UNREADABLE, field, filled, identity, millis, part, parts, pick, short, typed, words

_DESTINATION = re.compile(rb'"destination"\s*:\s*"(\w{1,60})"')
_LOOKED_AT_BYTES = 200
_STICKER = "https://stickershop.line-scdn.net/stickershop/v1/sticker/{}/android/sticker.png"
_FILES: Mapping[str, base.AttachmentKind] = {"image": "image", "video": "video", "audio": "audio", "file": "file"}


def verify(raw: bytes, headers: base.Headers, secrets: base.Secrets) -> bool:
    """True if `X-Line-Signature` is the HMAC of the bytes as posted under the channel's secret."""
    return signature.is_signed_in_base64(raw, headers.get("x-line-signature") or "", secrets.signing)


def about(raw: bytes) -> str:
    first = _DESTINATION.search(raw, 0, _LOOKED_AT_BYTES)
    return first[1].decode() if first else ""


def parse(payload: base.Json) -> Iterator[base.Inbound]:
    try:
        account, events = identity(short(payload, "destination")["destination"]), typed(list, payload["events"])
    except UNREADABLE:
        yield base.Inbound(account="", event=base.Unhandled(reason="malformed"), raw={})
        return
    for event in events:
        raw = {"destination": payload["destination"], "events": [event]}
        yield base.Inbound(account=account, event=_event(event), raw=raw)


def _event(event: Any) -> base.Event:
    try:
        name = typed(str, event["type"])
        read = EVENTS.get(name)
        return read(event) if read else base.Unhandled(reason=_IGNORED.get(name, "unknown_type"))
    except UNREADABLE:
        return base.Unhandled(reason="malformed")


def _thread(event: base.Json) -> str:
    """A group or a room is a thread of its own; otherwise the thread is the person's id."""
    source = event["source"]
    kinds = {"group": "groupId", "room": "roomId"}
    return identity(source[kinds.get(words(source["type"]), "userId")])


def _person(event: base.Json) -> base.Person | None:
    """None in a group or room whose author did not consent to have their id passed on."""
    source = event["source"]
    if source.get("userId") is None and words(source.get("type")) in ("group", "room"):
        return None
    return base.Person(id=identity(source["userId"]))


def _where(event: base.Json) -> dict[str, Any]:
    at = millis(event.get("timestamp"))
    return {"thread": _thread(event), "at": at}


def _message(event: base.Json) -> base.Event:
    message, place = event["message"], _where(event)
    text, files = _text(message), _attachments(message)
    return base.Message(
        **place,
        id=identity(message["id"]),
        exact=place["at"] > 0,
        person=_person(event),
        text=text,
        attachments=files,
        kind="" if text or files else "unsupported",
        reply_to=field(message, "quotedMessageId"),
        context=_context(event, message, text or files),
    )


def _text(message: base.Json) -> str:
    return words(message.get("text")) if message.get("type") == "text" else ""


def _context(event: base.Json, message: base.Json, is_shown: object) -> base.Json:
    return filled(
        standby=event.get("mode") == "standby",
        group=pick(event.get("source"), "groupId", "roomId"),
        read_token=words(message.get("markAsReadToken")),
        album=pick(message.get("imageSet"), "id", "index", "total"),
        content="" if is_shown else words(message.get("type")),
    )


def _attachments(message: base.Json) -> tuple[base.Attachment, ...]:
    kind = words(message.get("type"))
    if kind in _FILES:
        return (_file(message, _FILES[kind]),)
    if kind == "location":
        details = {**_numbers(message, "latitude", "longitude"), **pick(message, "address")}
        title = words(message.get("title"))
        return (base.Attachment(kind="location", title=title, details=details),) if details or title else ()
    if kind == "sticker" and words(message.get("stickerId")):
        return (_sticker(message),)
    return ()


def _file(message: base.Json, kind: base.AttachmentKind) -> base.Attachment:
    """A file on LINE's servers is fetched by the message's id; a file from elsewhere has an address."""
    provider = part(message, "contentProvider")
    url = words(provider.get("originalContentUrl")) if provider.get("type") == "external" else ""
    size = message.get("fileSize")
    return base.Attachment(
        kind=kind,
        url=url,
        media="" if url else identity(message["id"]),
        name=words(message.get("fileName")),
        size=size if isinstance(size, int) and not isinstance(size, bool) and size > 0 else 0,
        expires=not url,
        details=pick(message, "duration"),
    )


def _sticker(message: base.Json) -> base.Attachment:
    sticker, keywords = words(message["stickerId"]), message.get("keywords")
    keyword = words(keywords[0]) if isinstance(keywords, list) and keywords else ""
    return base.Attachment(
        kind="sticker",
        url=_STICKER.format(sticker) if sticker.isascii() and sticker.isdecimal() else "",
        media=sticker,
        mime="image/png",
        title=words(message.get("text")) or keyword,
        details=pick(message, "packageId", "stickerId", "stickerResourceType"),
    )


def _numbers(message: base.Json, *names: str) -> dict[str, float]:
    values = {name: message.get(name) for name in names}
    return {
        name: value for name, value in values.items() if isinstance(value, int | float) and not isinstance(value, bool)
    }


def _edited(event: base.Json) -> base.Event:
    """Only text can be edited; the files of the message stay."""
    message = event["message"]
    if message.get("type") != "text":
        return base.Unhandled(reason="edit_without_text")
    return base.Edit(**_where(event), id=identity(message["id"]), text=typed(str, message["text"]))


def _unsent(event: base.Json) -> base.Event:
    return base.Delete(**_where(event), ids=(identity(event["unsend"]["messageId"]),))


def _postback(event: base.Json) -> base.Event:
    """A pressed button comes without a message, so the event becomes one."""
    postback, place = part(event, "postback"), _where(event)
    data, chosen = words(postback.get("data")), part(postback, "params")
    chosen = pick(chosen, "date", "time", "datetime", "newRichMenuAliasId", "status")
    return base.Message(
        **place,
        id=_id_of(event),
        exact=place["at"] > 0,
        person=_person(event),
        text=data,
        kind="postback",
        context=filled(payload=data, chosen=chosen, standby=event.get("mode") == "standby"),
    )


def _id_of(event: base.Json) -> str:
    """The event's id; an old event has none, and gets a digest of its content."""
    if "webhookEventId" in event:
        return identity(event["webhookEventId"])
    said = json.dumps([event["source"], event.get("timestamp"), event.get("postback")], sort_keys=True)
    return f"event:{hashlib.sha256(said.encode()).hexdigest()[:32]}"


def _followed(event: base.Json) -> base.Event:
    is_back = part(event, "follow").get("isUnblocked") is True
    person = base.Person(id=identity(event["source"]["userId"]))
    return base.Profile(
        person=person, at=millis(event.get("timestamp")), reachable=True, context=filled(unblocked=is_back)
    )


def _unfollowed(event: base.Json) -> base.Event:
    person = base.Person(id=identity(event["source"]["userId"]))
    return base.Profile(person=person, at=millis(event.get("timestamp")), reachable=False)


def _membership(event: base.Json) -> base.Event:
    """Our account joined a group or room, or was removed from it."""
    return base.ThreadEvent(**_where(event), name="membership", context={"status": event["type"]})


def _linked(event: base.Json) -> base.Event:
    result = pick(event["link"], "result")
    return base.ThreadEvent(**_where(event), name="account_link", person=_person(event), context=result)


def _members(event: base.Json) -> base.Event:
    inner = "joined" if event["type"] == "memberJoined" else "left"
    ids = [identity(member["userId"]) for member in parts(event[inner], "members")]
    return base.ThreadEvent(**_where(event), name="members", context={inner: ids})


def _account(health: base.ChannelHealth, name: str) -> Callable[[base.Json], base.Event]:
    return lambda event: base.AccountEvent(name=name, at=millis(event.get("timestamp")), health=health)


EVENTS: Mapping[str, Callable[[Any], base.Event]] = {
    "message": _message,
    "messageEdited": _edited,
    "unsend": _unsent,
    "postback": _postback,
    "follow": _followed,
    "unfollow": _unfollowed,
    "join": _membership,
    "leave": _membership,
    "accountLink": _linked,
    "memberJoined": _members,
    "memberLeft": _members,
    "botSuspended": _account("paused", "bot.suspended"),
    "botResumed": _account("ok", "bot.resumed"),
    "activated": _account("ok", "module.activated"),
    "deactivated": _account("alert", "module.deactivated"),
}
_IGNORED = {
    "beacon": "beacon",
    "videoPlayComplete": "video_played",
    "membership": "paid_membership",
    "delivery": "notice_delivered",
    "module": "module",
}
