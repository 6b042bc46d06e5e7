"""Who is to change a subscription at Stripe takes it first, by its version: of two, one does and the other is told.

A process that dies after it took it leaves nothing behind: what Stripe did is heard of, and whoever asks again does so
with a later version.
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
    """Notes who wants what, and what else that changes; gives the key under which Stripe does it once.

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
