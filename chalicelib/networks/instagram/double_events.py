"""Instagram's side of the hook: the bodies it posts, their signature, and how people speak there.

https://developers.facebook.com/docs/instagram-platform/webhooks/examples
"""

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.networks.double import Voice, by, number

Json = Mapping[str, Any]
ACCOUNT, SCOPED, PERSON = "17841400000000001", "24300000000000001", "8190000000000001"
MEDIA = "17920000000000001"


def sign(raw: bytes, secret: str) -> Mapping[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()}


def _now() -> int:
    return int(time.time() * 1000)


def event(account: str = ACCOUNT, person: str = PERSON, at: int = 0, out: bool = False, **content: Any) -> Json:
    sides = (account, person) if out else (person, account)
    item = {"sender": {"id": sides[0]}, "recipient": {"id": sides[1]}, "timestamp": at or _now(), **content}
    return {"object": "instagram", "entry": [{"id": account, "time": at or _now(), "messaging": [item]}]}


def change(field: str, value: Json, account: str = ACCOUNT, at: int = 0, flat: bool = False) -> Json:
    change: Json = {"field": field, "value": value}
    entry = {"id": account, "time": (at or _now()) // 1000, **(change if flat else {"changes": [change]})}
    return {"object": "instagram", "entry": [entry]}


def comment(
    text: str = "How much?", id: str = "", media: str = MEDIA, person: str = PERSON, username: str = "ana.silva",
    parent: str = "", field: str = "comments", more: Json | None = None, **fields: Any,
) -> Json:  # fmt: skip
    author = {"id": person, "username": username, **(more or {})}
    comment: dict[str, Any] = {"id": id or str(17950000000000000 + 10 * number()), "text": text, "from": author}
    comment["media"] = {"id": media, "media_product_type": "FEED"}
    return change(field, {**comment, **({"parent_id": parent} if parent else {})}, **fields)


def comment_on_ad(media: str = "17920000000000066", **fields: Any) -> Json:
    body = comment(media=media, **{"text": "Is it really that cheap?", **fields})
    ad = {"media_product_type": "AD", "ad_id": "120210", "ad_title": "Spring", "original_media_id": MEDIA}
    body["entry"][0]["changes"][0]["value"]["media"].update(ad)
    return body


def mention(media: str = MEDIA, comment: str = "", **fields: Any) -> Json:
    return change("mentions", {"media_id": media, **({"comment_id": comment} if comment else {})}, **fields)


def _message_event(content: Json, mid: str = "", **fields: Any) -> Json:
    return event(message={"mid": mid or f"aWdfZAG1event{number()}", **content}, **fields)


def dm(text: str = "Hello", more: Json | None = None, **fields: Any) -> Json:
    return _message_event({"text": text, **(more or {})}, **fields)


def dm_with(kind: str = "image", url: str = "https://lookaside.fbsbx.com/1.gif", **fields: Any) -> Json:
    return _message_event({"attachments": [{"type": kind, "payload": {"url": url}}]}, **fields)


def reaction(mid: str = "m1", action: str = "react", **fields: Any) -> Json:
    return event(reaction={"mid": mid, "action": action, "reaction": "love", "emoji": "❤️"}, **fields)


EVENTS: Mapping[str, Callable[..., Json]] = {
    "event": event,
    "change": change,
    "comment": comment,
    "comment_on_ad": comment_on_ad,
    "own_comment": lambda account=ACCOUNT, **fields: comment(
        person=account, account=account, more={"self_ig_scoped_id": SCOPED}, **fields
    ),
    "flat_comment": lambda **fields: comment(flat=True, **fields),
    "live_comment": lambda **fields: comment(field="live_comments", **fields),
    "mention": mention,
    "dm": dm,
    "dm_with": dm_with,
    "dm_with_image": dm_with,
    "story_mention": lambda **fields: dm_with("story_mention", **fields),
    "share": lambda **fields: dm_with("share", **fields),
    "story_reply": lambda text="Wow", story="178", **fields: dm(
        text, {"reply_to": {"story": {"id": story, "url": "https://lookaside.fbsbx.com/s"}}}, **fields
    ),
    "echo": lambda text="Hi!", **fields: dm(text, {"is_echo": True}, out=True, **fields),
    "delete": lambda **fields: _message_event({"is_deleted": True}, **fields),
    "edit": lambda mid="m1", text="Hello again", **fields: event(
        message_edit={"mid": mid, "text": text, "num_edit": 1}, **fields
    ),
    "reaction": reaction,
    "read": lambda mid="m1", **fields: event(read={"mid": mid}, **fields),
    "postback": lambda title="Prices", payload="PRICES", mid="p1", **fields: event(
        postback={"mid": mid, "title": title, "payload": payload}, **fields
    ),
    "referral": lambda ref="summer", **fields: event(
        referral={"ref": ref, "source": "IGME-SOURCE-LINK", "type": "OPEN_THREAD"}, **fields
    ),
}
VOICE = Voice(
    name=lambda fan, number: f"aWdf{number}",
    says=lambda fan, message, text, at: ("dm", by(fan, at, mid=message, text=text)),
    edits=lambda fan, message, text, at: ("edit", by(fan, at, mid=message, text=text)),
    deletes=lambda fan, message, at: ("delete", by(fan, at, mid=message)),
    reacts=lambda fan, message, emoji, at: (
        "reaction",
        by(fan, at, mid=message, action="react" if emoji else "unreact"),
    ),
    echo=lambda fan, message, text, at: ("echo", by(fan, at, mid=message, text=text)),
    receipts={"read": lambda fan, message, at: ("read", by(fan, at, mid=message))},
)
