"""Turns Telegram's updates into events. https://core.telegram.org/bots/api#update

A thread's id is `{chat}`, or `{chat}:{topic}` in a topic. A message's id is `{chat}:{message}`, because numbers are
unique per chat only. Both end in `@{connection}` in a business chat, whose numbers are its owner's and not the bot's.
The id of a pressed button is `callback:{id}`, which is all that answering it takes.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from chalicelib.networks import base, signature
from chalicelib.networks.read import UNREADABLE, millis

CALLBACK = "callback:"
_PLACE = re.compile(r"(-?\d+)(?::(\d+))?(?:@(.+))?", re.ASCII)
# In this order: an animation comes as a document too, and a venue as a location too.
_KINDS: Mapping[str, tuple[base.AttachmentKind, str]] = {
    "photo": ("image", "image/jpeg"),
    "sticker": ("sticker", "image/webp"),
    "animation": ("video", "video/mp4"),
    "video": ("video", "video/mp4"),
    "video_note": ("video", "video/mp4"),
    "audio": ("audio", "audio/mpeg"),
    "voice": ("audio", "audio/ogg"),
    "document": ("file", ""),
    "venue": ("location", ""),
    "location": ("location", ""),
    "contact": ("contact", ""),
}
_DETAILS = ("latitude", "longitude", "address", "phone_number", "vcard", "set_name")
_UNREADABLE = {
    *("checklist", "dice", "game", "giveaway", "gift", "invoice"),
    *("paid_media", "poll", "story", "web_app_data"),
}


class Place(NamedTuple):
    """A chat, or a topic or message in it, reached through a business connection or by the bot itself."""

    chat: str
    number: str = ""
    connection: str = ""

    def __str__(self) -> str:
        return self.chat + (self.number and f":{self.number}") + (self.connection and f"@{self.connection}")

    @classmethod
    def read(cls, text: str) -> "Place":
        """The inverse of `str`; raises ValueError for other texts."""
        found = _PLACE.fullmatch(text)
        if found is None:
            raise ValueError(text)
        return cls(*(part or "" for part in found.groups()))


def verify(raw: bytes, headers: base.Headers, secrets: base.Secrets) -> bool:
    """True if the secret token that we gave with the webhook came back."""
    return signature.is_known(headers.get("x-telegram-bot-api-secret-token") or "", secrets.signing)


def parse(payload: base.Json) -> list[base.Inbound]:
    """One event per update; its account is empty, because only the hook's address tells which bot it is for."""
    fields = payload if isinstance(payload, Mapping) else {}
    number = {name: value for name, value in fields.items() if name == "update_id"}
    inbounds = [
        base.Inbound(account="", event=_event(name, value), raw={**number, name: value})
        for name, value in fields.items()
        if name not in number
    ]
    return inbounds or [base.Inbound(account="", event=base.Unhandled(reason="malformed"), raw=number)]


def _event(name: str, value: Any) -> base.Event:
    if name not in UPDATES:
        return base.Unhandled(reason=name if re.fullmatch("[a-z_]{1,40}", name) else "malformed")
    try:
        return UPDATES[name](value)
    except UNREADABLE:
        return base.Unhandled(reason="malformed")


def _message(value: base.Json) -> base.Event:
    at, chat, content = millis(value.get("date")), value["chat"], _said(value)
    if "migrate_to_chat_id" in value:
        return base.Moved(old=_id(chat["id"]), new=_id(value["migrate_to_chat_id"]), at=at)
    if "migrate_from_chat_id" in value:
        return base.Moved(old=_id(value["migrate_from_chat_id"]), new=_id(chat["id"]), at=at)
    readable = content["text"] or content["attachments"]
    if not readable and _UNREADABLE.isdisjoint(value):
        return base.Unhandled(reason="notice")
    return base.Message(
        **content,
        at=at,
        exact=at > 0,
        direction="out" if "business_connection_id" in value and value["from"]["id"] != chat["id"] else "in",
        person=_other_side(value),
        kind="" if readable else "unsupported",
        reply_to=_answered(value),
        context=_context(value, content["text"]),
    )


def _edit(value: base.Json) -> base.Event:
    return base.Edit(**_said(value), at=millis(value.get("edit_date")), created=millis(value.get("date")))


def _deleted(value: base.Json) -> base.Event:
    ids = tuple(_place(value, _id(number)) for number in value["message_ids"])
    return base.Delete(thread=_thread(value), ids=ids, at=0)


def _reaction(value: base.Json) -> base.Event:
    """The thread is empty in a forum, where the update does not tell the topic of the message."""
    newest = {} if not value["new_reaction"] else value["new_reaction"][-1]
    emoji = _text(newest, "emoji", "custom_emoji_id") or ("⭐" if newest.get("type") == "paid" else "")
    thread = "" if value["chat"].get("is_forum") else _thread(value)
    by = _person(value.get("user") or value["actor_chat"])
    return base.Reaction(
        thread=thread, id=_place(value, _id(value["message_id"])), at=millis(value.get("date")), by=by, emoji=emoji
    )


def _callback(value: base.Json) -> base.Event:
    """A pressed button. It has no time of its own, and no chat of ours if it stood under an inline result."""
    if "message" not in value:
        return base.Unhandled(reason="inline_callback")
    source, payload = value["message"], _text(value, "data")
    rows = (source.get("reply_markup") or {}).get("inline_keyboard") or ()
    labels = (_text(button, "text") for row in rows for button in row if button.get("callback_data") == payload)
    return base.Message(
        thread=_thread(source),
        id=CALLBACK + _id(value["id"]),
        at=0,
        exact=False,
        person=_person(value["from"]),
        text=next(labels, payload),
        kind="postback",
        reply_to=_place(source, _id(source["message_id"])),
        context=_known(payload=payload, **_room(source["chat"])),
    )


def _membership(value: base.Json) -> base.Event:
    """In a private chat it means that the person stopped the bot, or started it again."""
    chat, status, at = value["chat"], _text(value["new_chat_member"], "status"), millis(value.get("date"))
    if chat.get("type") == "private":
        return base.Profile(person=_person(chat), at=at, reachable=status == "member")
    context = _known(status=status, **_room(chat))
    return base.ThreadEvent(thread=_thread(value), name="membership", at=at, context=context)


def _connection(value: base.Json) -> base.Event:
    rights = sorted(name for name, is_given in (value.get("rights") or {}).items() if is_given is True)
    allowed = rights if value.get("is_enabled") is True else ["disabled"]
    return base.AccountEvent(
        name="business_connection",
        at=millis(value.get("date")),
        health="ok" if "can_reply" in allowed else "alert",
        detail=f"{_text(value, 'id')} {_person(value['user']).name}: {', '.join(allowed)}",
    )


UPDATES: Mapping[str, Callable[[Any], base.Event]] = {
    "message": _message,
    "edited_message": _edit,
    "channel_post": _message,
    "edited_channel_post": _edit,
    "business_connection": _connection,
    "business_message": _message,
    "edited_business_message": _edit,
    "deleted_business_messages": _deleted,
    "message_reaction": _reaction,
    "callback_query": _callback,
    "my_chat_member": _membership,
}


def _said(value: base.Json) -> dict[str, Any]:
    text, attachments = _text(value, "text", "caption"), _attachments(value)
    return {
        "thread": _thread(value),
        "id": _place(value, _id(value["message_id"])),
        "text": text,
        "attachments": attachments,
    }


def _thread(value: base.Json) -> str:
    return _place(value, _id(value["message_thread_id"]) if value.get("is_topic_message") is True else "")


def _place(value: base.Json, number: str) -> str:
    return str(Place(_id(value["chat"]["id"]), number, _text(value, "business_connection_id")))


def _answered(value: base.Json) -> str:
    """The id of the message answered. In a topic, every message formally answers the notice that opened the topic."""
    answered = value.get("reply_to_message") or {"forum_topic_created": {}}
    return "" if "forum_topic_created" in answered else _place(value, _id(answered["message_id"]))


def _other_side(value: base.Json) -> base.Person | None:
    chat = value["chat"]
    partner = "business_connection_id" in value
    author = chat if partner else value.get("sender_chat") or value.get("from") or chat
    channel_itself = chat.get("type") == "channel" and author["id"] == chat["id"]
    return None if channel_itself else _person(author)


def _person(value: base.Json) -> base.Person:
    name = _text(value, "first_name", "last_name", "title")
    return base.Person(id=_id(value["id"]), name=name, username=_text(value, "username"))


def _context(value: base.Json, text: str) -> base.Json:
    origin = value.get("forward_origin") or {}
    source = origin.get("sender_user") or origin.get("sender_chat") or origin.get("chat") or {}
    start, _, referral = text.partition(" ")
    return _known(
        album=_text(value, "media_group_id"),
        entities=_entities(text, value.get("entities") or value.get("caption_entities") or []),
        forwarded=_text(source, "first_name", "last_name", "title") or _text(origin, "sender_user_name"),
        quote=_text(value.get("quote") or {}, "text"),
        referral=referral if start == "/start" else "",
        **_room(value["chat"]),
    )


def _room(chat: base.Json) -> dict[str, str]:
    room = {"group": "group", "supergroup": "group", "channel": "channel"}.get(_text(chat, "type"))
    return {room: _text(chat, "title")} if room else {}


def _entities(text: str, entities: list[base.Json]) -> list[base.Json]:
    """Offset and length in characters; Telegram counts UTF-16 units."""
    units = text.encode("utf-16-le", "surrogatepass")

    def characters(count: int) -> int:
        return len(units[: max(0, count) * 2].decode("utf-16-le", "replace"))

    spans = [(characters(entity["offset"]), characters(entity["offset"] + entity["length"])) for entity in entities]
    return [
        {**entity, "offset": start, "length": end - start} for entity, (start, end) in zip(entities, spans, strict=True)
    ]


def _attachments(value: base.Json) -> tuple[base.Attachment, ...]:
    """At most one. A moving sticker is replaced by its thumbnail, because few apps show vectors or WebM."""
    name = next((name for name in _KINDS if name in value), None)
    if name is None:
        return ()
    (kind, mime), file = _KINDS[name], value[name]
    if name == "photo":
        file = max(file, key=lambda size: size["width"] * size["height"])
    if name == "sticker" and (file.get("is_animated") or file.get("is_video")):
        file, mime = {**file, **(file.get("thumbnail") or file.get("thumb") or {})}, ""
    if name == "venue":
        file = {**file, **file["location"]}
    media, size, stored = _text(file, "file_id"), file.get("file_size"), kind not in ("location", "contact")
    if stored and not media:
        raise ValueError("file_id")
    attachment = base.Attachment(
        kind=kind,
        media=media,
        mime=_text(file, "mime_type") or mime,
        name=_text(file, "file_name"),
        size=size if isinstance(size, int) else 0,
        title=_text(file, "title", "emoji", "first_name", "last_name"),
        expires=stored,
        details={detail: file[detail] for detail in _DETAILS if detail in file},
    )
    return (attachment,)


def _known(**context: Any) -> base.Json:
    return {name: value for name, value in context.items() if value}


def _id(value: object) -> str:
    """Digits, as a number or already as text; raises ValueError."""
    if isinstance(value, bool) or not re.fullmatch(r"-?\d+", str(value), re.ASCII):
        raise ValueError("id")
    return str(value)


def _text(value: base.Json, *names: str) -> str:
    """The texts of those fields that have one, with a space between."""
    texts = [value.get(name) for name in names]
    return " ".join(text for text in texts if isinstance(text, str) and text)
