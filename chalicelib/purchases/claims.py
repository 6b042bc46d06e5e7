"""Whoever wants to change a subscription at Stripe takes its next version first: of two, only one succeeds.

If the process dies afterwards, nothing has to be cleaned up: notices report what Stripe did, and a repeat takes a later
version.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib import errors
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.store import keys, table
from chalicelib.store.models.plans import StoredSubscription


def take(
    actor: Actor,
    stored: StoredSubscription,
    verb: str,
    now: int,
    after: Mapping[str, Any] | None = None,
    actions: Sequence[Any] = (),
) -> str:
    """Writes the audit entry and the `actions`; gives the idempotency key under which Stripe does it once.

    Raises PreconditionFailed if the subscription changed since it was read.
    """
    version = stored.version + 1
    table.transact(
        table.changing(
            StoredSubscription(actor.agency, keys.SUBSCRIPTION),
            [StoredSubscription.version.set(version), *actions],
            StoredSubscription.version == stored.version,
            otherwise=errors.PreconditionFailed,
        ),
        audit.entry(actor, f"billing.{verb}", actor.agency, now, after=after),
    )
    return f"{actor.agency}:{verb}:{version}"
