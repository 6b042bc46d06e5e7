"""What we post and do on Bluesky. https://docs.bsky.app/docs/advanced-guides/posts

The key of a post is computed from the id of our message, so that a repeated call posts nothing twice.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.networks import base
from chalicelib.networks.base import Credentials
from chalicelib.networks.bluesky import acts, facets, uris
from chalicelib.networks.bluesky.calls import CHAT, api, get, post
from chalicelib.networks.bluesky.records import POST, Found, newest_of, post_at
from chalicelib.networks.read import part, words

FILES_TOGETHER = 4
_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"


def parts(say: base.Say) -> Sequence[base.Say]:
    """Four pictures for each post; the text goes with the first post."""
    files = [say.attachments[at : at + FILES_TOGETHER] for at in range(0, len(say.attachments), FILES_TOGETHER)]
    first, *rest = files or [()]
    return [replace(say, attachments=first), *(replace(say, text="", attachments=group) for group in rest)]


def send(credentials: Credentials, say: base.Say) -> base.Sent:
    if say.surface == "dm":
        return _message(credentials, say)
    answered = _post_to_answer(credentials, say)
    record = {
        "$type": POST, "text": say.text, "createdAt": answered.asked_at,
        "reply": {"root": answered.root, "parent": answered.itself},
        **_facets(credentials, say.text), **_pictures(credentials, say),
    }  # fmt: skip
    where = {"repo": credentials.account, "collection": POST, "rkey": key(say)}
    try:
        answer = post(credentials, "com.atproto.repo.putRecord", {**where, "record": record, "swapRecord": None}).json
    except base.Unreachable as refused:
        if refused.code != "InvalidSwap":
            raise
        return base.Sent(id=f"at://{credentials.account}/{POST}/{key(say)}")  # it is there already
    if not words(answer.get("uri")):
        raise base.Unknown("Bluesky did not return the id of the post.", code="no_id")
    return base.Sent(id=words(answer["uri"]))


act = acts.act


def key(say: base.Say) -> str:
    """The key of the post: the same for the same message and words, so that a repeat writes nothing twice.

    https://atproto.com/specs/tid
    """
    content = "\n".join([say.correlation or say.thread, say.text, *(file.url for file in say.attachments)])
    number = int.from_bytes(hashlib.sha256(content.encode("utf-8", "replace")).digest()[:8]) >> 2
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(60, -1, -5))


def _post_to_answer(credentials: Credentials, say: base.Say) -> Found:
    """The post to answer. Below a post of our own, that is the person's latest post in the thread."""
    uri = say.reply_to or say.thread
    is_ours = uris.parse(uri).did == credentials.account
    latest = newest_of(credentials, uri, say.to) if is_ours and say.to else ""
    return post_at(credentials, latest or uri)


def _message(credentials: Credentials, say: base.Say) -> base.Sent:
    if say.attachments:
        raise base.Rejected("A direct message on Bluesky cannot have files.", code="attachment")
    body = {"convoId": say.thread, "message": {"text": say.text, **_facets(credentials, say.text)}}
    id = words(post(credentials, "chat.bsky.convo.sendMessage", body, headers=CHAT).json.get("id"))
    if not id:
        raise base.Unknown("Bluesky did not return the id of the message.", code="no_id")
    return base.Sent(id=id)


def _facets(credentials: Credentials, text: str) -> Mapping[str, Any]:
    def did_of(handle: str) -> str:
        try:
            answer = get(credentials, "com.atproto.identity.resolveHandle", query={"handle": handle})
        except (base.Rejected, base.Gone):
            return ""  # nobody has that name, so it stays words
        return words(answer.json.get("did"))

    listed = facets.find(text, did_of)
    return {"facets": listed} if listed else {}


def _pictures(credentials: Credentials, say: base.Say) -> Mapping[str, Any]:
    images = [{"alt": "", "image": _blob(credentials, file)} for file in say.attachments]
    return {"embed": {"$type": "app.bsky.embed.images", "images": images}} if images else {}


def _blob(credentials: Credentials, file: base.Media) -> Mapping[str, Any]:
    """Uploads a picture; the server deletes it after some hours unless a post refers to it."""
    if not isinstance(file, base.Loaded) or file.kind != "image":
        raise base.Rejected("Bluesky takes only images of at most 2 MB.", code="attachment")
    headers = {"Content-Type": file.mime or "image/jpeg"}
    answer = api(credentials, "POST", "com.atproto.repo.uploadBlob", content=file.content, headers=headers).json
    blob = part(answer, "blob")
    if not blob:
        raise base.Unreachable("Bluesky did not return the id of the uploaded file.", code="no_id")
    return blob
