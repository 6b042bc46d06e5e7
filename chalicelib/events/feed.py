"""The events of an agency: the audit entries that the catalogue names, in the order of the audit's chain.

The chain numbers entries without a gap, so a program that remembers the number of its last event misses nothing and
sees nothing twice. An actor sees an event of a conversation if they see the conversation; for other events they need
to read the audit.
"""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from chalicelib import clock, ids
from chalicelib.access.actors import Actor
from chalicelib.events import catalogue
from chalicelib.inbox import conversations
from chalicelib.store import keys, table
from chalicelib.store.models.audit import AuditEntry, Seal
from chalicelib.store.models.inbox import Conversation

MOST_EXAMINED = 300  # links of the chain, for one answer
_IN_A_CONVERSATION = ("cnv_", "msg_", "rpl_", "not_")


def listing(actor: Actor, after: int, kind: str, limit: int) -> Mapping[str, Any]:
    """The events after number `after` that the actor may see, oldest first; `kind` is `reply`, `reply.sent` or empty.

    Gives `items`; `after`, the number to go on from; `more`, whether there is more to read at once.
    """
    partition = keys.audit(actor.agency)
    seals = table.query(Seal, partition, keys.CHAIN, after=keys.chain(after), limit=MOST_EXAMINED, consistent=True)
    links = list(islice(seals, MOST_EXAMINED))
    entries = {
        entry.id: entry for entry in table.many(AuditEntry, [(partition, keys.ENTRIES + link.entry) for link in links])
    }
    sight = Sight(actor)
    events = []
    for link in links:
        after = link.number
        entry = entries.get(link.entry)
        if entry and _is_wanted(entry, kind) and sight.covers(entry):
            events.append(view(actor.agency, entry, after))
        if len(events) == limit:
            break
    more = bool(links) and (after < links[-1].number or len(links) == MOST_EXAMINED)
    return {"items": events, "after": after, "more": more}


def _is_wanted(entry: AuditEntry, kind: str) -> bool:
    name = catalogue.CATALOGUE.get(entry.action, "")
    return bool(name) and kind in ("", name, name.partition(".")[0])


def conversation_of(target: str) -> str | None:
    """The conversation that the target of an entry is, or is in; None for other targets."""
    if not target.startswith(_IN_A_CONVERSATION):
        return None
    return target if target.startswith("cnv_") else ids.conversation_of(target)


class Sight:
    """Decides which events an actor may see. Reads each conversation at most once, and only if it must."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._seen: dict[str, bool] = {}

    def covers(self, entry: AuditEntry) -> bool:
        """True if the actor may see the event of this entry."""
        id = conversation_of(entry.target)
        if id is None:
            return self._reads_audit(entry.brand)
        if self._actor.may("inbox.view_all", brand=entry.brand):
            return True
        if id not in self._seen:
            conversation: Conversation | None = conversations.find(self._actor.agency, id)
            self._seen[id] = conversation is not None and conversations.visible(self._actor, conversation)
        return self._seen[id]

    def _reads_audit(self, brand: str) -> bool:
        """True if the actor reads the audit of the brand; without a brand, if they do for the whole agency."""
        grants = [grant for grant in self._actor.grants if "audit.view" in grant.permissions]
        return any(grant.brands is None or brand in grant.brands for grant in grants)


def view(agency: str, entry: AuditEntry, number: int) -> Mapping[str, Any]:
    return {
        "id": entry.id,
        "type": catalogue.CATALOGUE[entry.action],
        "sequence": number,
        "at": clock.text(entry.at),
        "agency": agency,
        "brand": entry.brand or None,
        "conversation": conversation_of(entry.target),
        "target": entry.target,
        "performed_by": {"id": entry.actor, "kind": entry.actor_kind},
        "before": entry.before,
        "after": entry.after,
    }
