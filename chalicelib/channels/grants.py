"""What a consent gave, kept beside its channel: until when its token lives, and who gave it. Tokens are in the channel.

A token is renewed when three quarters of its life are over, whether or not its brand does anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib import clock
from chalicelib.networks.base import Tokens
from chalicelib.store import due, keys, lookups, table
from chalicelib.store.models.channels import Channel, Granted, Upkeep

RENEWAL, FORECAST, PROBE, MEND = "renewal", "forecast", "probe", "mend"  # kinds of what is due
FORECAST_DAYS = (14, 7, 1)  # so long before somebody has to consent again, they are told
_SOONEST = clock.MINUTE


@dataclass(frozen=True, kw_only=True)
class Grant:
    """`tokens` came by consent to that app (see consents.apps); `renews` if the network renews them without anybody."""

    tokens: Tokens
    app: str = ""
    renews: bool = False


@dataclass(frozen=True)
class Times:
    """When the token is renewed, and by when somebody has to consent again (ms; 0: never)."""

    renew_at: int
    ends_at: int


def times(grant: Grant, now: int) -> Times:
    tokens = grant.tokens
    renews = grant.renews and tokens.lives > 0
    lives = tokens.refresh_lives if renews else tokens.lives
    renew_at = now + max(tokens.lives * 750, _SOONEST) if renews else 0
    return Times(renew_at, now + lives * clock.SECOND if lives else 0)


def renewing(channel: Channel, grant: Grant | None, now: int) -> Iterator[table.Write]:
    """For transact: as `starting`, of a channel that was there; it is looked at again without waiting.

    Without a grant it rests on its new credentials alone.
    """
    if grant:
        yield from starting(channel, grant, now)
    else:
        yield from forgetting(channel, Upkeep.look_after.set(0))


def starting(channel: Channel, grant: Grant | None, now: int) -> Iterator[table.Write]:
    """For transact: the channel rests on the grant from now on."""
    if grant is None:
        return
    kept = times(grant, now)
    changes = [
        Upkeep.look_after.set(0),
        Upkeep.user.set(grant.tokens.user), Upkeep.app.set(grant.app), Upkeep.scopes.set(list(grant.tokens.scopes)),
        Upkeep.renew_at.set(kept.renew_at), Upkeep.ends_at.set(kept.ends_at), Upkeep.tries.set(0),
        Upkeep.leased_until.set(0),
    ]  # fmt: skip
    yield table.changing(Upkeep(channel.pk, keys.UPKEEP + channel.id), changes)
    if grant.tokens.user:
        yield table.putting(_granted(channel, grant.tokens.user), _is_own_or_new(channel))
    yield from dues(channel, kept, now)


def dues(channel: Channel, kept: Times, now: int) -> Iterator[table.Write]:
    """For transact: when the token is to be renewed, and when to warn that it ends."""
    if kept.renew_at:
        yield due.at(channel.pk, kept.renew_at, RENEWAL, channel.id)
    if kept.ends_at:
        yield due.at(channel.pk, next_forecast(kept.ends_at, now), FORECAST, channel.id)


def next_forecast(ends_at: int, now: int) -> int:
    """When somebody is told next that a consent ends, and at last the end itself (ms)."""
    moments = (ends_at - days * clock.DAY for days in FORECAST_DAYS)
    return next((moment for moment in moments if moment > now), ends_at)


def of_user(network: str, user: str) -> list[Granted]:
    """The channels of a network that rest on that person's consent, of all agencies."""
    return list(table.query(Granted, lookups.granted(network, user), "", consistent=True))


def forgetting(channel: Channel, *more: table.Action) -> Iterator[table.Write]:
    """For transact: the channel rests on nobody's consent any more."""
    kept = table.get(Upkeep, channel.pk, keys.UPKEEP + channel.id)
    if kept and kept.user:
        yield table.deleting(_granted(channel, kept.user), _is_own_or_new(channel))
    nothing = [Upkeep.user.set(""), Upkeep.scopes.set([]), Upkeep.renew_at.set(0), Upkeep.ends_at.set(0)]
    yield table.changing(Upkeep(channel.pk, keys.UPKEEP + channel.id), [*nothing, *more])


def ending(channel: Channel) -> Iterator[table.Write]:
    """For transact: nothing is kept of a channel that is gone. What is due finds nothing then."""
    kept = table.get(Upkeep, channel.pk, keys.UPKEEP + channel.id)
    if kept and kept.user:
        yield table.deleting(_granted(channel, kept.user), _is_own_or_new(channel))
    yield table.deleting(Upkeep(channel.pk, keys.UPKEEP + channel.id))


def _granted(channel: Channel, user: str) -> Granted:
    return Granted(lookups.granted(channel.network, user), channel.id, agency=channel.pk, channel=channel.id)


def _is_own_or_new(channel: Channel) -> table.Condition:
    condition: table.Condition = Granted.pk.does_not_exist() | (Granted.agency == channel.pk)
    return condition
