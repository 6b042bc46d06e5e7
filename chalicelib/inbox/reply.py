"""What the brand is about to say. It is checked against what the network takes, then becomes messages to be sent.

A reply the network takes only in several calls becomes several messages, in order; each is sent at most once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.api.actor import Actor
from chalicelib.inbox import conversation, delivery, message
from chalicelib.networks import base
from chalicelib.store import keys, table
from chalicelib.store.models import Contact, Conversation, Message, Reply
from chalicelib.tenancy import channel

HOUR = 3_600_000
PRIVATE_WINDOW = 7 * 24 * HOUR


def draft(actor: Actor, found: Conversation, body: Mapping[str, Any], now: int) -> Reply:
    """Accept a reply and queue its messages, in one transaction. Raises Invalid or Conflict if it cannot be sent."""
    of = channel.get(actor.agency, found.channel)
    network = channel.network_of(of)
    say = _say(actor, found, body)
    check(network.capabilities, say)
    _check_open(network.capabilities, found, say, now)
    _check_reachable(actor, of, found)
    id = ids.reply(found.id)
    items = [_message(actor, found, part, id, now + order) for order, part in enumerate(network.parts(say))]
    reply = Reply(
        found.pk, keys.reply(id), id=id, conversation=found.id, brand=found.brand, author=actor.member,
        text=say.text, attachments=[asdict(media) for media in say.attachments], private=say.private,
        reply_to=body.get("reply_to"), template=say.template, messages=[item.id for item in items], created_at=now,
    )  # fmt: skip
    newest = conversation.heard(items[-1], actor.agency, newest=True, unread=False, now=now)
    table.transact(
        table.putting(reply, Reply.pk.does_not_exist()),
        *(table.putting(item, Message.pk.does_not_exist()) for item in items),
        table.changing(Conversation(found.pk, found.sk), newest, Conversation.pk.exists()),
    )
    return reply


def _say(actor: Actor, found: Conversation, body: Mapping[str, Any]) -> base.Say:
    quoted = _quoted(actor, found, body.get("reply_to"))
    return base.Say(
        thread=found.thread,
        to=found.to,
        surface=base.surface(found.surface),
        text=body.get("text", ""),
        attachments=tuple(base.Media(**entry) for entry in body.get("attachments", ())),
        reply_to=quoted or ("" if found.surface == "dm" else found.thread),
        private=body.get("private", False),
        template=body.get("template"),
        origin=(found.origin or {}).get("id", ""),
        context=found.context or {},
    )


def _quoted(actor: Actor, found: Conversation, id: str | None) -> str:
    if not id:
        return ""
    if ids.conversation_of(id) != found.id:
        raise errors.NotFound
    return message.get(actor, id)[0].network_id


def check(can: base.Capabilities, say: base.Say) -> None:
    """Raises Invalid, naming the field, if the network does not take such a thing on that surface."""
    if say.private and say.surface not in can.private_reply:
        raise errors.Invalid(
            "This network has no private replies here.", code="cannot_reply_privately", field="private"
        )
    surface: base.Surface = "dm" if say.private else say.surface
    if surface not in can.reply and not say.private:
        raise errors.Invalid("This network takes no replies here.", code="cannot_reply")
    if say.template is not None and not can.templates:
        raise errors.Invalid("This network has no templates.", code="cannot_template", field="template")
    if not (say.text.strip() or say.attachments or say.template):
        raise errors.Invalid("Nothing to say.", code="empty", field="text")
    length = len(say.text.encode("utf-8", "replace")) if surface in can.text_in_bytes else len(say.text)
    if length > can.text.get(surface, 0):
        raise errors.Invalid(f"At most {can.text.get(surface, 0)}.", code="text_too_long", field="text")
    for media in say.attachments:
        _check_media(can, surface, media)


def _check_media(can: base.Capabilities, surface: base.Surface, media: base.Media) -> None:
    limit = can.media.get(media.kind)
    if limit is None or surface not in can.media_surfaces:
        raise errors.Invalid("This network does not take such files here.", code="media_kind", field="attachments")
    if media.mime and limit.types and media.mime not in limit.types:
        raise errors.Invalid("This network does not take this type of file.", code="media_type", field="attachments")
    if media.size > limit.bytes:
        raise errors.Invalid(f"At most {limit.bytes} bytes.", code="media_too_large", field="attachments")


def _check_open(can: base.Capabilities, found: Conversation, say: base.Say, now: int) -> None:
    hours = can.window.get(say.surface)
    closed = hours is not None and say.template is None and int(found.last_in_at) + hours * HOUR < now
    if closed or (say.private and int(found.last_in_at) + PRIVATE_WINDOW < now):
        raise errors.Invalid("The time to answer freely is over.", code="window_closed")


def _check_reachable(actor: Actor, of: Any, found: Conversation) -> None:
    if of.health in ("expired", "disconnected", "paused"):
        raise errors.Conflict("Reconnect the channel first.", code=f"channel_{of.health}")
    person = table.get(Contact, keys.within(actor.agency, found.contact), keys.CONTACT) if found.contact else None
    if person and not person.reachable:
        raise errors.Conflict("This person cannot be reached any more.", code="contact_unreachable")


def _message(actor: Actor, found: Conversation, part: base.Say, reply: str, at: int) -> Message:
    id = ids.message(found.id, at, reply)
    part = replace(part, correlation=id)
    return Message(
        found.pk, keys.message(id), id=id, channel=found.channel, brand=found.brand, direction="out",
        surface=found.surface, kind=_kind(part),
        text=part.text, attachments=[asdict(media) for media in part.attachments] or None,
        author={"member": actor.member, "name": actor.name}, reply_to=part.reply_to or None, status="queued",
        rank=delivery.RANK["queued"], say=asdict(part), reply=reply, todo="send", sent_at=at, received_at=at,
        context={"private": True} if part.private else None,
    )  # fmt: skip


def _kind(part: base.Say) -> str:
    if part.template:
        return "template"
    return part.attachments[0].kind if part.attachments else "text"


def get(actor: Actor, id: str) -> tuple[Reply, list[Message]]:
    """A reply and its messages; NotFound unless it is one of the agency's, in one of the actor's brands."""
    partition = keys.within(actor.agency, ids.conversation_of(id)) if ids.is_id(id, "rpl") else ""
    found = table.get(Reply, partition, keys.reply(id)) if partition else None
    if found is None:
        raise errors.NotFound
    conversation.get(actor, found.conversation)
    items = table.many(Message, [(partition, keys.message(item)) for item in found.messages])
    return found, sorted(items, key=lambda item: item.sk)


def status_of(messages: Sequence[Message]) -> str:
    """How far a reply got: as far as the message that got least far; one that failed or is unknown shows first."""
    states = [message.status for message in messages]
    for bad in ("failed", "unknown"):
        if bad in states:
            return bad
    return min(states, key=lambda state: delivery.RANK[state]) if states else "approved"


def view(found: Reply, messages: Sequence[Message]) -> Mapping[str, Any]:
    """A reply as the API tells it."""
    return {
        "id": found.id,
        "conversation": found.conversation,
        "author": found.author,
        "text": found.text,
        "attachments": found.attachments,
        "private": found.private,
        "reply_to": found.reply_to,
        "template": found.template,
        "status": status_of(messages),
        "error": next((message.error for message in messages if message.error), None),
        "messages": found.messages,
        "created_at": clock.text(int(found.created_at)),
    }
