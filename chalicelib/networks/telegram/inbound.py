"""Turns Telegram's updates into events. https://core.telegram.org/bots/api#update"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.networks import base, signature
from chalicelib.networks.read import UNREADABLE, millis
from chalicelib.networks.telegram import content, places
from chalicelib.networks.telegram.fields import identity, known, text
from chalicelib.networks.telegram.places import CALLBACK


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
    at, chat, said = millis(value.get("date")), value["chat"], _said(value)
    if "migrate_to_chat_id" in value:
        return base.Moved(old=identity(chat["id"]), new=identity(value["migrate_to_chat_id"]), at=at)
    if "migrate_from_chat_id" in value:
        return base.Moved(old=identity(value["migrate_from_chat_id"]), new=identity(chat["id"]), at=at)
    is_shown = content.is_shown(said["text"], said["attachments"])
    if not is_shown and content.is_notice(value):
        return base.Unhandled(reason="notice")
    return base.Message(
        **said,
        at=at,
        exact=at > 0,
        direction="out" if "business_connection_id" in value and value["from"]["id"] != chat["id"] else "in",
        person=_other_side(value),
        kind="" if is_shown else "unsupported",
        reply_to=places.answered(value),
        context={**_context(value, said["text"]), **({} if is_shown else content.unshown(value))},
    )


def _edit(value: base.Json) -> base.Event:
    return base.Edit(**_said(value), at=millis(value.get("edit_date")), created=millis(value.get("date")))


def _deleted(value: base.Json) -> base.Event:
    ids = tuple(places.message(value, number) for number in value["message_ids"])
    return base.Delete(thread=places.thread(value), ids=ids, at=0)


def _reaction(value: base.Json) -> base.Event:
    """The thread is empty in a forum, where the update does not tell the topic of the message."""
    newest = {} if not value["new_reaction"] else value["new_reaction"][-1]
    emoji = text(newest, "emoji", "custom_emoji_id") or ("⭐" if newest.get("type") == "paid" else "")
    thread = "" if value["chat"].get("is_forum") else places.thread(value)
    by = _person(value.get("user") or value["actor_chat"])
    return base.Reaction(
        thread=thread, id=places.message(value, value["message_id"]), at=millis(value.get("date")), by=by, emoji=emoji
    )


def _callback(value: base.Json) -> base.Event:
    """A pressed button. It has no time of its own, and no chat of ours if it stood under an inline result."""
    if "message" not in value:
        return base.Unhandled(reason="inline_callback")
    source, payload = value["message"], text(value, "data")
    rows = (source.get("reply_markup") or {}).get("inline_keyboard") or ()
    labels = (text(button, "text") for row in rows for button in row if button.get("callback_data") == payload)
    return base.Message(
        thread=places.thread(source),
        id=CALLBACK + identity(value["id"]),
        at=0,
        exact=False,
        person=_person(value["from"]),
        text=next(labels, payload),
        kind="postback",
        reply_to=places.message(source, source["message_id"]),
        context=known(payload=payload, **_room(source["chat"])),
    )


def _membership(value: base.Json) -> base.Event:
    """In a private chat it means that the person stopped the bot, or started it again."""
    chat, status, at = value["chat"], text(value["new_chat_member"], "status"), millis(value.get("date"))
    if chat.get("type") == "private":
        return base.Profile(person=_person(chat), at=at, reachable=status == "member")
    context = known(status=status, **_room(chat))
    return base.ThreadEvent(thread=places.thread(value), name="membership", at=at, context=context)


def _connection(value: base.Json) -> base.Event:
    rights = sorted(name for name, is_given in (value.get("rights") or {}).items() if is_given is True)
    allowed = rights if value.get("is_enabled") is True else ["disabled"]
    return base.AccountEvent(
        name="business_connection",
        at=millis(value.get("date")),
        health="ok" if "can_reply" in allowed else "alert",
        detail=f"{text(value, 'id')} {_person(value['user']).name}: {', '.join(allowed)}",
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
    return {
        "thread": places.thread(value),
        "id": places.message(value, value["message_id"]),
        "text": content.words(value),
        "attachments": content.attachments(value),
    }


def _other_side(value: base.Json) -> base.Person | None:
    chat = value["chat"]
    partner = "business_connection_id" in value
    author = chat if partner else value.get("sender_chat") or value.get("from") or chat
    channel_itself = chat.get("type") == "channel" and author["id"] == chat["id"]
    return None if channel_itself else _person(author)


def _person(value: base.Json) -> base.Person:
    name = text(value, "first_name", "last_name", "title")
    return base.Person(id=identity(value["id"]), name=name, username=text(value, "username"))


def _context(value: base.Json, words: str) -> base.Json:
    origin = value.get("forward_origin") or {}
    source = origin.get("sender_user") or origin.get("sender_chat") or origin.get("chat") or {}
    start, _, referral = words.partition(" ")
    return known(
        album=text(value, "media_group_id"),
        entities=_entities(words, value.get("entities") or value.get("caption_entities") or []),
        forwarded=text(source, "first_name", "last_name", "title") or text(origin, "sender_user_name"),
        quote=text(value.get("quote") or {}, "text"),
        referral=referral if start == "/start" else "",
        **_room(value["chat"]),
    )


def _room(chat: base.Json) -> dict[str, str]:
    room = {"group": "group", "supergroup": "group", "channel": "channel"}.get(text(chat, "type"))
    return {room: text(chat, "title")} if room else {}


def _entities(words: str, entities: list[base.Json]) -> list[base.Json]:
    """Offset and length in characters; Telegram counts UTF-16 units."""
    units = words.encode("utf-16-le", "surrogatepass")

    def characters(count: int) -> int:
        return len(units[: max(0, count) * 2].decode("utf-16-le", "replace"))

    spans = [(characters(entity["offset"]), characters(entity["offset"] + entity["length"])) for entity in entities]
    return [
        {**entity, "offset": start, "length": end - start} for entity, (start, end) in zip(entities, spans, strict=True)
    ]
