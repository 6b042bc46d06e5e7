"""Reads what TikTok posts: `{"event", "user_openid", "create_time", "content"}`, where `content` is JSON inside a text.

Ids of comments and videos are numbers of 19 digits there.
https://business-api.tiktok.com/portal/docs?id=1832190670631937
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from chalicelib.networks import base, signature
from chalicelib.networks.read import (
    UNREADABLE,
    field,
    filled,
    identity,
    json_in,
    millis,
    part,
    pick,
    short,
    typed,
    words,
)

_SIGNED = re.compile(r"t=(\d{1,12}),s=([0-9a-f]{64})")
_ACCOUNT = re.compile(rb'"user_openid"\s*:\s*"([A-Za-z0-9_-]{1,100})"')
_LOOKED_AT_BYTES = 500
FRESH_SECONDS = 300
ASKED, HISTORY = "asked", "history"  # added to a webhook's form: we asked for it; it is older than the connection


def verify(raw: bytes, headers: base.Headers, secrets: base.Secrets, now: float | None = None) -> bool:
    """True if `Tiktok-Signature` is the HMAC of its time and the bytes, and that time (s) is at most 5 minutes off."""
    match = _SIGNED.fullmatch(headers.get("tiktok-signature") or "")
    if match is None:
        return False
    is_signed = signature.is_signed(f"{match[1]}.".encode() + raw, match[2], secrets.signing)
    return is_signed and abs((time.time() if now is None else now) - int(match[1])) <= FRESH_SECONDS


def about(raw: bytes) -> str:
    first = _ACCOUNT.search(raw, 0, _LOOKED_AT_BYTES)
    return first[1].decode() if first else ""


def parse(payload: base.Json) -> Iterator[base.Inbound]:
    """Reads a body that TikTok posted, or one of comments that we asked for."""
    body = payload if isinstance(payload, dict) else {}
    head: dict[str, Any] = short(body, "event", "user_openid", "create_time")
    if isinstance(body.get("comments"), list):
        flags = {name: True for name in (ASKED, HISTORY) if body.get(name) is True}
        for content in body["comments"]:
            yield _comment_of(head, content, flags)
    else:
        yield _posted(head, body.get("content"))


def _comment_of(head: Mapping[str, Any], content: Any, flags: Mapping[str, bool]) -> base.Inbound:
    """The event of a comment that we asked for: its time is in seconds, while webhooks have milliseconds."""
    account = head.get("user_openid", "")
    event = _event(account, {**head, "event": "comment.update"}, content)
    if isinstance(event, base.Message) and ASKED in flags:
        event = replace(event, exact=False, coarse=event.exact, history=HISTORY in flags)
    return base.Inbound(account=account, event=event, raw={**head, **flags, "comments": [content]})


def _posted(head: Mapping[str, Any], content: Any) -> base.Inbound:
    """The JSON inside the text is kept as an object, which can be read again."""
    if isinstance(content, str):
        try:
            content = json_in(content)
        except UNREADABLE:
            content = None
    account = head.get("user_openid", "")
    return base.Inbound(account=account, event=_event(account, head, content), raw={**head, "content": content})


def _event(account: str, head: base.Json, content: Any) -> base.Event:
    name = head.get("event")
    if not (name and account):
        return base.Unhandled(reason="malformed")
    if (read := EVENTS.get(name)) is None:
        ignored = (reason for prefix, reason in _IGNORED.items() if name.startswith(prefix))
        return base.Unhandled(reason=next(ignored, "unknown_type"))
    try:
        return read(account, typed(dict, content), millis(head.get("create_time")))
    except UNREADABLE:
        return base.Unhandled(reason="malformed")


# Direct messages


def _person(content: base.Json, side: str) -> base.Person:
    """The person of `from` or `to`, which has their name; their id is in `from_user` or `to_user`."""
    return base.Person(id=identity(content[f"{side}_user"]["id"]), username=words(content.get(side)))


def _message(direction: base.Direction) -> Callable[[str, Any, int], base.Event]:
    """The customer is the author or the addressee; TikTok's `unique_identifier` is not always theirs."""
    side = "from" if direction == "in" else "to"

    def read(account: str, content: Any, stamp: int) -> base.Event:
        at, kind = millis(content.get("timestamp")), words(content.get("type"))
        text, files = (words(part(content, "text").get("body")), ()) if kind == "text" else ("", _files(content, kind))
        shown = bool(text or files)
        return base.Message(
            thread=identity(content["conversation_id"]),
            id=identity(content["message_id"]),
            at=at or stamp,
            exact=at > 0,
            direction=direction,
            person=_person(content, side),
            text=text,
            attachments=files,
            kind=_SHARE if kind == "share_post" and shown else "" if shown else "unsupported",
            reply_to=words(part(content, "referenced_message_info").get("referenced_message_id")),
            context=filled(
                content="" if shown else kind,
                tag=words(content.get("message_tag")),
                scene=words(content.get("scene_type")),
                is_follower=content.get("is_follower") is True,
            ),
        )

    return read


_SHARE = "share"


def _files(content: base.Json, kind: str) -> tuple[base.Attachment, ...]:
    """A picture has to be asked for by its conversation and message; a shared video is a link."""
    inner = part(content, kind)
    if kind == "image" and words(inner.get("media_id")):
        where = {"conversation": identity(content["conversation_id"]), "message": identity(content["message_id"])}
        return (base.Attachment(kind="image", media=words(inner["media_id"]), expires=True, details=where),)
    url = words(inner.get("embed_url"))
    if kind == "share_post" and (url or words(inner.get("video_id"))):
        video = pick(inner, "video_id")
        url = url or f"https://www.tiktok.com/embed/{video['video_id']}"
        return (base.Attachment(kind="link", url=url, details=video),)
    return ()


def _receipt(account: str, content: Any, stamp: int) -> base.Event:
    if identity(content["from_user"]["id"]) == account:
        return base.Unhandled(reason="own_reading")
    until = millis(part(content, "read").get("last_read_timestamp"))
    thread = identity(content["conversation_id"])
    return base.Receipt(thread=thread, status="read", at=until or stamp, watermark=until or stamp)


def _referral(account: str, content: Any, stamp: int) -> base.Event:
    """The person opened the chat by an advertisement or a link."""
    led = content.get("referral")
    details = pick(led, "ref", "source", "type", "ad_id", "ad_name", "campaign_id", "adgroup_id")
    return base.ThreadEvent(
        thread=identity(content["conversation_id"]),
        name="referral",
        at=millis(content.get("timestamp")) or stamp,
        person=_person(content, "from"),
        context=details,
    )


# Comments


def _comment(account: str, content: Any, stamp: int) -> base.Event:
    """TikTok has two levels: a comment, and the replies in its thread."""
    id, above = identity(content["comment_id"]), content.get("parent_comment_id")
    is_reply = content.get("comment_type") == "reply"
    thread = identity(above) if is_reply else id
    action, at = typed(str, content["comment_action"]), millis(content.get("timestamp"))
    if action == "insert":
        return _to_message(account, content, thread, id, at or stamp, exact=at > 0)
    if action == "delete":
        return base.Delete(thread=thread, ids=(id,), at=at or stamp, surface="comment")
    if action in _SHOWN:
        return base.Hide(thread=thread, id=id, at=at or stamp, hidden=not _SHOWN[action])
    return base.Unhandled(reason="unknown_type")


_SHOWN = {"set_to_hidden": False, "set_to_friends_only": False, "set_to_public": True}


def _to_message(account: str, content: base.Json, thread: str, id: str, at: int, *, exact: bool) -> base.Message:
    author, video, text = (
        identity(content["unique_identifier"]),
        identity(content["video_id"]),
        words(content.get("text")),
    )
    is_own = author == account
    return base.Message(
        thread=thread,
        id=id,
        at=at,
        exact=exact,
        surface="comment",
        direction="out" if is_own else "in",
        person=None if is_own else base.Person(id=author, username=words(content.get("username"))),
        text=text,
        kind="" if text else "unsupported",
        reply_to="" if thread == id else thread,
        hidden=words(content.get("status")).upper() == "HIDDEN",
        origin=base.Origin(id=video, kind="video"),
        context={"video": video},
    )


def _removed(account: str, content: Any, stamp: int) -> base.Event:
    reason = field(content, "reason")
    return base.AccountEvent(name="token.revoked", at=stamp, health="expired", detail=reason)


EVENTS: Mapping[str, Callable[[str, Any, int], base.Event]] = {
    "im_receive_msg": _message("in"),
    "im_receive_msg_eu": _message("in"),
    "im_send_msg": _message("out"),
    "im_mark_read_msg": _receipt,
    "im_referral_msg": _referral,
    "comment.update": _comment,
    "authorization.removed": _removed,
}
_IGNORED = {
    "im_receive_high_intent_comment": "high_intent_comment",
    "im_auto_message": "auto_message",
    "brand_mention.": "brand_mention",
    "post.publish.": "own_post",
    "video.publish.": "own_post",
    "video.upload.": "own_post",
}
