"""Direct messages of Messenger and Instagram, which share the webhook items and the Send API.

The thread is the other person's id. https://developers.facebook.com/docs/messenger-platform/reference/webhook-events
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from chalicelib.networks import base
from chalicelib.networks._meta import choices
from chalicelib.networks._meta.envelope import Item, Read
from chalicelib.networks._meta.files import payload, type_of
from chalicelib.networks._meta.graph import call
from chalicelib.networks._meta.outcomes import SEND
from chalicelib.networks.read import MOST_PARTS, UNREADABLE, field, filled, identity, is_of, millis, part, pick, words

IMAGES_TOGETHER = 10
# For how many hours after a person's last message an answer by a human is taken, if Meta granted "Human Agent".
# https://developers.facebook.com/docs/messenger-platform/send-messages/message-tags
TAGS: Mapping[str, int] = {"HUMAN_AGENT": 168}
# What opens the window besides messages and pressed buttons: a reaction, and an m.me or ig.me link into the thread.
# https://developers.facebook.com/docs/messenger-platform/policy/policy-overview
OPENS = ("reaction", "referral")
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
_SORTED = json.JSONEncoder(sort_keys=True)
_SHORT_LIVED = ("fbsbx.com", "fbcdn.net", "cdninstagram.com")


def is_own(item: Item) -> bool:
    """True if the account itself said it, through Palabre or in the network's own app."""
    value = item.value
    if "message" in value and isinstance(value["message"], dict) and value["message"].get("is_echo") is True:
        return True
    return field(value.get("sender"), "id") == item.account


def person_id(item: Item) -> str:
    return identity(item.value["recipient" if is_own(item) else "sender"]["id"])


def time_of(item: Item) -> int:
    return millis(item.value.get("timestamp")) or item.time


def made_id(item: Item, name: str) -> str:
    """An id for an item that has none; the same item always gets the same id."""
    content = [item.account, person_id(item), item.value.get("timestamp"), item.value[name]]
    return f"{name}:{hashlib.sha256(_SORTED.encode(content).encode()).hexdigest()[:32]}"


def message_of(item: Item, message_id: str, **fields: Any) -> base.Message:
    """A message in the item's thread; `fields` are those of Message that depend on the kind of item."""
    is_ours, stamp = is_own(item), millis(item.value.get("timestamp"))
    other = identity(item.value["recipient" if is_ours else "sender"]["id"])
    return base.Message(
        thread=other,
        id=message_id,
        at=stamp or item.time,
        exact=stamp > 0,
        direction="out" if is_ours else "in",
        person=base.Person(id=other),
        **fields,
    )


def message(item: Item) -> base.Event:
    content = item.value["message"]
    mid = identity(content["mid"]) if content.get("mid") else made_id(item, "message")
    if content.get("is_deleted") is True:
        return base.Delete(thread=person_id(item), ids=(mid,), at=time_of(item))
    files = content.get("attachments") or []
    files = files[:MOST_PARTS] if isinstance(files, list) else [files] if isinstance(files, dict) else []
    text, story = _text(content), _story(content)
    return message_of(
        item,
        mid,
        text=text,
        kind="story_reply" if story else _kind(content, files, text),
        attachments=tuple(_attachments(files)) if files else (),
        reply_to=field(content.get("reply_to"), "mid"),
        correlation=words(content.get("metadata")),
        context=_context(item, content, story),
    )


def _text(content: base.Json) -> str:
    """The text; for a quick reply without a title, its payload."""
    return words(content.get("text")) or field(content.get("quick_reply"), "payload")


def _kind(content: base.Json, files: Sequence[Any], text: str) -> str:
    if files:
        types = {field(file, "type") for file in files}
        if "story_mention" in types:
            return "story_mention"
        if not types.isdisjoint(_SHARES):
            return "share"
    is_empty = not files and not text
    return "unsupported" if is_empty or content.get("is_unsupported") is True else ""


def _story(content: base.Json) -> dict[str, str]:
    reply = content.get("reply_to")
    return pick(reply.get("story"), "id", "url") if isinstance(reply, dict) else {}


def _context(item: Item, content: base.Json, story: Mapping[str, str]) -> base.Json:
    return filled(
        **pick(content, "app_id"),
        **pick(content.get("quick_reply"), "payload"),
        story=story,
        referral=referred(content.get("referral")),
        standby=item.field == "standby",
    )


def _attachments(files: Sequence[Any]) -> Iterator[base.Attachment]:
    """Without repeats: until 2026-08-30 a sticker came as an image and as a sticker with the same `sticker_id`."""
    seen = set()
    for file in files:
        attachment = _attachment(file)
        if attachment.kind != "sticker" or attachment.media not in seen:
            yield attachment
        seen.add(attachment.media)


def _attachment(value: Any) -> base.Attachment:
    file, payload = value if isinstance(value, dict) else {}, part(value, "payload")
    media = pick(payload, "sticker_id", "ig_post_media_id", "reel_video_id", "story_media_id")
    kind = "sticker" if "sticker_id" in media else _KINDS.get(words(file.get("type")), "unsupported")
    urls = pick(payload, "url", "story_media_url") or pick(file, "url", "URL")
    url = next(iter(urls.values()), "")
    return base.Attachment(
        kind=kind,
        url=url,
        media=next(iter(media.values()), ""),
        title=words(payload.get("title")) or words(file.get("title")),
        expires=url != "" and (kind in _FILES or is_of(url, *_SHORT_LIVED)),
        details=_details(kind, file, payload),
    )


def _details(kind: str, file: base.Json, payload: base.Json) -> base.Json:
    if kind == "location":
        coordinates = part(payload, "coordinates")
        return {"latitude": coordinates.get("lat"), "longitude": coordinates.get("long")}
    return payload if kind == "template" else pick(file, "type") if kind == "unsupported" else {}


def referred(value: Any) -> dict[str, str]:
    """How a person came to us: by an m.me or ig.me link, or by an advertisement."""
    if not isinstance(value, dict):
        return {}
    return {
        **pick(value, "ref", "source", "type", "ad_id", "referer_uri"),
        **pick(value.get("ads_context_data"), "ad_title", "photo_url", "video_url", "post_id", "product_id"),
    }


def edit(item: Item) -> base.Event:
    content = item.value["message_edit"]
    if not isinstance(content.get("text"), str):
        return base.Unhandled(reason="edit_without_text")
    return base.Edit(thread=person_id(item), id=identity(content["mid"]), at=time_of(item), text=content["text"])


def reaction(item: Item) -> base.Event:
    content = item.value["reaction"]
    emoji = words(content.get("emoji")) or _EMOJI.get(words(content.get("reaction")), "❔")
    return base.Reaction(
        thread=person_id(item),
        id=identity(content["mid"]),
        at=time_of(item),
        by=base.Person(id=identity(item.value["sender"]["id"])),
        emoji="" if content.get("action") == "unreact" else emoji,
    )


def postback(item: Item) -> base.Event:
    """Somebody pressed a button. Old events, and those for buttons of other apps, have no mid."""
    content = item.value["postback"]
    mid = identity(content["mid"]) if "mid" in content else made_id(item, "postback")
    payload, referral = words(content.get("payload")), referred(content.get("referral"))
    text = words(content.get("title")) or payload
    return message_of(
        item,
        mid,
        text=text,
        kind="postback" if text else "unsupported",
        context=filled(payload=payload, referral=referral, standby=item.field == "standby"),
    )


def _thread_event(item: Item, name: str, context: base.Json) -> base.ThreadEvent:
    other = person_id(item)
    return base.ThreadEvent(thread=other, name=name, at=time_of(item), person=base.Person(id=other), context=context)


def referral(item: Item) -> base.Event:
    return _thread_event(item, "referral", referred(item.value["referral"]))


def optin(item: Item) -> base.Event:
    return _thread_event(item, "optin", pick(item.value["optin"], "type", "ref", "payload", "title"))


def handover(item: Item) -> base.Event:
    action = next(action for action in ("pass", "take", "request") if f"{action}_thread_control" in item.value)
    control = item.value[f"{action}_thread_control"]
    owners = pick(control, "new_owner_app_id", "previous_owner_app_id", "requested_owner_app_id", "metadata")
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
    """The text, then the files: up to ten images together, any other file alone. Only the first part quotes."""
    if say.surface != "dm" or say.private or not say.attachments:
        return [say]
    groups = [replace(say, attachments=())] if say.text else []
    for together, files in groupby(say.attachments, key=lambda file: file.kind == "image"):
        media = list(files)
        size = IMAGES_TOGETHER if together else 1
        groups += [replace(say, text="", attachments=tuple(media[i : i + size])) for i in range(0, len(media), size)]
    return [groups[0], *(replace(part, reply_to="") for part in groups[1:])]


def body(say: base.Say) -> dict[str, Any]:
    """The body for the Send API; with a tag of TAGS in `context["tag"]` it is a tagged message."""
    quote = {"reply_to": {"mid": say.reply_to}} if say.reply_to else {}
    tag = {"messaging_type": "MESSAGE_TAG", "tag": say.context["tag"]} if say.context.get("tag") else {}
    return {"recipient": {"id": say.to or say.thread}, "message": _content(say), **quote, **tag}


def _content(say: base.Say) -> dict[str, Any]:
    if say.interactive:
        return choices.content(say.text, say.interactive)
    sent = [{"type": type_of(file), "payload": payload(file)} for file in say.attachments]
    if len(sent) > 1:
        return {"attachments": sent}
    return {"attachment": sent[0]} if sent else {"text": say.text}


def deliver(network: str, credentials: base.Credentials, node: str, body: base.Json, host: str) -> base.Sent:
    answer = call(network, "POST", f"/{node}/messages", credentials, body=body, codes=SEND, host=host)
    try:
        return base.Sent(id=identity(answer["message_id"]))
    except UNREADABLE:
        raise base.Unknown("The network did not return the id of the message.", code="no_id") from None


def gesture(act: base.Act, emoji: str) -> dict[str, Any]:
    """The body of an act that the person sees, such as typing; raises Rejected for any other act."""
    if act.verb not in _GESTURES or act.surface != "dm":
        raise base.Rejected("The action is not available on this surface.", code="unsupported")
    body: dict[str, Any] = {"recipient": {"id": act.to or act.thread}, "sender_action": _GESTURES[act.verb]}
    if act.verb in ("react", "unreact"):
        body["payload"] = {"message_id": act.id, **({"reaction": emoji} if act.verb == "react" else {})}
    return body
