"""What an agency prefers: what happens beyond its plan, how much that may cost, and who else gets the mails."""

from collections.abc import Mapping
from typing import Any

from chalicelib import errors
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.people import members
from chalicelib.plans import records
from chalicelib.store import table
from chalicelib.store.models.plans import StoredSubscription


def change(actor: Actor, stored: StoredSubscription, wanted: Mapping[str, Any], now: int) -> StoredSubscription:
    """`wanted` has `overage`, `contacts` and perhaps a `cap`. Raises PreconditionFailed if it changed meanwhile."""
    if set(wanted["contacts"]) - {member.id for member in members.every(actor.agency)}:
        raise errors.Invalid("There is no such member.", field="contacts")
    names, cap = StoredSubscription, wanted.get("cap")
    actions = [
        names.overage.set(wanted["overage"]),
        names.contacts.set(wanted["contacts"]),
        names.cap.remove() if cap is None else names.cap.set(cap),
        names.version.set(stored.version + 1),
    ]
    row, unchanged = StoredSubscription(stored.pk, stored.sk), names.version == stored.version
    table.transact(
        table.changing(row, actions, unchanged, otherwise=errors.PreconditionFailed),
        audit.entry(actor, "billing.settings", actor.agency, now, after={**wanted}),
    )
    return records.load(actor.agency, now)
