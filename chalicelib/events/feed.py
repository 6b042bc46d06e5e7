"""What happened in an agency, as others are told: each audit entry that is anybody's news, in the order of the chain.

The chain numbers entries without a gap, so whoever remembers the number of the last event they saw misses nothing and
sees nothing twice. An event is shown to those who see its conversation; one about none, to those who read the audit.
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

EXAMINED = 300
_IN_A_CONVERSATION = ("cnv_", "msg_", "rpl_", "not_")


def listing(actor: Actor, after: int, kind: str, limit: int) -> Mapping[str, Any]:
    """Events after that number, oldest first: those of the kind (`reply`, or `reply.sent`) that the actor may see.

    `after` is the number to go on from; `more` says that there is more to read at once.
    """
    partition = keys.audit(actor.agency)
    some = table.query(
        Seal, partition, keys.CHAIN, after=keys.chain(after), limit=EXAMINED, consistent=True,
    )  # fmt: skip
    links = list(islice(some, EXAMINED))
    entries = {
        entry.id: entry for entry in table.many(AuditEntry, [(partition, keys.ENTRIES + link.entry) for link in links])
    }
    sight = Sight(actor)
    found = []
    for link in links:
        after = link.number
        entry = entries.get(link.entry)
        if entry and _is_wanted(entry, kind) and sight.covers(entry):
            found.append(view(actor.agency, entry, after))
        if len(found) == limit:
            break
    more = bool(links) and (after < links[-1].number or len(links) == EXAMINED)
    return {"items": found, "after": after, "more": more}


def _is_wanted(entry: AuditEntry, kind: str) -> bool:
    name = catalogue.CATALOGUE.get(entry.action, "")
    return bool(name) and kind in ("", name, name.partition(".")[0])


def conversation_of(target: str) -> str | None:
    """The conversation that a thing is, or is in."""
    if not target.startswith(_IN_A_CONVERSATION):
        return None
    return target if target.startswith("cnv_") else ids.conversation_of(target)


class Sight:
    """What of the agency's news an actor may see; each conversation is looked at once, and only if it has to be."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._seen: dict[str, bool] = {}

    def covers(self, entry: AuditEntry) -> bool:
        """True if the entry is for the actor's eyes."""
        of = conversation_of(entry.target)
        if of is None:
            return self._reads_audit(entry.brand)
        if self._actor.may("inbox.view_all", brand=entry.brand):
            return True
        if of not in self._seen:
            conversation: Conversation | None = conversations.find(self._actor.agency, of)
            self._seen[of] = conversation is not None and conversations.visible(self._actor, conversation)
        return self._seen[of]

    def _reads_audit(self, brand: str) -> bool:
        held = [grant for grant in self._actor.grants if "audit.view" in grant.permissions]
        return any(grant.brands is None or brand in grant.brands for grant in held)


def view(agency: str, entry: AuditEntry, number: int) -> Mapping[str, Any]:
    """An event as the API tells it."""
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
