"""Direct messages from the Conversations API, in the form of webhooks.

It tells times to the second only. https://developers.facebook.com/docs/messenger-platform/conversations
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from chalicelib.networks import base
from chalicelib.networks._meta import past as lists
from chalicelib.networks.read import identity, moment, part, parts, words

_MESSAGE = (
    "id,created_time,from,to,message,sticker,attachments{mime_type,name,image_data,video_data,file_url},shares{link}"
)


def conversations(node: str, account: str, platform: str, since: int) -> lists.Lists:
    """The account's conversations with a message since then (ms); `node` is the id under which they are read."""
    return lists.Lists(
        path=f"/{node}/conversations", query={"platform": platform}, fields="id,updated_time",
        inner="messages", inner_fields=_MESSAGE, at=_at, entries=partial(_entries, account),
        is_near=lambda conversation: moment(conversation.get("updated_time")) >= since,
    )  # fmt: skip


def _at(message: base.Json) -> int:
    return moment(message.get("created_time"))


def _entries(account: str, conversation: base.Json, message: base.Json) -> Iterator[base.Json]:
    sender, receivers = identity(part(message, "from")["id"]), parts(part(message, "to"), "data")
    is_own = sender == account
    receiver = identity(receivers[0]["id"]) if is_own else account
    content: dict[str, Any] = {"mid": identity(message["id"]), **({"is_echo": True} if is_own else {})}
    if text := words(message.get("message")):
        content["text"] = text
    if files := list(_files(message)):
        content["attachments"] = files
    if not text and not files:
        content["is_unsupported"] = True
    item = {"sender": {"id": sender}, "recipient": {"id": receiver}, "timestamp": _at(message), "message": content}
    yield {"id": account, "time": _at(message), "messaging": [item]}


def _files(message: base.Json) -> Iterator[Mapping[str, Any]]:
    for file in parts(part(message, "attachments"), "data"):
        if kind := next((kind for kind in ("image", "video") if part(file, f"{kind}_data")), ""):
            yield {"type": kind, "payload": {"url": words(part(file, f"{kind}_data").get("url"))}}
        else:
            is_sound = words(file.get("mime_type")).startswith("audio/")
            yield {"type": "audio" if is_sound else "file", "payload": {"url": words(file.get("file_url"))}}
    if sticker := words(message.get("sticker")):
        yield {"type": "image", "payload": {"url": sticker}}
    for share in parts(part(message, "shares"), "data"):
        if link := words(share.get("link")):
            yield {"type": "share", "payload": {"url": link}}
