"""Telegram's side of the hook: the updates it posts, the token it repeats, and how people speak there.

https://core.telegram.org/bots/api#update
"""

import time
import zlib
from collections.abc import Callable, Mapping
from functools import partial, wraps
from typing import Any

from chalicelib.networks.double import Fan, Voice, number

Json = Mapping[str, Any]


def _chat(chat: int, name: str = "", **more: Any) -> Json:
    return {"id": chat, "first_name": name, "type": "private", **more}


def _user(user: int, name: str) -> Json:
    return {"id": user, "is_bot": False, "first_name": name, "username": name.lower()}


def update(kind: str, **fields: Any) -> Json:
    """An update of that kind; `date` is now unless given, None leaves a field out."""
    value = {"date": int(time.time()), **fields}
    return {"update_id": number(), kind: {name: field for name, field in value.items() if field is not None}}


def message(
    kind: str = "message", *, user: int = 23, name: str = "Ana", chat: Json | None = None, **fields: Any
) -> Json:
    """A message from `user`; give `text=None` with `photo`, `document` and the like."""
    message = {"message_id": number(), "from": _user(user, name), "chat": chat or _chat(user, name), "text": "Hello"}
    return update(kind, **{**message, **fields})


def _photo(**fields: Any) -> Json:
    sizes = [{"file_id": f"photo-{side}", "file_size": side, "width": side, "height": side} for side in (90, 320, 800)]
    return message(**{"text": None, "photo": sizes, **fields})


def _group(**fields: Any) -> Json:
    return message(**{"chat": {"id": -1001305240521, "title": "Fans", "type": "supergroup"}, **fields})


def _channel_direct(*, user: int = 23, name: str = "Ana", **fields: Any) -> Json:
    """A direct message to a channel: one chat for all people, with a topic for each."""
    chat = {"id": -1001305240777, "title": "News", "type": "supergroup", "is_direct_messages": True}
    topic = {"topic_id": user, "user": _user(user, name)}
    return message(**{"chat": chat, "user": user, "name": name, "direct_messages_topic": topic, **fields})


def _channel_post(**fields: Any) -> Json:
    return message(
        "channel_post", **{"chat": {"id": -100777, "title": "News", "type": "channel"}, "from": None, **fields}
    )


def _edit(message_id: int, **fields: Any) -> Json:
    edited = {"text": "Hello again", "edit_date": int(time.time()), **fields}
    return message("edited_message", message_id=message_id, **edited)


def _business(*, owner: int = 42, own: bool = False, user: int = 23, **fields: Any) -> Json:
    sender, chat = owner if own else user, _chat(user, "Ana")
    return message("business_message", **{"user": sender, "chat": chat, "business_connection_id": "bc1", **fields})


def _business_deleted(message_ids: list[int], user: int = 23, connection: str = "bc1") -> Json:
    ids = {"message_ids": message_ids, "business_connection_id": connection}
    return update("deleted_business_messages", chat=_chat(user, "Ana"), date=None, **ids)


def _reaction(message_id: int, emoji: str = "👍", user: int = 23, **fields: Any) -> Json:
    new = [{"type": "emoji", "emoji": emoji}] if emoji else []
    who = {"chat": _chat(user, "Ana"), "user": _user(user, "Ana"), "old_reaction": []}
    return update("message_reaction", **{**who, "message_id": message_id, "new_reaction": new, **fields})


def _pressed(*, message_id: int = 1, data: str = "yes", label: str = "Yes, please", user: int = 23) -> Json:
    keyboard = {"inline_keyboard": [[{"text": label, "callback_data": data}]]}
    question = message(user=user, message_id=message_id, text="Shall we?", reply_markup=keyboard)["message"]
    return update(
        "callback_query", date=None, id=str(number()), data=data, message=question, **{"from": _user(user, "Ana")}
    )


def _membership(status: str, user: int = 23) -> Json:
    states = {"old_chat_member": {"status": "member"}, "new_chat_member": {"status": status}}
    return update("my_chat_member", chat=_chat(user, "Ana"), **{"from": _user(user, "Ana")}, **states)


def _connection(enabled: bool = True, owner: int = 42) -> Json:
    rights = {"can_reply": True, "can_read_messages": True}
    return update("business_connection", id="bc1", user=_user(owner, "John"), is_enabled=enabled, rights=rights)


def sign(raw: bytes, secret: str) -> Mapping[str, str]:
    """Telegram signs nothing: it repeats the token it was given."""
    return {"X-Telegram-Bot-Api-Secret-Token": secret}


def _with_person(build: Callable[..., Json]) -> Callable[..., Json]:
    """The same event, which also takes the `person` of other networks' events: any text, which always means the same
    user.
    """

    @wraps(build)
    def built(*, person: str = "", **fields: Any) -> Json:
        return build(**({"user": _user_number(person)} if person else {}), **fields)

    return built


def _user_number(person: str) -> int:
    return int(person) if person.isdecimal() else zlib.crc32(person.encode())


_BUILT: Mapping[str, Callable[..., Json]] = {
    "dm": message,
    "dm_with_image": _photo,
    "group_message": _group,
    "channel_direct": _channel_direct,
    "channel_post": _channel_post,
    "edit": _edit,
    "business_message": _business,
    "own_business_message": partial(_business, own=True),
    "business_deleted": _business_deleted,
    "reaction": _reaction,
    "postback": _pressed,
    "blocked": partial(_membership, "kicked"),
    "unblocked": partial(_membership, "member"),
    "migrated": partial(message, text=None, migrate_to_chat_id=-1001305240999),
    "business_connection": _connection,
}
EVENTS = {name: _with_person(build) for name, build in _BUILT.items()}


def _by(fan: Fan, id: str, at: int, **fields: Any) -> dict[str, Any]:
    own_number = int(id.rpartition(":")[2])
    return {"user": int(fan.id), "name": fan.name, "message_id": own_number, "date": at // 1000, **fields}


def _reacts(fan: Fan, id: str, emoji: str, at: int) -> tuple[str, dict[str, Any]]:
    fields = _by(fan, id, at, emoji=emoji)
    del fields["name"]
    return "reaction", fields


VOICE = Voice(
    name=lambda fan, number: f"{fan.id}:{number}",
    says=lambda fan, message, text, at: ("dm", _by(fan, message, at, text=text)),
    edits=lambda fan, message, text, at: (
        "edit",
        _by(fan, message, fan.times[message], text=text, edit_date=at // 1000),
    ),
    reacts=_reacts,
)
