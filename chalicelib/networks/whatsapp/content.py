"""What a message holds: its words, files and context. Content that is unknown or cannot be read is unsupported."""

from collections.abc import Collection
from typing import Any

from chalicelib.networks import base
from chalicelib.networks.base import Json
from chalicelib.networks.read import MOST_PARTS, UNREADABLE, pick, within, words
from chalicelib.networks.whatsapp.readers import first_item, first_text, items, json_object

FILES = {"image": "image", "video": "video", "audio": "audio", "document": "file", "sticker": "sticker"}
OTHERS = {"location": "location", "contacts": "contact", "order": "order", "media_placeholder": "unsupported"}
PRESSED = ("button", "interactive")
CONTENTS = ("text", *FILES, *OTHERS, *PRESSED)
# Attachment has fields of its own for these; the rest of a file goes into its details as it came.
_FIELDS = ("id", "mime_type", "filename", "caption", "text", "url")
_REFERRAL = ("source_url", "source_type", "source_id", "headline", "body", "media_type", "ctwa_clid")
_PICTURES = ("image_url", "video_url", "thumbnail_url")


def type_of(message: Json, others: Collection[str]) -> str:
    """The message's type; if it cannot be read, that of its content, which may be one of `others`; else empty."""
    return words(message.get("type")) or next((name for name in (*others, *CONTENTS) if name in message), "")


def _content(message: Json) -> Json:
    """What is under the name of the message's type, or of an interactive message's own type."""
    content = json_object(message.get(message["type"]))
    return json_object(content.get(words(content.get("type")))) if message["type"] == "interactive" else content


def text_and_files(message: Json) -> dict[str, Any]:
    """Those of the fields `text`, `attachments` and `kind` that a message of its type has."""
    kind, content = message["type"], _content(message)
    text = first_text(content, "body", "caption", "title", "text")
    if kind in PRESSED:
        text = text or _pressed(content)
        return {"text": text, "kind": "postback" if text else "unsupported"}
    if kind in FILES:
        media = first_text(content, "id")
        return {"text": text, "attachments": (_attachment(FILES[kind] if media else "unsupported", content, media),)}
    if kind in OTHERS:
        cards = items(message, kind)[:MOST_PARTS] or [{}] if kind == "contacts" else [content]
        entries = [json_object(card) for card in cards]
        return {"text": text, "attachments": tuple(_attachment(OTHERS[kind], entry) for entry in entries)}
    return {"text": text} if kind == "text" and text else {"kind": "unsupported"}


def _pressed(content: Json) -> str:
    """What was pressed without a title, or what was answered, as the code that it has; empty if there is none.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/user-call-permissions
    """
    return first_text(content, "description", "payload", "id", "name", "response")


def _answers(content: Json) -> dict[str, str]:
    """What was filled into a flow, by the names of its fields; several values with commas between.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/flows/guides/receiveflowresponse
    """
    try:
        given = json_object(within(content.get("response_json")))
    except UNREADABLE:
        return {}
    answers = {name: _answer(value) for name, value in given.items() if name != "flow_token"}
    return {name: text for name, text in answers.items() if text}


def _answer(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(filter(None, map(_answer, value))) if isinstance(value, list) else words(value)


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


def context_of(message: Json) -> Json:
    quote, content = json_object(message.get("context")), _content(message)
    context: dict[str, Any] = {
        name: "true" for name in ("forwarded", "frequently_forwarded") if quote.get(name) is True
    }
    context["product"] = pick(quote.get("referred_product"), "catalog_id", "product_retailer_id")
    context["referral"] = pick(message.get("referral"), *_REFERRAL, *_PICTURES)
    context["status"] = first_text(message.get("history_context"), "status").lower()
    if message["type"] in PRESSED:
        context["payload"] = first_text(content, "payload", "id", "response_json")
        context["answers"] = _answers(content)
        context |= pick(content, "description", "response", "expiration_timestamp", "response_source")
        context["is_permanent"] = "true" if content.get("is_permanent") is True else ""
    elif message["type"] not in (*FILES, *OTHERS, "text"):
        context |= {**pick(message, "type"), **pick(content, "type"), **pick(first_item(message, "errors"), "code")}
    return {name: value for name, value in context.items() if value}
