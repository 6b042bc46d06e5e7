"""Refused requests in the audit. For each actor and operation there are at most two entries a minute: one for the first
refusal, and one with the number of further refusals.
"""

from collections.abc import Mapping
from typing import cast

from chalicelib import clock
from chalicelib.access import audit
from chalicelib.access.actors import Actor, ActorKind
from chalicelib.store import due, keys, table
from chalicelib.store.models.requests import Refusals

_KEPT_SECONDS = 24 * 3600


def record(actor: Actor, operation: str, path: Mapping[str, str], now: int) -> None:
    """Writes that the actor was refused an operation. `path` holds the parts of the request's path; the entry of the
    minute's first refusal shows them.
    """
    minute = now // clock.MINUTE
    key = keys.refusals(actor.member, operation, minute)
    if table.update(Refusals(actor.agency, key), [Refusals.times.add(1)], Refusals.pk.exists()):
        return
    first = Refusals(
        actor.agency, key, times=1, actor=actor.member, actor_kind=actor.kind, operation=operation,
        source=actor.source, expires=now // clock.SECOND + _KEPT_SECONDS,
    )  # fmt: skip
    end = (minute + 1) * clock.MINUTE
    try:
        table.transact(
            table.putting(first, Refusals.pk.does_not_exist()),
            audit.entry(actor, "access.denied", operation, now, after=dict(path)),
            due.at(actor.agency, end, "refusals", key),
        )
    except table.Refused:  # another request was faster
        record(actor, operation, path, now)


def close(agency: str, key: str, now: int) -> None:
    """Writes how many refusals followed the first one of a minute that is over. A repeat does nothing."""
    refusals = table.get(Refusals, agency, key)
    if refusals is None:
        return
    actor = Actor(agency, refusals.actor, "", cast(ActorKind, refusals.actor_kind), source=refusals.source)
    more = refusals.times - 1
    entries = [audit.entry(actor, "access.denied", refusals.operation, now, after={"more": more})] if more else []
    try:
        table.transact(table.deleting(refusals, Refusals.times == refusals.times), *entries)
    except table.Refused:  # closed already, or one more came late
        close(agency, key, now)
