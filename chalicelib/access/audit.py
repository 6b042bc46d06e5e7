"""Writes audit entries: who did what to what, and the values before and after. Entries are only ever added.

An entry is written in the transaction of the change it records. It holds ids, names of fields and states; never a
message's text, never a secret. `insight.chain` seals entries, `insight.trail` reads them.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib import ids
from chalicelib.access.actors import Actor
from chalicelib.store import keys, table
from chalicelib.store.models.audit import AuditEntry

Told = Mapping[str, Any] | None  # what is told of a thing, by names; None if the action tells nothing


def entry(
    actor: Actor,
    action: str,
    target: str,
    now: int,
    *,
    brand: str = "",
    before: Told = None,
    after: Told = None,
    id: str = "",
) -> table.Write:
    """For transact: writes the audit entry of a change in the same transaction. `id` is the entry's id; if empty, a new
    one is made.
    """
    return table.putting(_item(actor, action, target, now, id, brand=brand, before=before, after=after))


def note(actor: Actor, action: str, target: str, now: int, *, brand: str = "", after: Told = None) -> None:
    """Writes an entry on its own, where there is no transaction to join, for example for a key's first use of a day."""
    table.put(_item(actor, action, target, now, "", brand=brand, after=after), AuditEntry.pk.does_not_exist())


def _item(actor: Actor, action: str, target: str, now: int, id: str, **details: Any) -> AuditEntry:
    id = id or ids.new("aud")
    return AuditEntry(
        keys.audit(actor.agency), keys.ENTRIES + id, id=id, at=now, actor=actor.member, actor_kind=actor.kind,
        action=action, target=target, source=actor.source, caused_by=actor.caused_by, **details,
    )  # fmt: skip
