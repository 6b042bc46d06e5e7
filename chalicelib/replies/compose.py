"""What is said, addressed: from a request or a reply to what the network is handed, and the messages that carry it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from chalicelib import errors, ids
from chalicelib.access.actors import Actor
from chalicelib.inbox import conversations, messages
from chalicelib.networks import base
from chalicelib.replies import variables
from chalicelib.store import keys
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.models.replies import Reply

SAID = ("text", "attachments", "private", "reply_to", "template", "tag")


def of_request(actor: Actor, conversation: Conversation, body: Mapping[str, Any]) -> base.Say:
    """What a request asks to say, addressed. Raises Invalid for words with a variable nobody filled in."""
    if variables.left(body.get("text", "")):
        raise errors.Invalid("A variable is not filled in.", code="unfilled_variable", field="text")
    quoted = _quoted(actor, conversation, body.get("reply_to"))
    return base.Say(
        thread=conversation.thread,
        to=conversation.to,
        surface=base.surface(conversation.surface),
        text=body.get("text", ""),
        attachments=tuple(base.Media(**entry) for entry in body.get("attachments", ())),
        reply_to=quoted or ("" if conversation.surface == "dm" else conversation.thread),
        private=body.get("private", False),
        template=body.get("template"),
        origin=(conversation.origin or {}).get("id", ""),
        context={**(conversation.context or {}), **({"tag": body["tag"]} if body.get("tag") else {})},
    )


def of_reply(actor: Actor, conversation: Conversation, reply: Reply) -> base.Say:
    """What a reply says, addressed as it is now."""
    return of_request(actor, conversation, content(reply))


def content(reply: Reply) -> dict[str, Any]:
    """What of a reply a request may set."""
    return {name: getattr(reply, name) for name in SAID}


def kept(say: base.Say, body: Mapping[str, Any]) -> dict[str, Any]:
    """What a reply keeps of what is said."""
    told = {"text": say.text, "attachments": [asdict(media) for media in say.attachments], "private": say.private}
    return {**told, **{name: body.get(name) for name in ("reply_to", "template", "tag")}}


def hash_of(say: base.Say) -> str:
    """What an approval is bound to: the words, the files, the addressee and the way."""
    files = [[media.kind, media.url, media.mime, media.name] for media in say.attachments]
    told = [say.text, files, say.template, say.private, say.reply_to, say.thread, say.context.get("tag")]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _quoted(actor: Actor, conversation: Conversation, id: str | None) -> str:
    if not id:
        return ""
    if ids.conversation_of(id) != conversation.id:
        raise errors.NotFound
    return messages.get(actor, id)[0].network_id


def as_messages(conversation: Conversation, say: base.Say, reply: Reply, now: int) -> list[Message]:
    """The messages a reply becomes, in order: one for each call to the network."""
    parts = conversations.network_of(conversation).parts(say)
    return [_message(conversation, part, reply, now + order) for order, part in enumerate(parts)]


def _message(conversation: Conversation, part: base.Say, reply: Reply, at: int) -> Message:
    id = ids.message(conversation.id, at, reply.id)
    part = replace(part, correlation=id)
    return Message(
        conversation.pk, keys.message(id), id=id, channel=conversation.channel, brand=conversation.brand,
        direction="out", surface=conversation.surface, kind=_kind(part), text=part.text, say=asdict(part),
        reply=reply.id, todo="send", attachments=[asdict(media) for media in part.attachments] or None,
        reply_to=part.reply_to or None,
        author={"member": reply.author, "name": reply.author_name}, status="queued", rank=messages.RANK["queued"],
        sent_at=at, received_at=at, context={"private": True} if part.private else None,
        waited_since=conversation.waiting_since,
    )  # fmt: skip


def _kind(part: base.Say) -> str:
    if part.template:
        return "template"
    return part.attachments[0].kind if part.attachments else "text"
