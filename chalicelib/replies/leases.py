"""Who is answering: one person at a time holds a conversation, for two minutes unless renewed or taken over."""

from collections.abc import Collection, Mapping
from typing import Any

from chalicelib import clock, errors
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.models.replies import Lease

HELD = 120_000


def take(actor: Actor, conversation: Conversation, now: int, reason: str = "") -> Lease:
    """Hold the conversation, or go on holding it. With a reason it is taken from whoever has it: that is audited.

    Raises Conflict, telling who, while somebody else holds it; Forbidden to take over without the permission.
    """
    mine = Lease(conversation.pk, keys.LEASE, holder=actor.member, name=actor.name, until=now + HELD)
    free = Lease.pk.does_not_exist() | (Lease.until < now) | (Lease.holder == actor.member)
    if table.put(mine, free):
        return mine
    if not reason:
        raise _held(held(conversation, now))
    if not actor.may("conversation.take_over", brand=conversation.brand):
        raise errors.Forbidden("Your role does not take conversations over.", code="cannot_take_over")
    before = held(conversation, now)
    entry = audit.entry(
        actor, "conversation.take_over", conversation.id, now, brand=conversation.brand,
        before={"holder": before.holder if before else None}, after={"reason": reason},
    )  # fmt: skip
    table.transact(table.putting(mine), entry)
    return mine


def release(actor: Actor, conversation: Conversation) -> None:
    """Let go of it; nothing if somebody else holds it."""
    table.delete(Lease(conversation.pk, keys.LEASE), Lease.holder == actor.member)


def held(conversation: Conversation, now: int) -> Lease | None:
    """The lease that holds at `now`, if any."""
    lease = table.get(Lease, conversation.pk, keys.LEASE)
    return lease if lease and lease.until >= now else None


def check(actor: Actor, conversation: Conversation, now: int, also: Collection[str] = ()) -> None:
    """Raises Conflict if somebody is answering who is neither the actor nor one of those whose answer it is."""
    lease = held(conversation, now)
    if lease and lease.holder not in (actor.member, *also):
        raise _held(lease)


def _held(lease: Lease | None) -> errors.Conflict:
    told = view(lease) if lease else {}
    return errors.Conflict("Somebody else is answering.", code="leased", more={"lease": told})


def view(lease: Lease) -> Mapping[str, Any]:
    """A lease as the API tells it."""
    return {"holder": lease.holder, "name": lease.name, "until": clock.text(lease.until)}
