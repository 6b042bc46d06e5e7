"""Direct messages as Messenger and Instagram share them: the same items come in, the same Send API goes out.

The thread is the other person's id. https://developers.facebook.com/docs/messenger-platform/reference/webhook-events
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from chalicelib.networks import base
from chalicelib.networks._meta.envelope import Item, Read
from chalicelib.networks._meta.graph import Codes, call
from chalicelib.networks.read import UNREADABLE, identity, millis, pick, words

IMAGES_TOGETHER = 10
# Hours after the person last wrote, for answers people write themselves, if Meta granted the app "Human Agent".
# https://developers.facebook.com/docs/messenger-platform/send-messages/message-tags
TAGS: Mapping[str, int] = {"HUMAN_AGENT": 168}
_FILES = ("image", "video", "audio", "file", "sticker")
_SHARES = ("share", "post", "ig_post", "reel", "ig_reel", "story", "ig_story")
_KINDS: Mapping[str, base.AttachmentKind] = {
    "image": "image",
    "video": "video",
    "audio": "audio",
    "file": "file",
    "sticker": "sticker",
    "template": "template",
    "location": "location",
    "fallback": "link",
    "story_mention": "image",
    **dict.fromkeys(_SHARES, "link"),
}
_EMOJI = {
    "love": "❤️",
    "smile": "😆",
    "laugh": "😆",
    "wow": "😮",
    "sad": "😢",
    "angry": "😠",
    "like": "👍",
    "dislike": "👎",
}
_GESTURES = {"typing": "typing_on", "read": "mark_seen", "react": "react", "unreact": "unreact"}
_SHORT_LIVED = re.compile(r"https://[a-z0-9.-]*\b(fbsbx\.com|fbcdn\.net|cdninstagram\.com)/")


def ours(item: Item) -> bool:
    """True for what the account itself said, here or in the network's own app."""
    message = item.value.get("message")
    echo = isinstance(message, dict) and message.get("is_echo") is True
    return echo or pick(item.value.get("sender"), "id").get("id") == item.account


def person(item: Item) -> str:
    return identity(item.value["recipient" if ours(item) else "sender"]["id"])


def at(item: Item) -> int:
    return millis(item.value.get("timestamp")) or item.time


def made_id(item: Item, name: str) -> str:
    """The same id each time the same item comes, for items that have none."""
    told = [item.account, person(item), item.value.get("timestamp"), item.value[name]]
    return f"{name}:{hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]}"


def said(item: Item, message_id: str, **fields: Any) -> base.Message:
    """A message in the item's thread; `fields` are the rest of it."""
    return base.Message(
        thread=person(item),
        id=message_id,
        at=at(item),
        exact=millis(item.value.get("timestamp")) > 0,
        direction="out" if ours(item) else "in",
        person=base.Person(id=person(item)),
        **fields,
    )


def message(item: Item) -> base.Event:
    told = item.value["message"]
    mid = identity(told["mid"]) if told.get("mid") else made_id(item, "message")
    if told.get("is_deleted") is True:
        return base.Delete(thread=person(item), ids=(mid,), at=at(item))
    given = told.get("attachments") or []
    attachments = tuple(_attachments(given))
    return said(
        item,
        mid,
        text=words(told.get("text")),
        kind=_kind(told, given),
        attachments=attachments,
        reply_to=pick(told.get("reply_to"), "mid").get("mid", ""),
        correlation=words(told.get("metadata")),
        context=_context(item, told),
    )


def _kind(told: base.Json, given: Sequence[Any]) -> str:
    types = {pick(one, "type").get("type") for one in given}
    if _story(told):
        return "story_reply"
    if "story_mention" in types:
        return "story_mention"
    if types & set(_SHARES):
        return "share"
    silent = not given and not words(told.get("text"))
    return "unsupported" if silent or told.get("is_unsupported") is True else ""


def _story(told: base.Json) -> dict[str, str]:
    reply = told.get("reply_to")
    return pick(reply.get("story"), "id", "url") if isinstance(reply, dict) else {}


def _context(item: Item, told: base.Json) -> base.Json:
    found: dict[str, Any] = pick(told, "app_id") | pick(told.get("quick_reply"), "payload")
    found |= {"story": _story(told), "referral": referred(told.get("referral"))}
    found |= {"standby": item.field == "standby"}
    return {name: value for name, value in found.items() if value}


def _attachments(given: Any) -> Iterator[base.Attachment]:
    """One of each: until 2026-08-30 a sticker came as an image and as a sticker with one `sticker_id`."""
    if not isinstance(given, list):
        raise TypeError("attachments are a list")
    seen = set()
    for one in given:
        read = _attachment(one)
        if read.kind != "sticker" or read.media not in seen:
            yield read
        seen.add(read.media)


def _attachment(given: Any) -> base.Attachment:
    told, payload = _object(given), _object(_object(given).get("payload"))
    kind = "sticker" if words(payload.get("sticker_id")) else _KINDS.get(words(told.get("type")), "unsupported")
    urls = (payload.get("url"), payload.get("story_media_url"), told.get("url"), told.get("URL"))
    media = pick(payload, "sticker_id", "ig_post_media_id", "reel_video_id", "story_media_id")
    url = next(filter(None, map(words, urls)), "")
    return base.Attachment(
        kind=kind,
        url=url,
        media=next(iter(media.values()), ""),
        title=words(payload.get("title")) or words(told.get("title")),
        expires=url != "" and (kind in _FILES or _SHORT_LIVED.match(url) is not None),
        details=_details(kind, told, payload),
    )


def _details(kind: str, told: base.Json, payload: base.Json) -> base.Json:
    if kind == "location":
        place = _object(payload.get("coordinates"))
        return {"latitude": place.get("lat"), "longitude": place.get("long")}
    return payload if kind == "template" else pick(told, "type") if kind == "unsupported" else {}


def _object(value: Any) -> base.Json:
    return value if isinstance(value, dict) else {}


def referred(value: Any) -> dict[str, str]:
    """Where a person came from: an m.me or ig.me link, or an advertisement."""
    told = _object(value)
    return {
        **pick(told, "ref", "source", "type", "ad_id", "referer_uri"),
        **pick(told.get("ads_context_data"), "ad_title", "photo_url", "video_url", "post_id", "product_id"),
    }


def edit(item: Item) -> base.Event:
    told = item.value["message_edit"]
    if not isinstance(told.get("text"), str):
        return base.Unhandled(reason="edit_without_text")
    return base.Edit(thread=person(item), id=identity(told["mid"]), at=at(item), text=told["text"])


def reaction(item: Item) -> base.Event:
    told = item.value["reaction"]
    emoji = words(told.get("emoji")) or _EMOJI.get(words(told.get("reaction")), "❔")
    return base.Reaction(
        thread=person(item),
        id=identity(told["mid"]),
        at=at(item),
        by=base.Person(id=identity(item.value["sender"]["id"])),
        emoji="" if told.get("action") == "unreact" else emoji,
    )


def postback(item: Item) -> base.Event:
    """A button was pressed; before mids (and for other apps' buttons) only a title or a payload tells which."""
    told = item.value["postback"]
    mid = identity(told["mid"]) if "mid" in told else made_id(item, "postback")
    context: dict[str, Any] = {**pick(told, "payload"), "referral": referred(told.get("referral"))}
    context["standby"] = item.field == "standby"
    return said(
        item,
        mid,
        text=words(told.get("title")) or words(told.get("payload")),
        kind="postback",
        context={name: value for name, value in context.items() if value},
    )


def _thread_event(item: Item, name: str, context: base.Json) -> base.ThreadEvent:
    other = person(item)
    return base.ThreadEvent(thread=other, name=name, at=at(item), person=base.Person(id=other), context=context)


def referral(item: Item) -> base.Event:
    return _thread_event(item, "referral", referred(item.value["referral"]))


def optin(item: Item) -> base.Event:
    return _thread_event(item, "optin", pick(item.value["optin"], "type", "ref", "payload", "title"))


def handover(item: Item) -> base.Event:
    action = next(action for action in ("pass", "take", "request") if f"{action}_thread_control" in item.value)
    told = item.value[f"{action}_thread_control"]
    owners = pick(told, "new_owner_app_id", "previous_owner_app_id", "requested_owner_app_id", "metadata")
    return _thread_event(item, "handover", {"action": action, **owners})


EVENTS: Mapping[str, Read] = {
    "message": message,
    "message_edit": edit,
    "reaction": reaction,
    "postback": postback,
    "referral": referral,
    "optin": optin,
    "pass_thread_control": handover,
    "take_thread_control": handover,
    "request_thread_control": handover,
}


def parts(say: base.Say) -> Sequence[base.Say]:
    """The text, then the images up to ten together, then each other file; only the first quotes."""
    if say.surface != "dm" or say.private or not say.attachments:
        return [say]
    groups = [replace(say, attachments=())] if say.text else []
    for together, files in groupby(say.attachments, key=lambda file: file.kind == "image"):
        media = list(files)
        size = IMAGES_TOGETHER if together else 1
        groups += [replace(say, text="", attachments=tuple(media[i : i + size])) for i in range(0, len(media), size)]
    return [groups[0], *(replace(part, reply_to="") for part in groups[1:])]


def body(say: base.Say) -> dict[str, Any]:
    """What the Send API takes; a person may answer for seven days with `context["tag"] == "HUMAN_AGENT"`."""
    quoted = {"reply_to": {"mid": say.reply_to}} if say.reply_to else {}
    tagged = {"messaging_type": "MESSAGE_TAG", "tag": say.context["tag"]} if say.context.get("tag") else {}
    return {"recipient": {"id": say.to or say.thread}, "message": _content(say), **quoted, **tagged}


def _content(say: base.Say) -> dict[str, Any]:
    files = [
        {"type": "image" if file.kind == "sticker" else file.kind, "payload": {"url": file.url}}
        for file in say.attachments
    ]
    if len(files) > 1:
        return {"attachments": files}
    return {"attachment": files[0]} if files else {"text": say.text}


def deliver(
    network: str, credentials: base.Credentials, node: str, body: base.Json, codes: Codes, host: str
) -> base.Sent:
    path = f"/{node}/messages"
    answer = call(network, "POST", path, credentials, body=body, codes=codes, host=host)
    try:
        return base.Sent(id=identity(answer["message_id"]))
    except UNREADABLE:
        raise base.Unknown("The network did not say which message it made.", code="no_id") from None


def gesture(act: base.Act, emoji: str) -> dict[str, Any]:
    """The body that shows `act` to the person; raises Rejected for what cannot be shown."""
    if act.verb not in _GESTURES or act.surface != "dm":
        raise base.Rejected(f"{act.verb} is not possible here.", code="unsupported")
    body: dict[str, Any] = {"recipient": {"id": act.to or act.thread}, "sender_action": _GESTURES[act.verb]}
    if act.verb in ("react", "unreact"):
        body["payload"] = {"message_id": act.id, **({"reaction": emoji} if act.verb == "react" else {})}
    return body
