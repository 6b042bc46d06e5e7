"""The content of a reply, addressed: the `Say` that the network gets, and the messages that a reply becomes."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from chalicelib import errors, file_types, ids, room
from chalicelib.access.actors import Actor, Source
from chalicelib.inbox import conversations, marks, messages, outgoing_files
from chalicelib.networks import base
from chalicelib.replies import variables
from chalicelib.store import keys
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.models.replies import Reply


@dataclass(frozen=True)
class Content:
    """What a reply says, and for which purposes, without its addressee. `reply_to` is our id of the message that it
    quotes.
    """

    text: str = ""
    attachments: tuple[base.Media, ...] = ()
    private: bool = False
    reply_to: str | None = None
    template: base.Json | None = None
    tag: str | None = None
    interactive: base.Interactive | None = None
    purposes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Draft:
    """A reply as its author asks for it. `send_at` is in ms, None for at once; `keep`: do not submit it yet.

    `seen` is the last message that the author saw.
    """

    content: Content
    official: bool = False
    keep: bool = False
    send_at: int | None = None
    seen: str | None = None
    external_id: str | None = None


MOST_TEMPLATE_BYTES = 20_000
CONTENT = tuple(field.name for field in fields(Content))


def changed(content: Content, changes: Mapping[str, Any]) -> Content:
    """The content with those fields replaced that `changes` names, in the form of the API. Other keys are ignored."""
    named = {name: value for name, value in changes.items() if name in CONTENT}
    if "attachments" in named:
        named["attachments"] = tuple(base.Media(**entry) for entry in named["attachments"])
    if named.get("interactive"):
        named["interactive"] = _interactive(named["interactive"])
    if "purposes" in named:
        named["purposes"] = tuple(named["purposes"] or ())
    return replace(content, **named)


def _interactive(fields: Mapping[str, Any]) -> base.Interactive:
    options = tuple(base.Option(**option) for option in fields["options"])
    return base.Interactive(kind=fields["kind"], options=options, button=fields.get("button", ""))


def content_of(reply: Reply) -> Content:
    return changed(Content(), {name: getattr(reply, name) for name in CONTENT})


def words(content: Content) -> list[str]:
    """What people read of the content besides its text: the options they choose from, the parameters of a template."""
    offer = content.interactive
    options = [part for option in offer.options for part in (option.title, option.description)] if offer else []
    return [word for word in (*([offer.button] if offer else []), *options, *_texts(content.template)) if word]


def _texts(part: Any) -> Iterator[str]:
    """All parameters of a template that are texts, at any depth."""
    if isinstance(part, list | tuple):
        yield from (text for value in part for text in _texts(value))
    elif isinstance(part, Mapping):
        own = part.get("text")
        yield from [own] if isinstance(own, str) else []
        yield from (text for value in part.values() for text in _texts(value))


def stored(content: Content) -> dict[str, Any]:
    return {**asdict(content), "attachments": [asdict(media) for media in content.attachments]}


def keeping_files(agency: str, reply: Reply, now: int) -> Content:
    """The content of a reply with its files copied as they are now; raises what `outgoing_files.keep` raises."""
    content = content_of(reply)
    return replace(content, attachments=outgoing_files.keep(agency, reply.id, content.attachments, now))


def address(actor: Actor, conversation: Conversation, content: Content) -> base.Say:
    """The content as the network gets it, addressed to the conversation as it is now.

    Raises Invalid for a text with a variable that is not filled in and for a template that is too large; NotFound for a
    quoted message of another conversation; Forbidden for a key that gives a tag.
    """
    if content.tag and actor.kind == "key":
        raise errors.Forbidden("An API key cannot answer with a tag: a member has to sign in.", code="keys_do_not_tag")
    if variables.has_unfilled(content.text):
        raise errors.Invalid("The text has a variable that is not filled in.", code="unfilled_variable", field="text")
    if room.size(content.template) > MOST_TEMPLATE_BYTES:
        raise errors.Invalid(
            f"A template takes at most {MOST_TEMPLATE_BYTES} bytes.", code="too_much", field="template"
        )
    quoted = _quoted(actor, conversation, content.reply_to)
    return base.Say(
        thread=conversation.thread,
        to=conversation.to,
        surface=base.surface(conversation.surface),
        text=content.text,
        attachments=content.attachments,
        reply_to=quoted or ("" if conversation.surface == "dm" else conversation.thread),
        private=content.private,
        template=content.template,
        interactive=content.interactive,
        origin=(conversation.origin or {}).get("id", ""),
        context={**(conversation.context or {}), **({"tag": content.tag} if content.tag else {})},
    )


def hash_of(say: base.Say) -> str:
    """What an approval is bound to: text, files, template, options, private or public, tag, thread, and the message it
    answers.
    """
    files = [[media.kind, media.url, media.mime, media.name] for media in say.attachments]
    parts: list[Any] = [say.text, files, say.template, say.private, say.reply_to, say.thread, say.context.get("tag")]
    parts += [asdict(say.interactive)] if say.interactive else []
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _quoted(actor: Actor, conversation: Conversation, id: str | None) -> str:
    """The network's id of the message that is quoted; empty if none is."""
    if not id:
        return ""
    if ids.conversation_of(id) != conversation.id:
        raise errors.NotFound
    return messages.get(actor, id).network_id


def as_messages(
    conversation: Conversation, say: base.Say, reply: Reply, now: int, caused_by: str = ""
) -> list[Message]:
    """The messages that a reply becomes, in order: one for each call to the network.

    Their times are after the conversation's last message, even if the network's clock is ahead of ours.
    """
    parts, first_at = conversations.network_of(conversation).parts(say), max(now, conversation.last_at + 1)
    return [_message(conversation, part, reply, at, caused_by) for at, part in enumerate(parts, first_at)]


def _message(conversation: Conversation, part: base.Say, reply: Reply, at: int, caused_by: str) -> Message:
    id = ids.message(conversation.id, at, reply.id, ids.arrival(at))
    part = replace(part, correlation=id)
    return Message(
        conversation.pk, keys.message(id), id=id, channel=conversation.channel, brand=conversation.brand,
        direction="out", surface=conversation.surface, kind=_kind(part), text=part.text, say=asdict(part),
        reply=reply.id, todo="send", attachments=[_entry(media) for media in part.attachments] or None,
        reply_to=part.reply_to or None,
        author={"member": reply.author, "name": reply.author_name}, status="queued", rank=marks.RANK["queued"],
        sent_at=at, received_at=at, context={"private": True} if part.private else None,
        waited_since=conversation.waiting_since, source=_source(reply),
        caused_by=caused_by or None,
    )  # fmt: skip


def _source(reply: Reply) -> Source:
    if reply.send_at:
        return "planned"
    return "key" if reply.author.startswith("key_") else "person"


def _entry(media: base.Media) -> dict[str, Any]:
    """The file as the message keeps it. A copy of ours is marked as `stored`, so it is deleted with the message."""
    kept = {"stored": media.url, "inline": file_types.is_shown(media.mime)}
    return {**asdict(media), **(kept if outgoing_files.is_kept(media.url) else {})}


def _kind(part: base.Say) -> str:
    if part.template or part.interactive:
        return "template" if part.template else "interactive"
    return part.attachments[0].kind if part.attachments else "text"
