"""Writes audit entries: who did what to what, and what it was before. Entries are only ever added.

An entry is written in the transaction of the change it records. It holds ids, names of fields and states; never a
message's text, never a secret. `insight.chain` seals entries, `insight.trail` reads them.
"""

from typing import Any

from chalicelib import ids
from chalicelib.access.actors import Actor
from chalicelib.store import keys, table
from chalicelib.store.models.audit import AuditEntry


def entry(
    actor: Actor, action: str, target: str, now: int, *, brand: str = "", before: Any = None, after: Any = None
) -> table.Write:
    """For transact: the entry that tells of the change made beside it."""
    return table.putting(_entry(actor, action, target, now, brand=brand, before=before, after=after))


def note(actor: Actor, action: str, target: str, now: int, *, brand: str = "", after: Any = None) -> None:
    """Write down what changed nothing in the table: a denial, an export, a key's first use of a day."""
    table.put(_entry(actor, action, target, now, brand=brand, after=after), AuditEntry.pk.does_not_exist())


def _entry(actor: Actor, action: str, target: str, now: int, **told: Any) -> AuditEntry:
    id = ids.new("aud")
    return AuditEntry(
        keys.audit(actor.agency), keys.ENTRIES + id, id=id, at=now, actor=actor.member, actor_kind=actor.kind,
        action=action, target=target, source=actor.source, **told,
    )  # fmt: skip
