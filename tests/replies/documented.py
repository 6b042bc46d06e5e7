"""Replies, and the calls that each network documents for them."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.networks.example.double import PIXEL
from tests.uploads.uploading import PNG

IMAGE = {"upload": "{upload}"}
ADDRESS = "where the picture is"
SENT_IMAGE = {"type": "image", "payload": {"url": ADDRESS}}
FILE = {"name": PNG["name"], "type": PNG["type"], "sha256": hashlib.sha256(PIXEL).hexdigest()}
UPLOADS = ("/media", "/message_attachments")  # where a network takes a file before the message that names it
TEMPLATE = {"name": "order_ready", "language": "en"}


@dataclass(frozen=True)
class Case:
    """A reply on a network, and the calls it becomes. `{...}` stand for what only the run knows."""

    network: str
    reply: Mapping[str, Any]
    calls: list[tuple[str, Mapping[str, Any]]]
    event: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)


def messages(network: str, *contents: Mapping[str, Any], path: str = "/v25.0/{account}/messages") -> Any:
    """Calls of the Send API to the fan."""
    kind = {"messaging_type": "RESPONSE"} if network == "messenger" else {}
    return [(path, {"recipient": {"id": "{fan}"}, **kind, **content}) for content in contents]


def whatsapp(**content: Any) -> tuple[str, Mapping[str, Any]]:
    addressed = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": "{fan}"}
    return "/v25.0/{account}/messages", {**addressed, **content, "biz_opaque_callback_data": "{message}"}


def telegram(method: str, **content: Any) -> tuple[str, Mapping[str, Any]]:
    return f"/bot{{token}}/{method}", {"chat_id": "{fan number}", **content}


TEXT = {"text": "On Sundays too"}
CASES = {
    "facebook comment": Case("facebook", TEXT, [("/v25.0/{said}/comments", {"message": TEXT["text"]})]),
    "facebook comment with an image": Case(
        "facebook", {**TEXT, "attachments": [IMAGE]},
        [("/v25.0/{said}/comments", {"message": TEXT["text"], "source": FILE})],
    ),
    "facebook private answer": Case(
        "facebook", {**TEXT, "private": True},
        [("/v25.0/{account}/messages",
          {"recipient": {"comment_id": "{said}"}, "messaging_type": "RESPONSE", "message": {"text": TEXT["text"]}})],
    ),
    "facebook mention": Case(
        "facebook", TEXT, [("/v25.0/{said}/comments", {"message": TEXT["text"]})], "mention",
    ),
    "facebook review": Case(
        "facebook", TEXT, [("/v25.0/{said}/comments", {"message": TEXT["text"]})], "review",
    ),
    "messenger text": Case(
        "messenger", TEXT, messages("messenger", {"message": {"text": TEXT["text"], "metadata": "{message}"}}),
    ),
    "messenger text and image": Case(
        "messenger", {**TEXT, "attachments": [IMAGE]},
        messages("messenger", {"message": {"text": TEXT["text"], "metadata": "{message}"}},
                 {"message": {"attachment": {"type": "image", "payload": {"attachment_id": "{file}"}},
                              "metadata": "{message 2}"}}),
    ),
    "messenger quote": Case(
        "messenger", {**TEXT, "reply_to": "{heard}"},
        messages(
            "messenger", {"message": {"text": TEXT["text"], "metadata": "{message}"}, "reply_to": {"mid": "{said}"}},
        ),
    ),
    "messenger template": Case(
        "messenger", {"template": TEMPLATE},
        [("/v25.0/{account}/messages",
          {"recipient": {"id": "{fan}"}, "messaging_type": "UTILITY",
           "message": {"template": {"name": "order_ready", "language": {"code": "en"}}, "metadata": "{message}"}})],
    ),
    "instagram text": Case(
        "instagram", TEXT, messages("instagram", {"message": {"text": TEXT["text"]}}, path="/v25.0/me/messages"),
    ),
    "instagram images together": Case(
        "instagram", {"attachments": [IMAGE, IMAGE]},
        messages("instagram", {"message": {"attachments": [SENT_IMAGE] * 2}}, path="/v25.0/me/messages"),
    ),
    "instagram quote": Case(
        "instagram", {**TEXT, "reply_to": "{heard}"},
        messages(
            "instagram", {"message": {"text": TEXT["text"]}, "reply_to": {"mid": "{said}"}}, path="/v25.0/me/messages",
        ),
    ),
    "instagram comment": Case(
        "instagram", TEXT, [("/v25.0/{said}/replies", {"message": TEXT["text"]})], "comment",
    ),
    "instagram private answer": Case(
        "instagram", {**TEXT, "private": True},
        [("/v25.0/me/messages", {"recipient": {"comment_id": "{said}"}, "message": {"text": TEXT["text"]}})], "comment",
    ),
    "instagram mention": Case(
        "instagram", TEXT,
        [("/v25.0/{account}/mentions", {"media_id": "17920", "comment_id": "{said}", "message": TEXT["text"]})],
        "mention", {"media": "17920", "comment": "17950{n}"},
    ),
    "whatsapp text": Case(
        "whatsapp", TEXT, [whatsapp(type="text", text={"body": TEXT["text"], "preview_url": False})],
    ),
    "whatsapp image with caption": Case(
        "whatsapp", {**TEXT, "attachments": [IMAGE]},
        [whatsapp(type="image", image={"id": "{file}", "caption": TEXT["text"]})],
    ),
    "whatsapp quote": Case(
        "whatsapp", {**TEXT, "reply_to": "{heard}"},
        [whatsapp(type="text", text={"body": TEXT["text"], "preview_url": False}, context={"message_id": "{said}"})],
    ),
    "whatsapp template": Case(
        "whatsapp", {"template": {**TEMPLATE, "components": [{"type": "body", "parameters": []}]}},
        [whatsapp(type="template", template={"name": "order_ready", "language": {"code": "en"},
                                             "components": [{"type": "body", "parameters": []}]})],
    ),
    "telegram text": Case("telegram", TEXT, [telegram("sendMessage", text=TEXT["text"])]),
    "telegram photo": Case(
        "telegram", {**TEXT, "attachments": [IMAGE]},
        [telegram("sendPhoto", photo="attach://file0", caption=TEXT["text"], file0=FILE)],
    ),
    "telegram quote": Case(
        "telegram", {**TEXT, "reply_to": "{heard}"},
        [
            telegram(
                "sendMessage",
                text=TEXT["text"],
                reply_parameters={"message_id": "{said number}", "allow_sending_without_reply": True},
            )
        ],
    ),
}  # fmt: skip


def filled(value: Any, known: Mapping[str, str]) -> Any:
    """The value with what the run knows in place of `{...}`; a name that ends in `number` gives a number."""
    text = json.dumps(value)
    for name, content in known.items():
        text = text.replace(f'"{{{name}}}"', content if name.endswith("number") else f'"{content}"')
        text = text.replace(f"{{{name}}}", content)
    return json.loads(text)
