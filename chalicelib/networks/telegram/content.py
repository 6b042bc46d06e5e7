"""What a message holds: its words, its files, or something that we cannot show.

Whatever is not among NOTICES was said or done by somebody, so it is a message, even if we cannot read it.
https://core.telegram.org/bots/api#message
"""

from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import Any

from chalicelib.networks import base
from chalicelib.networks.read import MOST_PARTS
from chalicelib.networks.telegram.fields import decimal, filled, part, parts, text, whole

# Notices of Telegram about the chat; nobody says anything by them.
NOTICES = {
    *("new_chat_members", "left_chat_member", "chat_owner_left", "chat_owner_changed", "managed_bot_created"),
    *("new_chat_title", "new_chat_photo", "delete_chat_photo", "chat_background_set", "pinned_message"),
    *("group_chat_created", "supergroup_chat_created", "channel_chat_created"),
    *("community_chat_added", "community_chat_joined", "community_chat_removed"),
    *("message_auto_delete_timer_changed", "paid_message_price_changed", "direct_message_price_changed"),
    *("connected_website", "write_access_allowed", "proximity_alert_triggered", "boost_added"),
    *("forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened"),
    *("general_forum_topic_hidden", "general_forum_topic_unhidden"),
    *("video_chat_scheduled", "video_chat_started", "video_chat_ended", "video_chat_participants_invited"),
    *("voice_chat_scheduled", "voice_chat_started", "voice_chat_ended", "voice_chat_participants_invited"),
    *("giveaway_created", "giveaway_completed", "poll_option_added", "poll_option_deleted"),
    *("checklist_tasks_done", "checklist_tasks_added"),
    *("suggested_post_approved", "suggested_post_approval_failed", "suggested_post_declined"),
}
# What we name but do not show. A content that is on neither list is unsupported too, and has no name.
_NAMED = (
    *("poll", "checklist", "dice", "game", "story", "paid_media", "web_app_data", "invoice", "successful_payment"),
    *("refunded_payment", "gift", "unique_gift", "gift_upgrade_sent", "giveaway", "giveaway_winners", "users_shared"),
    *("chat_shared", "passport_data", "suggested_post_paid", "suggested_post_refunded"),
)
_PAYMENTS = ("successful_payment", "refunded_payment")
# In this order: an animation comes as a document too, a live photo as a photo, and a venue as a location.
_KINDS: Mapping[str, tuple[base.AttachmentKind, str]] = {
    "photo": ("image", "image/jpeg"),
    "live_photo": ("video", "video/mp4"),
    "sticker": ("sticker", "image/webp"),
    "animation": ("video", "video/mp4"),
    "video": ("video", "video/mp4"),
    "video_note": ("video", "video/mp4"),
    "audio": ("audio", "audio/mpeg"),
    "voice": ("audio", "audio/ogg"),
    "voice_note": ("audio", "audio/ogg"),
    "document": ("file", ""),
    "venue": ("location", ""),
    "location": ("location", ""),
    "contact": ("contact", ""),
}
UNSUPPORTED = base.Attachment(kind="unsupported")
_COORDINATES, _DETAILS = ("latitude", "longitude"), ("address", "phone_number", "vcard", "set_name")
_WORDS, _INNER, _DEEPEST = ("text", "summary", "caption", "credit", "expression"), ("blocks", "items", "cells"), 40


def words(value: base.Json) -> str:
    """The text, the caption, or the lines of a rich message."""
    written = text(value, "text", "caption")
    if written or "rich_message" not in value:
        return written
    lines = (_inline(block.get(name)) for block in _blocks(value["rich_message"]) for name in _WORDS)
    return "\n".join(line for line in lines if line)


def attachments(value: base.Json) -> tuple[base.Attachment, ...]:
    """At most one; for a rich message, all of its files. An unreadable file is an attachment of kind `unsupported`."""
    if "rich_message" not in value:
        file = _attachment(value)
        return (file,) if file else ()
    candidates = (_attachment(entry) for entry in chain([value], _blocks(value["rich_message"])))
    return tuple(islice((attachment for attachment in candidates if attachment), MOST_PARTS))


def is_notice(value: base.Json) -> bool:
    return not NOTICES.isdisjoint(value)


def is_shown(text: str, files: tuple[base.Attachment, ...]) -> bool:
    """True if something of the message can be shown."""
    return bool(text) or any(file.kind != "unsupported" for file in files)


def unshown(value: base.Json) -> base.Json:
    """The name of what we cannot show, and the sum of a payment in its smallest units."""
    name = next((name for name in _NAMED if name in value), "")
    payment = part(value, name) if name in _PAYMENTS else {}
    amount = filled(currency=text(payment, "currency"), total_amount=whole(payment.get("total_amount")))
    return filled(content=name, payment=amount)


def _blocks(value: Any, depth: int = 0) -> Iterator[base.Json]:
    """A rich message and what it is made of, in order. https://core.telegram.org/bots/api#richmessage"""
    if isinstance(value, Mapping) and depth < _DEEPEST:
        yield value
        for name in _INNER:
            yield from _blocks(value.get(name), depth + 1)
    elif isinstance(value, list) and depth < _DEEPEST:
        for entry in value:
            yield from _blocks(entry, depth + 1)


def _inline(value: Any, depth: int = 0) -> str:
    """A rich text: a text, a list of rich texts, or one with a style."""
    if isinstance(value, str) or depth > _DEEPEST:
        return value if isinstance(value, str) else ""
    if isinstance(value, list):
        return "".join(_inline(entry, depth + 1) for entry in value)
    if not isinstance(value, Mapping):
        return ""
    return _inline(value.get("text"), depth + 1) or text(value, "alternative_text") or text(value, "expression")


def _attachment(value: base.Json) -> base.Attachment | None:
    """A moving sticker is replaced by its thumbnail, because few apps show vectors or WebM."""
    if value.keys().isdisjoint(_KINDS):
        return None
    name = next(name for name in _KINDS if name in value)
    (kind, mime), file = _KINDS[name], _file(name, value)
    if name == "sticker" and (file.get("is_animated") or file.get("is_video")):
        file, mime = {**file, **(part(file, "thumbnail") or part(file, "thumb"))}, ""
    media, is_stored, details = text(file, "file_id"), kind not in ("location", "contact"), _details(file)
    title = text(file, "title", "emoji", "first_name", "last_name")
    if not media and (is_stored or not (details or title)):
        return UNSUPPORTED
    return base.Attachment(
        kind=kind,
        media=media,
        mime=text(file, "mime_type") or mime,
        name=text(file, "file_name"),
        size=max(whole(file.get("file_size")), 0),
        title=title,
        expires=is_stored,
        details=details,
    )


def _file(name: str, value: base.Json) -> base.Json:
    """The file under that name: the largest size of a photo, and a venue together with its place."""
    if name == "venue":
        return {**part(value, "location"), **part(value, "venue"), **part(part(value, "venue"), "location")}
    if name != "photo":
        return part(value, name)
    sizes = [size for size in parts(value, name) if text(size, "file_id")]
    return max(sizes, key=lambda size: whole(size.get("width")) * whole(size.get("height")), default={})


def _details(file: base.Json) -> base.Json:
    details: dict[str, float | str] = {}
    for name in _COORDINATES:
        if name in file and (number := decimal(file[name])) is not None:
            details[name] = number
    for name in _DETAILS:
        if name in file and (written := text(file, name)):
            details[name] = written
    return details
