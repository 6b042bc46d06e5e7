"""Turns Telegram's updates into events. https://core.telegram.org/bots/api#update

A message needs who, where and which id; whatever else of it cannot be read is left out.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chalicelib.networks import base, signature
from chalicelib.networks.read import UNREADABLE, millis, short, typed
from chalicelib.networks.telegram import content, context, places, speakers
from chalicelib.networks.telegram.fields import filled, identity, identity_or_none, part, parts, text
from chalicelib.networks.telegram.places import CALLBACK

_NUMBER, _DELETED = "update_id", "deleted_business_messages"
_AT_ONCE, _MOST_DELETED = 100, 10_000
_NAME = re.compile("[a-z_]{1,40}")


def verify(raw: bytes, headers: base.Headers, secrets: base.Secrets) -> bool:
    """True if the secret token that we gave with the webhook came back."""
    return signature.is_known(headers.get("x-telegram-bot-api-secret-token") or "", secrets.signing)


def parse(payload: base.Json) -> Iterator[base.Inbound]:
    """One event per update; its account is empty, because only the hook's address tells which bot it is for."""
    fields = payload if isinstance(payload, Mapping) else {}
    number = {_NUMBER: fields[_NUMBER]} if short(fields, _NUMBER) else {}
    for name, value in fields.items():
        if name != _NUMBER:
            for part in _hundreds(value) if name == _DELETED else (value,):
                yield base.Inbound(account="", event=_event(name, part), raw={**number, name: part})
    if not fields or (len(fields) == 1 and _NUMBER in fields):
        yield base.Inbound(account="", event=base.Unhandled(reason="malformed"), raw=number)


def _hundreds(value: Any) -> Iterator[Any]:
    """Cuts a deletion into deletions of at most a hundred messages each."""
    numbers = value.get("message_ids") if isinstance(value, Mapping) else None
    if not isinstance(numbers, list) or not _AT_ONCE < len(numbers) <= _MOST_DELETED:
        yield value
        return
    where = {**short(value, "business_connection_id"), "chat": short(value.get("chat"), "id")}
    for start in range(0, len(numbers), _AT_ONCE):
        yield {**where, "message_ids": numbers[start : start + _AT_ONCE]}


def _event(name: str, value: Any) -> base.Event:
    if name not in UPDATES:
        return base.Unhandled(reason=name if _NAME.fullmatch(name) else "malformed")
    try:
        if "business_message" in name and not text(value, "business_connection_id"):
            raise ValueError("business_connection_id")
        return UPDATES[name](value)
    except UNREADABLE:
        return base.Unhandled(reason="malformed")


def _message(value: base.Json) -> base.Event:
    at, chat, said = millis(value.get("date")), value["chat"], _message_fields(value)
    if "migrate_to_chat_id" in value:
        return base.Moved(old=identity(chat["id"]), new=identity(value["migrate_to_chat_id"]), at=at)
    if "migrate_from_chat_id" in value:
        return base.Moved(old=identity(value["migrate_from_chat_id"]), new=identity(chat["id"]), at=at)
    is_shown = _is_shown(said)
    if not is_shown and content.is_notice(value):
        return base.Unhandled(reason="notice")
    direction, person = speakers.speaker(value)
    return base.Message(
        **said,
        at=at,
        exact=at > 0,
        order=max(int(identity(value["message_id"])), 0),
        direction=direction,
        person=person,
        kind="" if is_shown else "unsupported",
        reply_to=places.answered(value),
        context=_context(value, said, is_shown),
    )


def _edit(value: base.Json) -> base.Event:
    """An edit that cannot be shown leaves a placeholder; if only its file is unreadable, the earlier files stay."""
    said = _message_fields(value)
    files: tuple[base.Attachment, ...] | None = said["attachments"]
    is_shown = _is_shown(said)
    if not is_shown:
        files = (content.UNSUPPORTED,)
    elif content.UNSUPPORTED in said["attachments"]:
        files = None
    times = {"at": millis(value.get("edit_date")), "created": millis(value.get("date"))}
    return base.Edit(**{**said, **times, "attachments": files}, context=_context(value, said, is_shown))


def _deleted(value: base.Json) -> base.Event:
    numbers = typed(list, value["message_ids"])
    if len(numbers) > _AT_ONCE:
        raise ValueError("message_ids")
    ids = tuple(places.message(value, number) for number in numbers if identity_or_none(number))
    return base.Delete(thread=places.thread(value), ids=ids, at=0) if ids else base.Unhandled(reason="malformed")


def _reaction(value: base.Json) -> base.Event:
    """The thread is empty where the update does not tell the topic: in a forum, and in direct messages of a channel."""
    newest = value["new_reaction"][-1] if value["new_reaction"] else {}
    emoji = text(newest, "emoji", "custom_emoji_id") or ("⭐" if newest.get("type") == "paid" else "")
    return base.Reaction(
        thread="" if value["chat"].get("is_forum") or value["chat"].get("is_direct_messages") else places.thread(value),
        id=places.message(value, value["message_id"]),
        at=millis(value.get("date")),
        by=speakers.person(part(value, "user") or value["actor_chat"]),
        emoji=emoji,
    )


def _callback(value: base.Json) -> base.Event:
    """A pressed button. It has no time of its own, and no chat of ours if it is under an inline result."""
    if "message" not in value:
        return base.Unhandled(reason="inline_callback")
    source, payload = value["message"], text(value, "data")
    number = identity_or_none(source.get("message_id"))
    return base.Message(
        thread=places.thread(source),
        id=CALLBACK + identity(value["id"]),
        at=0,
        exact=False,
        person=speakers.person(value["from"]),
        text=_button_label(source, payload) or payload or text(value, "game_short_name"),
        kind="postback",
        reply_to=number and places.message(source, number),
        context=filled(payload=payload, **context.chat_title(source["chat"])),
    )


def _button_label(source: base.Json, payload: str) -> str:
    """The text on the button with that payload."""
    rows = part(source, "reply_markup").get("inline_keyboard")
    buttons = [button for row in rows for button in parts({"row": row}, "row")] if isinstance(rows, list) else []
    return next((text(button, "text") for button in buttons if button.get("callback_data") == payload), "")


def _membership(value: base.Json) -> base.Event:
    """In a private chat it means that the person stopped the bot, or started it again."""
    chat, status, at = value["chat"], text(value["new_chat_member"], "status"), millis(value.get("date"))
    if chat.get("type") == "private":
        return base.Profile(person=speakers.person(chat), at=at, reachable=status == "member")
    details = filled(status=status, **context.chat_title(chat))
    return base.ThreadEvent(thread=places.thread(value), name="membership", at=at, context=details)


def _connection(value: base.Json) -> base.Event:
    """The trouble is named by the connection, so that the event of one owner does not end the alert of another's."""
    rights = sorted(name for name, is_given in part(value, "rights").items() if is_given is True)
    allowed = rights if value.get("is_enabled") is True else ["disabled"]
    owner = text(part(value, "user"), "first_name", "last_name")
    return base.AccountEvent(
        name=f"business_connection {text(value, 'id')}".strip(),
        at=millis(value.get("date")),
        health="ok" if "can_reply" in allowed else "alert",
        detail=f"{owner}: {', '.join(allowed) or 'no rights'}",
    )


def _message_fields(value: base.Json) -> dict[str, Any]:
    return {
        "thread": places.thread(value),
        "id": places.message(value, value["message_id"]),
        "text": content.words(value),
        "attachments": content.attachments(value),
    }


def _is_shown(said: Mapping[str, Any]) -> bool:
    return content.is_shown(said["text"], said["attachments"])


def _context(value: base.Json, said: Mapping[str, Any], is_shown: bool) -> base.Json:
    around = context.context_of(value, said["text"])
    return around if is_shown else {**around, **content.unshown(value)}


UPDATES: Mapping[str, Callable[[Any], base.Event]] = {
    "message": _message,
    "edited_message": _edit,
    "channel_post": _message,
    "edited_channel_post": _edit,
    "business_connection": _connection,
    "business_message": _message,
    "edited_business_message": _edit,
    _DELETED: _deleted,
    "message_reaction": _reaction,
    "callback_query": _callback,
    "my_chat_member": _membership,
}
