"""Derives events from a change of the table. It is pure: the same change always gives the same events.

Each fact is reported by one item only. What a member or key did is reported by its audit entry; what the network or the
customer did, by the message, conversation, contact or channel that it changed. A message that a member changed holds
the id of the audit entry (`acted`), so that the change is not reported again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import cast

from chalicelib.access.actors import Source
from chalicelib.channels import troubles
from chalicelib.events import catalogue, moderated, tallies
from chalicelib.events.events import SOURCES, Event, derived, source_of
from chalicelib.events.facts import kept
from chalicelib.store import keys
from chalicelib.store.changes import Change
from chalicelib.store.items import Item
from chalicelib.store.models.audit import AuditEntry
from chalicelib.store.models.channels import Channel
from chalicelib.store.models.contacts import Contact
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.models.work import Job

_OF_DELIVERY = ("reply.sent", "reply.failed", "reply.unknown")
_OF_TEMPLATES = "template.report"
# Who asked for a message caused that it goes out. What becomes of it then, they want to hear.
_OF_SENDING = ("message.queued", "message.sent")
_TOLD_STATUSES = ("sent", "delivered", "read", "failed", "unknown")
_OF_MODERATION = ("case.", "decision.", "message.", "reply.against", "canned_reply.against")
_OF_MESSAGES = ("text", "full_text", "attachments", "context", "author", "error")
_OF_CONVERSATIONS = ("contact_name", "context", "origin", "paid")
_OF_CONTACTS = ("name", "avatar", "identities", "reachable", "own_name", "labels", "note")


def of_change(change: Change) -> list[Event]:
    """The events that a change makes, in order; most changes make none or one."""
    for concerns, derive in _KINDS:
        if concerns(change):
            return list(derive(change))
    return []


def _of_entry(change: Change) -> Iterator[Event]:
    """From an audit entry: what a member, a key or a rule did."""
    entry = AuditEntry.from_raw_data(change.new)
    if (type := catalogue.AUDITED.get(entry.action)) is None:
        return
    source = SOURCES[entry.actor_kind]
    if entry.actor_kind == "system" and type == "reply.queued":
        source = "planned"
    if type in _OF_DELIVERY or entry.action == _OF_TEMPLATES:
        source = "network"
    yield Event(
        f"evt_{entry.id[4:]}", type, entry.at, entry.brand, entry.target, actor=entry.actor,
        actor_kind=entry.actor_kind, source=source, entry=entry.id, caused_by=entry.caused_by,
        facts=kept(entry.after or {}) or None if type.startswith(_OF_MODERATION) else None,
    )  # fmt: skip


def _of_message(change: Change) -> Iterator[Event]:
    if not change.new:
        old = Message.from_raw_data(change.old)
        yield derived(change, "message.removed", old.brand, old.id, version=old.version)
        return
    new = Message.from_raw_data(change.new)
    is_new, source = not change.old, cast(Source, new.source or "network")
    types = [_type_of_new(new)] if is_new else _changes(Message.from_raw_data(change.old), new)
    for type in types:
        yield derived(
            change, type, new.brand, new.id, new.received_at if is_new else 0, version=new.version,
            source=source if is_new else "network",
            caused_by=new.caused_by or "" if type in _OF_SENDING else "",
        )  # fmt: skip


def _type_of_new(message: Message) -> str:
    if (message.context or {}).get("history"):
        return "message.imported"
    if message.direction == "in":
        return "message.received"
    return "message.queued" if message.status in ("queued", "sending", "unknown") else "message.sent"


def _changes(old: Message, new: Message) -> Iterator[str]:
    """The types of the events between two states of a message, without those that a member's audit entry reports."""
    if new.status != old.status and new.status in _TOLD_STATUSES:
        yield f"message.{new.status}"
    if new.acted != old.acted:
        return
    if new.deleted_at and not old.deleted_at:
        yield "message.deleted"
        return
    if new.edited_at != old.edited_at:
        yield "message.edited"
    elif new.status == old.status and _differ(old, new, _OF_MESSAGES):
        yield "message.changed"
    if bool(new.hidden) != bool(old.hidden):
        yield "message.hidden" if new.hidden else "message.shown"
    if new.reactions != old.reactions:
        yield "message.reacted" if _standing(new) >= _standing(old) else "message.reaction_removed"


def _differ(old: Item, new: Item, names: Sequence[str]) -> bool:
    return any(getattr(old, name) != getattr(new, name) for name in names)


def _standing(message: Message) -> int:
    return sum(1 for reaction in message.reactions or () if reaction["emoji"])


def _of_conversation(change: Change) -> Iterator[Event]:
    if change.new:
        yield from _changes_of_conversation(change, Conversation.from_raw_data(change.new))
    if deltas := tallies.deltas(change.old, change.new):
        brand = Conversation.from_raw_data(change.new or change.old).brand
        yield derived(change, "counters.changed", brand, brand, deltas=deltas)


def _changes_of_conversation(change: Change, new: Conversation) -> Iterator[Event]:
    """The events of a conversation, once it is in the inbox."""
    old = Conversation.from_raw_data(change.old) if change.old else None
    if not new.inbox:
        return
    is_first = old is None or not old.inbox
    types = ["conversation.created"] if old is None or is_first else _conversation_changes(old, new)
    for type in types:
        source: Source = "person" if type == "conversation.read" and _was_by_person(old, new) else "network"
        yield derived(change, type, new.brand, new.id, new.updated_at if is_first else 0, version=new.version,
                     source=source)  # fmt: skip


def _was_by_person(old: Conversation | None, new: Conversation) -> bool:
    """Reading changes `updated_at`; the deletion of an unread message does not."""
    return old is not None and new.updated_at != old.updated_at


def _conversation_changes(old: Conversation, new: Conversation) -> list[str]:
    """The events for what messages, the network and readers changed; the rest is reported by audit entries."""
    types = []
    if new.status != old.status and new.heard != old.heard:
        types.append("conversation.reopened")
    if new.unread < old.unread:
        types.append("conversation.read")
    if _differ(old, new, _OF_CONVERSATIONS):
        types.append("conversation.changed")
    return types


def _of_contact(change: Change) -> Iterator[Event]:
    if not change.new:
        return
    contact = Contact.from_raw_data(change.new)
    old = Contact.from_raw_data(change.old) if change.old else None
    if contact.context or (old and not _differ(old, contact, _OF_CONTACTS)):
        return  # an id that leads to another contact; or nothing that is shown
    type = "contact.changed" if old else "contact.created"
    yield derived(change, type, contact.brand, contact.id, version=contact.version)


def _of_channel(change: Change) -> Iterator[Event]:
    if not change.new or not change.old:
        return
    new, old = Channel.from_raw_data(change.new), Channel.from_raw_data(change.old)
    is_other = (new.health, new.alert) != (old.health, old.alert)
    ending, loss = troubles.ending(new.troubles), troubles.loss(new.troubles)
    if loss and not troubles.loss(old.troubles):
        yield derived(change, "channel.expired", new.brand, new.id, facts=_facts(new, {"reason": loss}))
    elif ending and not loss and ending["days_left"] != troubles.ending(old.troubles).get("days_left"):
        yield derived(change, "channel.expiring", new.brand, new.id, facts=_facts(new, ending))
    if is_other and new.health == "ok":
        yield derived(change, "channel.recovered", new.brand, new.id)
    elif is_other and not troubles.is_of_consent(new.troubles):
        yield derived(change, "channel.in_trouble", new.brand, new.id)


def _facts(channel: Channel, facts: Mapping[str, int | str]) -> Mapping[str, int | str]:
    return {**facts, "connected_by": channel.connected_by}


def _of_job(change: Change) -> Iterator[Event]:
    if not change.new or not change.old:
        return
    new, old = Job.from_raw_data(change.new), Job.from_raw_data(change.old)
    if new.status != old.status:
        yield derived(change, "job.finished", "", new.id, actor=new.by, source=source_of(new.by))


_KINDS: tuple[tuple[Callable[[Change], bool], Callable[[Change], Iterator[Event]]], ...] = (
    (lambda change: change.sk.startswith(keys.MESSAGES), _of_message),
    (lambda change: change.sk == keys.CONVERSATION, _of_conversation),
    (lambda change: change.kind == "INSERT" and change.sk.startswith(keys.ENTRIES), _of_entry),
    (lambda change: change.sk == keys.CONTACT, _of_contact),
    (lambda change: change.sk.startswith(keys.DECISIONS), moderated.of_decision),
    (lambda change: change.sk.startswith(keys.CASES), moderated.of_case),
    (lambda change: change.sk == keys.STANDING, moderated.of_standing),
    (lambda change: change.sk.startswith(keys.noun("job_")), _of_job),
    (lambda change: change.sk.startswith(keys.CHANNELS), _of_channel),
)
