"""Moves an account to another agency: the agency that has it makes a code, with which the other one connects the
account.

A channel has one code at most. It expires, can be revoked, and is gone with the channel. The account changes hands in
one transaction, which deletes the old channel and writes the new one. Nothing else of the old agency is read or
written; its conversations stay with it.
"""

import hmac
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib import clock, errors, ids, networks
from chalicelib.access import actors, audit
from chalicelib.access.actors import Actor
from chalicelib.channels import channels, grants, lookouts, routing
from chalicelib.plans import holdings
from chalicelib.store import external_ids, fence, table
from chalicelib.store.models.channels import Channel

LIVES = 7 * clock.DAY


def make(actor: Actor, channel: Channel, now: int) -> tuple[Mapping[str, Any], str]:
    """Gives the move and its code, which cannot be shown again. An older code of the channel no longer works."""
    secret = ids.secret()
    move = {"digest": ids.digest(secret), "by": actor.member, "ends_at": now + LIVES}
    _write(actor, channel, "channel.offer", move, now)
    return move, f"{channel.pk}.{channel.id}.{secret}"


def revoke(actor: Actor, channel: Channel, now: int) -> None:
    """The code no longer works. A repeat changes nothing."""
    if channel.move:
        _write(actor, channel, "channel.keep", {}, now)


def _write(actor: Actor, channel: Channel, action: str, move: Mapping[str, Any], now: int) -> None:
    unsettled = errors.Conflict(
        "The channel is being connected or disconnected. Try again in a minute.", code="channel_unsettled"
    )
    table.transact(
        table.changing(
            Channel(channel.pk, channel.sk), [Channel.move.set(move)],
            Channel.pk.exists() & Channel.settling.does_not_exist(), otherwise=unsettled,
        ),
        audit.entry(actor, action, channel.id, now, brand=channel.brand),
    )  # fmt: skip


def offered(agency: str, code: str, network: str, account: str, now: int) -> Channel:
    """The other agency's channel that the code hands over. Raises Invalid unless the code is valid for that account.

    The error is the same whatever is wrong with the code. The other agency is read with the fence `beside` it.
    """
    giver, id, secret = code.split(".")
    refused = errors.Invalid(
        "The code does not move this account. Ask the agency that has the account for a new code.",
        code="bad_move",
        field="move",
    )
    if giver == agency or not ids.is_id(giver, "agc"):
        raise refused
    with fence.beside(giver):
        channel = channels.find(giver, id)
    move = channel.move if channel else {}
    is_right = bool(move) and hmac.compare_digest(move["digest"], ids.digest(secret)) and move["ends_at"] > now
    if channel is None or not is_right or (channel.network, channel.account) != (network, account):
        raise refused
    return channel


def giving_up(channel: Channel, taken: Channel, now: int) -> Iterator[table.Write]:
    """For transact: deletes the channel; the look-ups of its account lead to the channel `taken` from now on."""
    is_offered = (Channel.move == channel.move) & Channel.settling.does_not_exist()
    refused = errors.Invalid(
        "The code does not move this account. Ask the agency that has the account for a new code.",
        code="bad_move",
        field="move",
    )
    yield table.deleting(Channel(channel.pk, channel.sk), is_offered, otherwise=refused)
    yield from holdings.change(channel.pk, "channels", -1, now)
    yield from routing.leading_elsewhere(channel, but=(taken.account, *taken.also))
    yield from lookouts.ending(channel, networks.get(channel.network))
    yield from grants.ending(channel)
    yield from external_ids.releasing(channel.pk, channel.id, channel.brand, channel.external_id)
    after = {"network": channel.network, "account": channel.account, "moved": True, "by": channel.move["by"]}
    giver = actors.system(channel.pk)
    yield audit.entry(giver, "channel.disconnect", channel.id, now, brand=channel.brand, after=after)


def view(channel: Channel, now: int) -> Mapping[str, Any]:
    move = channel.move if channel.move and channel.move["ends_at"] > now else {}
    return {
        "channel": channel.id,
        "is_offered": bool(move),
        "made_by": move.get("by"),
        "ends_at": clock.text(int(move["ends_at"])) if move else None,
    }
