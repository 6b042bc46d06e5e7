"""An event as a reader gets it, if they may see it. Rights are checked, and what is shown is read, at the time of
reading.

A reader sees an event only if they could read the thing itself over the API at this moment, and nothing in it that the
API would not show them: it is made by the code that makes the API's answers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib import clock, ids
from chalicelib.access import permissions, sight
from chalicelib.access.actors import Actor
from chalicelib.channels import channels
from chalicelib.events import colleagues, definitions, facts, tallies
from chalicelib.events.events import Event
from chalicelib.events.filters import EVERYTHING, Filter
from chalicelib.inbox import conversations, presentation
from chalicelib.store import keys, table
from chalicelib.store.models.audit import AuditEntry
from chalicelib.store.models.channels import Channel, Template
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.templates import templates

Data = dict[str, Any]


class Reader:
    """Shows events to an actor, as the API shows things at this moment."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor

    def show(
        self, events: Sequence[Event], filter: Filter = EVERYTHING, *, full: bool = True
    ) -> list[Mapping[str, Any]]:
        """Those of the events that the actor wants and may see, in their order.

        With `full`, `data` shows what they are about, as it is now. Reads everything once, and only what it needs.
        """
        wanted = [event for event in events if filter.may_want(event)]
        needs_conversation = [
            event for event in wanted if full or filter.looks_at_conversations or self._needs_conversation(event)
        ]
        talks = self._conversations(needs_conversation)
        seen_ids = colleagues.seen(self._actor, wanted) | definitions.seen(self._actor, wanted)
        visible = [
            event
            for event in wanted
            if self._sees(event, talks, seen_ids) and filter.wants(event, talks.get(event.conversation or ""))
        ]
        data = self._data(visible, talks) if full else {}
        return [
            {**self._without_contents(event), **({"data": data.get(event.id)} if full else {})} for event in visible
        ]

    def _needs_conversation(self, event: Event) -> bool:
        """True if only the conversation tells whether the actor sees the event."""
        return event.conversation is not None and not sight.is_whole(self._actor, event.brand)

    def _conversations(self, events: Sequence[Event]) -> Mapping[str, Conversation]:
        needed = {event.conversation for event in events if event.conversation}
        places = [(keys.within(self._actor.agency, id), keys.CONVERSATION) for id in needed]
        return {conversation.id: conversation for conversation in table.many_readable(Conversation, places)}

    def _sees(self, event: Event, talks: Mapping[str, Conversation], seen_ids: frozenset[str]) -> bool:
        if event.id in seen_ids:
            return True
        if event.conversation is None:
            return _SIGHT[event.type.partition(".")[0]](self._actor, event) or self._reads_audit(event)
        needs = _NEEDS.get(event.type.partition(".")[0], ())
        if needs and not self._actor.may(*needs, brand=event.brand):
            return False
        if sight.is_whole(self._actor, event.brand):
            return True
        conversation = talks.get(event.conversation)
        return conversation is not None and conversations.visible(self._actor, conversation)

    def _reads_audit(self, event: Event) -> bool:
        """True if the actor may read the event's audit entry: of its brand or, without a brand, of the whole agency."""
        if not event.entry:
            return False
        grants = [grant for grant in self._actor.grants if "audit.view" in grant.permissions]
        return any(grant.brands is None or event.brand in grant.brands for grant in grants)

    def _data(self, events: Sequence[Event], talks: Mapping[str, Conversation]) -> Mapping[str, Data]:
        agency = self._actor.agency
        messages = {event.target for event in events if event.type.startswith("message.")}
        entries = {event.entry for event in events if self._reads_audit(event)}
        accounts = {event.target for event in events if event.type.startswith("channel.")}
        written = {event.target for event in events if event.type.startswith("template.")}
        read = _Read(
            talks,
            _by_id(table.many_readable(Message, [_key(agency, id) for id in messages])),
            _by_id(table.many_readable(AuditEntry, [(keys.audit(agency), keys.ENTRIES + id) for id in entries])),
            _by_id(table.many_readable(Channel, [(agency, keys.noun(id)) for id in accounts])),
            _by_id(templates.many(agency, written)),
        )
        return {event.id: self._shown(event, read) for event in events}

    def _shown(self, event: Event, read: "_Read") -> Data:
        data: Data = {}
        if conversation := read.talks.get(event.conversation or ""):
            data["conversation"] = presentation.conversation_row(self._actor, conversation)
            if message := read.messages.get(event.target):  # the API shows none without its conversation
                data["message"] = presentation.row(self._actor, message, presentation.names_in(conversation))
        if (channel := read.channels.get(event.target)) and self._actor.sees(channel.brand):
            data["channel"] = channels.row(channel)
        if (template := read.templates.get(event.target)) and self._actor.sees(template.brand):
            data["template"] = templates.row(template)
        if entry := read.entries.get(event.entry):
            data |= {"before": entry.before, "after": entry.after}
        if event.facts and event.type.startswith("channel."):
            data["consent"] = facts.of_consent(event.facts)
        if event.facts and event.type.startswith("network."):
            data["network"] = facts.of_network(event.target, event.facts)
        if event.facts and event.type.startswith(_MODERATED):
            data["moderation"] = facts.of_moderation(event.facts)
        if event.deltas:
            data["counters"] = tallies.rows(tallies.shown(self._actor, event.brand, event.deltas))
        return data

    def _without_contents(self, event: Event) -> Mapping[str, Any]:
        performer = {"id": event.actor, "kind": event.actor_kind} if event.actor else None
        return {
            "id": event.id,
            "type": event.type,
            "at": clock.text(event.at),
            "agency": self._actor.agency,
            "brand": event.brand or None,
            "conversation": event.conversation,
            "target": event.target,
            "version": event.version,
            "performed_by": performer,
            "source": event.source,
            "caused_by": event.caused_by or None,
        }


@dataclass(frozen=True)
class _Read:
    talks: Mapping[str, Conversation]
    messages: Mapping[str, Message]
    entries: Mapping[str, AuditEntry]
    channels: Mapping[str, Channel]
    templates: Mapping[str, Template]


def _by_id(items: Sequence[Any]) -> Mapping[str, Any]:
    return {item.id: item for item in items}


def _key(agency: str, message_id: str) -> tuple[str, str]:
    return keys.within(agency, ids.conversation_of(message_id)), keys.message(message_id)


def _for_holders_of(*names: str) -> Callable[[Actor, Event], bool]:
    """True if the actor holds one of the permissions for the brand of the event, or for any brand if the event has
    none.
    """

    def holds(actor: Actor, event: Event) -> bool:
        if event.brand:
            return actor.may(*names, brand=event.brand)
        return any(grant.permissions.intersection(names) and grant.brands != frozenset() for grant in actor.grants)

    return holds


def _sees_brand(actor: Actor, event: Event) -> bool:
    return actor.sees(event.brand)


def _everybody(actor: Actor, event: Event) -> bool:
    return True


def _sees_contact(actor: Actor, event: Event) -> bool:
    """False for actors who see only some conversations: it would take a look at all conversations of the contact."""
    return actor.may("contact.view", brand=event.brand) and sight.is_whole(actor, event.brand)


def _sees_job(actor: Actor, event: Event) -> bool:
    return event.actor == actor.member or "audit.view" in actor.held(None)


# Of which it is told by which clause and rule they happened.
_MODERATED = ("canned_reply.", "case.", "decision.", "message.", "reply.", "strike.")
# What takes more than to see the conversation that it is in.
_NEEDS: Mapping[str, tuple[str, ...]] = {"case": ("moderation.hide",)}
# Who sees an event that is in no conversation, by the first part of its type: who may read the thing itself.
_SIGHT: Mapping[str, Callable[[Actor, Event], bool]] = {
    "attribute": lambda actor, event: False,  # see `definitions`
    "ban": _for_holders_of("moderation.hide"),
    "brand": _sees_brand,
    "canned_reply": _for_holders_of(*permissions.ANSWER),
    "channel": _sees_brand,
    "contact": _sees_contact,
    "counters": lambda actor, event: bool(tallies.shown(actor, event.brand, event.deltas or {})),
    "dispute": lambda actor, event: actor.may("billing.manage", brand=None),
    "line": _sees_brand,
    "member": lambda actor, event: False,  # see `colleagues`
    "job": _sees_job,
    "limit": _everybody,
    "network": _everybody,
    "payment_method": lambda actor, event: actor.may("billing.manage", brand=None),
    "role": _everybody,
    "rule": _sees_brand,
    "rules": _sees_brand,
    "strike": _sees_contact,
    "subscription": _everybody,
    "team": lambda actor, event: False,  # see `colleagues`
    "template": _sees_brand,
    "templates": _sees_brand,
    "term_list": _sees_brand,
    "webhook": lambda actor, event: actor.may("webhook.manage", brand=None),
    "view": lambda actor, event: actor.may(*permissions.VIEW, brand=None),
}
