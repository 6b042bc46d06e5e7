"""What is stored of a consent beside its channel: until when its token lives, and who consented. The tokens are in the
channel.

A token is renewed when three quarters of its life are over, whether or not the brand uses the channel.
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
    """A consent: the `tokens` that it gave, to which `app` (see consents.apps), and whether the network `renews` them
    without a person.
    """

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
    """For transact: like `starting`, for a channel that exists already; its next probe comes without delay.

    Without a grant the channel then depends only on its new credentials.
    """
    if grant:
        yield from starting(channel, grant, now)
    else:
        yield from forgetting(channel, Upkeep.look_after.set(0))


def starting(channel: Channel, grant: Grant | None, now: int) -> Iterator[table.Write]:
    """For transact: from now on the channel depends on this consent."""
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
    """For transact: makes the token's renewal due, and the warning that the consent ends."""
    if kept.renew_at:
        yield due.at(channel.pk, kept.renew_at, RENEWAL, channel.id)
    if kept.ends_at:
        yield due.at(channel.pk, next_forecast(kept.ends_at, now), FORECAST, channel.id)


def next_forecast(ends_at: int, now: int) -> int:
    """When to warn next that a consent ends (ms): some days before, or at last at the end itself."""
    moments = (ends_at - days * clock.DAY for days in FORECAST_DAYS)
    return next((moment for moment in moments if moment > now), ends_at)


def of_user(network: str, user: str) -> list[Granted]:
    """The channels of a network that depend on that person's consent, in all agencies."""
    return list(table.query(Granted, lookups.granted(network, user), "", consistent=True))


def forgetting(channel: Channel, *more: table.Action) -> Iterator[table.Write]:
    """For transact: the channel no longer depends on anybody's consent."""
    kept = table.get(Upkeep, channel.pk, keys.UPKEEP + channel.id)
    if kept and kept.user:
        yield table.deleting(_granted(channel, kept.user), _is_own_or_new(channel))
    nothing = [Upkeep.user.set(""), Upkeep.scopes.set([]), Upkeep.renew_at.set(0), Upkeep.ends_at.set(0)]
    yield table.changing(Upkeep(channel.pk, keys.UPKEEP + channel.id), [*nothing, *more])


def ending(channel: Channel) -> Iterator[table.Write]:
    """For transact: deletes what is stored here of a removed channel. Its due tasks then find
    nothing and do nothing.
    """
    kept = table.get(Upkeep, channel.pk, keys.UPKEEP + channel.id)
    if kept and kept.user:
        yield table.deleting(_granted(channel, kept.user), _is_own_or_new(channel))
    yield table.deleting(Upkeep(channel.pk, keys.UPKEEP + channel.id))


def _granted(channel: Channel, user: str) -> Granted:
    return Granted(lookups.granted(channel.network, user), channel.id, agency=channel.pk, channel=channel.id)


def _is_own_or_new(channel: Channel) -> table.Condition:
    condition: table.Condition = Granted.pk.does_not_exist() | (Granted.agency == channel.pk)
    return condition
