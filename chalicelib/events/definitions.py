"""Which events of custom attributes an actor sees: those about attributes of a brand they work for."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.access.actors import Actor
from chalicelib.events.events import Event
from chalicelib.inbox import attributes
from chalicelib.store import keys, table
from chalicelib.store.models.audit import AuditEntry


def seen(actor: Actor, events: Sequence[Event]) -> frozenset[str]:
    """The ids of those events that the actor sees. The present definition decides; for a removed attribute, the last
    one.
    """
    of_attributes = [event for event in events if event.type.startswith("attribute.")]
    if not of_attributes:
        return frozenset()
    there = attributes.load(actor.agency).definitions
    gone = _entries(actor.agency, [event.entry for event in of_attributes if event.target not in there])
    definitions = {event.id: there.get(event.target) or gone.get(event.entry) for event in of_attributes}
    return frozenset(id for id, known in definitions.items() if known and attributes.concerns(actor, known))


def _entries(agency: str, entry_ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    """The definitions in audit entries, by the ids of the entries."""
    entries = table.many_readable(AuditEntry, [(keys.audit(agency), keys.ENTRIES + id) for id in set(entry_ids)])
    return {entry.id: entry.after or entry.before or {} for entry in entries}
