"""Reads what Viber posts: one event a body, times in milliseconds, ids that are 64-bit numbers.

No body names the bot; only the hook's address tells it. https://developers.viber.com/docs/api/rest-bot-api/#callbacks
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chalicelib.networks import base, signature
from chalicelib.networks.read import UNREADABLE, filled, identity, millis, part, pick, typed, words

_FILES: Mapping[str, base.AttachmentKind] = {"picture": "image", "video": "video", "file": "file"}


def verify(raw: bytes, headers: base.Headers, secrets: base.Secrets) -> bool:
    """True if `X-Viber-Content-Signature` is the HMAC of the bytes as posted under the bot's token."""
    return signature.is_signed(raw, headers.get("x-viber-content-signature") or "", secrets.signing)


def parse(payload: base.Json) -> Iterator[base.Inbound]:
    raw = payload if isinstance(payload, Mapping) else {}
    yield base.Inbound(account="", event=_event(raw), raw=raw)


def _event(body: base.Json) -> base.Event:
    try:
        name = typed(str, body["event"])
        read = EVENTS.get(name)
        return read(body) if read else base.Unhandled(reason=name if name in _IGNORED else "unknown_type")
    except UNREADABLE:
        return base.Unhandled(reason="malformed")


def _person(user: base.Json) -> base.Person:
    return base.Person(id=identity(user["id"]), name=words(user.get("name")), avatar=words(user.get("avatar")))


def _message(body: base.Json) -> base.Event:
    message, person, at = part(body, "message"), _person(body["sender"]), millis(body.get("timestamp"))
    text, files = words(message.get("text")), _attachments(message)
    shown = bool(text or files)
    return base.Message(
        thread=person.id,
        id=identity(body["message_token"]),
        at=at,
        exact=at > 0,
        person=person,
        text=text,
        attachments=files,
        kind="" if shown else "unsupported",
        context=filled(
            tracking_data=words(message.get("tracking_data")),
            person=pick(body["sender"], "country", "language"),
            content="" if shown else words(message.get("type")),
        ),
    )


def _attachments(message: base.Json) -> tuple[base.Attachment, ...]:
    attachment = _attachment(message, words(message.get("type")))
    return (attachment,) if attachment else ()


def _attachment(message: base.Json, kind: str) -> base.Attachment | None:
    """The address of a file works for an hour."""
    url = words(message.get("media"))
    if kind in _FILES and url:
        name, size = words(message.get("file_name")), message.get("size")
        size = size if isinstance(size, int) and not isinstance(size, bool) and size > 0 else 0
        details = pick(message, "duration")
        return base.Attachment(kind=_FILES[kind], url=url, name=name, size=size, expires=True, details=details)
    if kind == "url" and url:
        return base.Attachment(kind="link", url=url)
    if kind == "sticker" and words(message.get("sticker_id")):
        return base.Attachment(kind="sticker", url=url, media=words(message["sticker_id"]), expires=bool(url))
    if kind == "contact" and (card := pick(message.get("contact"), "name", "phone_number")):
        return base.Attachment(kind="contact", title=card.get("name", ""), details=card)
    place = _coordinates(part(message, "location")) if kind == "location" else {}
    return base.Attachment(kind="location", details=place) if place else None


def _coordinates(location: base.Json) -> base.Json:
    values = {"latitude": location.get("lat"), "longitude": location.get("lon")}
    return {
        name: value for name, value in values.items() if isinstance(value, int | float) and not isinstance(value, bool)
    }


def _receipt(status: base.ReceiptStatus) -> Callable[[base.Json], base.Event]:
    return lambda body: base.Receipt(
        thread=identity(body["user_id"]),
        id=identity(body["message_token"]),
        at=millis(body.get("timestamp")),
        status=status,
        error=words(body.get("desc")) if status == "failed" else "",
    )


def _subscribed(body: base.Json) -> base.Event:
    return base.Profile(person=_person(body["user"]), at=millis(body.get("timestamp")), reachable=True)


def _unsubscribed(body: base.Json) -> base.Event:
    person = base.Person(id=identity(body["user_id"]))
    return base.Profile(person=person, at=millis(body.get("timestamp")), reachable=False)


def _started(body: base.Json) -> base.Event:
    """Somebody opened the chat, perhaps by a link that says why. Until they write, one message may be sent to them."""
    context = filled(started=True, context=words(body.get("context")), subscribed=body.get("subscribed") is True)
    return base.Profile(person=_person(body["user"]), at=millis(body.get("timestamp")), context=context)


EVENTS: Mapping[str, Callable[[Any], base.Event]] = {
    "message": _message,
    "delivered": _receipt("delivered"),
    "seen": _receipt("read"),
    "failed": _receipt("failed"),
    "subscribed": _subscribed,
    "unsubscribed": _unsubscribed,
    "conversation_started": _started,
}
_IGNORED = ("webhook", "client_status", "action")
