"""The lease of a conversation shows who is answering: one person at a time, for two minutes unless they renew it."""

from collections.abc import Collection, Mapping
from typing import Any

from chalicelib import clock, errors
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.models.replies import Lease

DURATION = 2 * clock.MINUTE


def take(actor: Actor, conversation: Conversation, now: int, reason: str = "") -> Lease:
    """Take or renew the lease. With a reason it is taken from somebody else who has it, which is audited.

    Raises Conflict, with the holder, if somebody else has it and there is no reason; Forbidden for a takeover without
    the permission.
    """
    lease = Lease(conversation.pk, keys.LEASE, holder=actor.member, name=actor.name, until=now + DURATION)
    free = Lease.pk.does_not_exist() | (Lease.until < now) | (Lease.holder == actor.member)
    if table.put(lease, free):
        return lease
    if not reason:
        raise _leased(current(conversation, now))
    check_take_over(actor, conversation)
    before = current(conversation, now)
    entry = audit.entry(
        actor, "conversation.take_over", conversation.id, now, brand=conversation.brand,
        before={"holder": before.holder if before else None}, after={"reason": reason},
    )  # fmt: skip
    table.transact(table.putting(lease), entry)
    return lease


def check_take_over(actor: Actor, conversation: Conversation) -> None:
    """Raises Forbidden without the permission to take a lease from somebody else."""
    if not actor.may("conversation.take_over", brand=conversation.brand):
        raise errors.Forbidden("Your role does not allow you to take conversations over.", code="cannot_take_over")


def release(actor: Actor, conversation: Conversation) -> None:
    """Give the lease back; changes nothing if somebody else has it."""
    table.delete(Lease(conversation.pk, keys.LEASE), Lease.holder == actor.member)


def current(conversation: Conversation, now: int) -> Lease | None:
    """The lease of the conversation, unless it has run out."""
    lease = table.get(Lease, conversation.pk, keys.LEASE)
    return lease if lease and lease.until >= now else None


def check(actor: Actor, conversation: Conversation, now: int, writers: Collection[str] = ()) -> None:
    """Raises Conflict if the lease is held by somebody other than the actor and the `writers` of the reply (member
    ids).
    """
    refuse(actor, current(conversation, now), writers)


def refuse(actor: Actor, lease: Lease | None, writers: Collection[str] = ()) -> None:
    """Like `check`, for a lease that was read already."""
    if lease and lease.holder not in (actor.member, *writers):
        raise _leased(lease)


def _leased(lease: Lease | None) -> errors.Conflict:
    return errors.Conflict(
        "Somebody else is answering the conversation: see `lease`.",
        code="leased",
        more={"lease": view(lease) if lease else {}},
    )


def view(lease: Lease) -> Mapping[str, Any]:
    return {"holder": lease.holder, "name": lease.name, "until": clock.text(lease.until)}
