"""What a message holds: its words, files and context. Content that is unknown or cannot be read is unsupported."""

from collections.abc import Collection
from typing import Any

from chalicelib.networks import base
from chalicelib.networks.base import Json
from chalicelib.networks.read import MOST_PARTS, UNREADABLE, field, filled, json_in, part, pick, words
from chalicelib.networks.whatsapp.readers import first_item, first_text, items, json_object

FILES = {"image": "image", "video": "video", "audio": "audio", "document": "file", "sticker": "sticker"}
OTHERS = {"location": "location", "contacts": "contact", "order": "order", "media_placeholder": "unsupported"}
PRESSED = ("button", "interactive")
CONTENTS = ("text", *FILES, *OTHERS, *PRESSED)
_SHOWN = {"text", *FILES, *OTHERS}
# Attachment has fields of its own for these; the rest of a file goes into its details as it came.
_FIELDS = ("id", "mime_type", "filename", "caption", "text", "url")
_REFERRAL = (
    *("source_url", "source_type", "source_id", "headline", "body", "media_type", "ctwa_clid"),
    *("image_url", "video_url", "thumbnail_url"),
)


def type_of(message: Json, others: Collection[str]) -> str:
    """The message's type; if it cannot be read, that of its content, which may be one of `others`; else empty."""
    return words(message.get("type")) or next((name for name in (*others, *CONTENTS) if name in message), "")


def content_of(message: Json, kind: str) -> Json:
    """What is under the name of the message's type, or of an interactive message's own type."""
    content = json_object(message.get(kind))
    return part(content, words(content.get("type"))) if kind == "interactive" else content


def text_and_files(message: Json, kind: str, content: Json) -> dict[str, Any]:
    """Those of the fields `text`, `attachments` and `kind` that a message of that type has."""
    text = first_text(content, "body", "caption", "title", "text")
    if kind in PRESSED:
        text = text or _button_text(content)
        return {"text": text, "kind": "postback" if text else "unsupported"}
    if kind in FILES:
        media = first_text(content, "id")
        return {"text": text, "attachments": (_attachment(FILES[kind] if media else "unsupported", content, media),)}
    if kind in OTHERS:
        cards = items(message, kind)[:MOST_PARTS] or [{}] if kind == "contacts" else [content]
        entries = [json_object(card) for card in cards]
        return {"text": text, "attachments": tuple(_attachment(OTHERS[kind], entry) for entry in entries)}
    return {"text": text} if kind == "text" and text else {"kind": "unsupported"}


def _button_text(content: Json) -> str:
    """The description or code of a button or answer that has no title; empty if there is none.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/user-call-permissions
    """
    return first_text(content, "description", "payload", "id", "name", "response")


def _flow_answers(content: Json) -> dict[str, str]:
    """What was filled into a flow, by the names of its fields; several values with commas between.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/flows/guides/receiveflowresponse
    """
    try:
        given = json_object(json_in(content.get("response_json")))
    except UNREADABLE:
        return {}
    answers = {name: _answer_text(value) for name, value in given.items() if name != "flow_token"}
    return {name: text for name, text in answers.items() if text}


def _answer_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(filter(None, map(_answer_text, value))) if isinstance(value, list) else words(value)


def _attachment(kind: Any, content: Json, media: str = "") -> base.Attachment:
    return base.Attachment(
        kind=kind,
        media=media,
        url="" if media else words(content.get("url")),
        mime=words(content.get("mime_type")),
        name=words(content.get("filename")),
        title=words(content.get("name")) or first_text(content.get("name"), "formatted_name"),
        expires=media != "",
        details={name: value for name, value in content.items() if name not in _FIELDS},
    )


def context_of(message: Json, kind: str, content: Json) -> Json:
    quote = part(message, "context")
    return filled(
        forwarded=_flag(quote, "forwarded"),
        frequently_forwarded=_flag(quote, "frequently_forwarded"),
        product=pick(quote.get("referred_product"), "catalog_id", "product_retailer_id"),
        referral=pick(message.get("referral"), *_REFERRAL),
        status=field(message.get("history_context"), "status").lower(),
        **(_choice(content) if kind in PRESSED else {} if kind in _SHOWN else _unshown(message, kind, content)),
    )


def _flag(value: Json, name: str) -> str:
    return "true" if value.get(name) is True else ""


def _choice(content: Json) -> dict[str, Any]:
    return {
        "payload": first_text(content, "payload", "id", "response_json"),
        "answers": _flow_answers(content) if "response_json" in content else {},
        **pick(content, "description", "response", "expiration_timestamp", "response_source"),
        "is_permanent": _flag(content, "is_permanent"),
    }


def _unshown(message: Json, kind: str, content: Json) -> dict[str, str]:
    named = pick(content, "type") or filled(type=kind)
    return {**named, **pick(first_item(message, "errors"), "code")}
