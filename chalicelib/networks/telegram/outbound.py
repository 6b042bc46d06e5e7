"""What we send and do on Telegram, as calls of the Bot API. Chats and messages have the ids that `inbound` makes.

https://core.telegram.org/bots/api#available-methods
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.networks import base
from chalicelib.networks.telegram.calls import DELETED, QUOTE_GONE, api, mentions, new_chat
from chalicelib.networks.telegram.places import CALLBACK, Place

CAPTION = 1024
PERMISSIONS = tuple(
    f"can_{what}"
    for what in (
        *("send_messages", "send_audios", "send_documents", "send_photos", "send_videos", "send_video_notes"),
        *("send_voice_notes", "send_polls", "send_other_messages", "add_web_page_previews"),
        *("change_info", "invite_users", "pin_messages", "manage_topics"),
    )
)  # https://core.telegram.org/bots/api#chatpermissions
_Call = tuple[str, Mapping[str, Any]]

_FILES = {
    "image": ("sendPhoto", "photo"),
    "video": ("sendVideo", "video"),
    "audio": ("sendAudio", "audio"),
    "voice": ("sendVoice", "voice"),
    "file": ("sendDocument", "document"),
    "sticker": ("sendSticker", "sticker"),
}
_ALBUM = {"image", "video"}


def parts(say: base.Say) -> Sequence[base.Say]:
    """Up to ten photos and videos together, any other file alone. The text is the first caption, or the last part."""
    says = [replace(say, text="", attachments=group) for group in _groups(say.attachments)]
    if says and len(say.text) <= CAPTION and says[0].attachments[0].kind != "sticker":
        says[0] = replace(says[0], text=say.text)
    elif say.text or not says:
        says.append(replace(say, attachments=()))
    return [says[0], *(replace(part, reply_to="") for part in says[1:])]


def _groups(files: Sequence[base.Media]) -> list[tuple[base.Media, ...]]:
    groups: list[tuple[base.Media, ...]] = []
    for file in files:
        joins = groups and len(groups[-1]) < 10 and {file.kind, groups[-1][0].kind} <= _ALBUM
        groups[-1:] = [(*groups[-1], file)] if joins else [*groups[-1:], (file,)]
    return groups


def send(credentials: base.Credentials, say: base.Say) -> base.Sent:
    """Repeats the call once if Telegram refused it because the group has a new id, or because the quoted message is
    gone.
    """
    place = _parse_place(say.thread or say.to)
    try:
        return _send_to_place(credentials, place, say)
    except base.Gone as refused:
        if chat := new_chat(refused):
            moved = place._replace(chat=chat)
            return replace(_send_to_place(credentials, moved, say), thread=str(moved))
        if say.reply_to and mentions(refused, *QUOTE_GONE):
            return _send_to_place(credentials, place, replace(say, reply_to=""))
        raise


def _send_to_place(credentials: base.Credentials, place: Place, say: base.Say) -> base.Sent:
    method, fields = (_album if len(say.attachments) > 1 else _file if say.attachments else _words)(say)
    result = api(credentials, method, {**_chat_fields(place), **_quote(place, say), **fields}, _attached(say))
    try:
        message = result[0] if isinstance(result, list) else result
        return base.Sent(id=str(Place(place.chat, str(message["message_id"]), place.connection)))
    except (KeyError, TypeError, IndexError) as unreadable:
        raise base.Unknown("Telegram did not return the id of the message.") from unreadable


def _parse_place(text: str) -> Place:
    try:
        return Place.read(text)
    except ValueError as unreadable:
        raise base.Rejected("Telegram has no such chat or message.", code="place") from unreadable


def _chat_fields(place: Place) -> Mapping[str, Any]:
    topic = {"message_thread_id": int(place.number)} if place.number else {}
    direct = {"direct_messages_topic_id": int(place.direct)} if place.direct else {}
    return {"chat_id": int(place.chat), **topic, **direct, **_business(place)}


def _business(place: Place) -> Mapping[str, str]:
    return {"business_connection_id": place.connection} if place.connection else {}


def _quote(place: Place, say: base.Say) -> Mapping[str, Any]:
    """Empty for a pressed button, which cannot be quoted, and for a message from before the group got its new id.

    A deleted message is not quoted; the answer is sent all the same: https://core.telegram.org/bots/api#replyparameters
    """
    if not say.reply_to or say.reply_to.startswith(CALLBACK):
        return {}
    quoted = _parse_place(say.reply_to)
    if not quoted.number or quoted.chat != place.chat:
        return {}
    return {"reply_parameters": {"message_id": int(quoted.number), "allow_sending_without_reply": True}}


def _words(say: base.Say) -> _Call:
    if not say.interactive:
        return "sendMessage", {"text": say.text}
    rows = [[{"text": option.title, "callback_data": option.id}] for option in say.interactive.options]
    return "sendMessage", {"text": say.text, "reply_markup": {"inline_keyboard": rows}}


def _file(say: base.Say) -> _Call:
    media = say.attachments[0]
    method, field = _FILES["voice" if media.mime.startswith("audio/ogg") else media.kind]
    return method, {field: _file_reference(0, media), **_caption(say)}


def _album(say: base.Say) -> _Call:
    """Telegram shows the caption of the first file as that of the album."""
    files = [
        {"type": _FILES[media.kind][1], "media": _file_reference(number, media)}
        for number, media in enumerate(say.attachments)
    ]
    return "sendMediaGroup", {"media": [{**files[0], **_caption(say)}, *files[1:]]}


def _file_reference(number: int, file: base.Media) -> str:
    """How the fields name a file: by its address, or by its place in the form. https://core.telegram.org/bots/api#sending-files"""
    return f"attach://file{number}" if isinstance(file, base.Loaded) else file.url


def _attached(say: base.Say) -> Mapping[str, base.Loaded]:
    return {f"file{n}": file for n, file in enumerate(say.attachments) if isinstance(file, base.Loaded)}


def _caption(say: base.Say) -> Mapping[str, str]:
    return {"caption": say.text} if say.text else {}


def act(credentials: base.Credentials, act: base.Act) -> None:
    """`typing` is repeated with the new id of a group; no other act is, because the messages of the old group are gone.
    Deleting a message that is deleted already is no error.
    """
    if act.verb not in _ACTS:
        raise base.Rejected("The action is not available on Telegram.", code=act.verb)
    call = _ACTS[act.verb](act)
    if call is None:
        return
    method, fields = call
    try:
        api(credentials, method, fields)
    except base.Gone as refused:
        chat = new_chat(refused) if act.verb == "typing" else ""
        if chat:
            api(credentials, method, {**fields, "chat_id": int(chat)})
        elif not mentions(refused, DELETED):
            raise


def _typing(act: base.Act) -> _Call | None:
    """None in the direct messages of a channel, where nobody is shown typing."""
    place = _parse_place(act.thread)
    return None if place.direct else ("sendChatAction", {**_chat_fields(place), "action": "typing"})


def _read(act: base.Act) -> _Call | None:
    """Answers a pressed button, which waits for it; in a business chat, marks the message as read. Other chats have no
    such call.
    """
    if act.id.startswith(CALLBACK):
        return "answerCallbackQuery", {"callback_query_id": act.id.removeprefix(CALLBACK)}
    place = _parse_place(act.id)
    return ("readBusinessMessage", {**_message(place), **_business(place)}) if place.connection else None


def _delete(act: base.Act) -> _Call:
    place = _parse_place(act.id)
    if place.connection:
        return "deleteBusinessMessages", {**_business(place), "message_ids": [int(place.number)]}
    return "deleteMessage", _message(place)


def _react(act: base.Act) -> _Call:
    """Rejected in business chats: the method would take their numbers for those of the bot's own chats."""
    place = _parse_place(act.id)
    if place.connection:
        raise base.Rejected("A bot cannot react in a business chat.", code="react")
    emoji = act.emoji.replace("\ufe0f", "") if act.verb == "react" else ""
    return "setMessageReaction", {**_message(place), "reaction": [{"type": "emoji", "emoji": emoji}] if emoji else []}


def _message(place: Place) -> Mapping[str, int]:
    return {"chat_id": int(place.chat), "message_id": int(place.number)}


def _ban(act: base.Act) -> _Call:
    """Works in groups; nobody can be put out of their own chat. https://core.telegram.org/bots/api#banchatmember"""
    place = _parse_place(act.thread)
    if not (place.chat.startswith("-") and act.to.isdecimal()):
        raise base.Rejected("People can be banned only in groups.", code=act.verb)
    fields = {"chat_id": int(place.chat), "user_id": int(act.to)}
    return ("banChatMember", fields) if act.verb == "ban" else ("unbanChatMember", {**fields, "only_if_banned": True})


def _restrict(act: base.Act) -> _Call:
    """Works in supergroups. All permissions together lift the restriction.
    https://core.telegram.org/bots/api#restrictchatmember
    """
    place = _parse_place(act.thread)
    if not (place.chat.startswith("-100") and act.to.isdecimal()):
        raise base.Rejected("People can be restricted only in supergroups.", code=act.verb)
    permissions = dict.fromkeys(PERMISSIONS, act.verb == "unrestrict")
    return "restrictChatMember", {"chat_id": int(place.chat), "user_id": int(act.to), "permissions": permissions}


_ACTS: Mapping[str, Callable[[base.Act], _Call | None]] = {
    "typing": _typing,
    "read": _read,
    "delete": _delete,
    "react": _react,
    "unreact": _react,
    "ban": _ban,
    "unban": _ban,
    "restrict": _restrict,
    "unrestrict": _restrict,
}
