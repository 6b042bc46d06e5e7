"""Which channels are asked for news, and how often: a look-up that lives and ends with the channel."""

from collections.abc import Iterator
from zlib import crc32

from chalicelib import clock
from chalicelib.aws.queues import Task
from chalicelib.networks.base import Json, Network
from chalicelib.store import due, keys, lookups, table
from chalicelib.store.models.channels import Channel, Look

SHARDS = 4
MISSED, TEMPLATES = "missed", "templates"  # kinds of what is due
PAST = 30 * clock.DAY  # so much of what was before a consent comes as history
_HISTORY = "history"


def starting(channel: Channel, network: Network) -> Iterator[table.Write]:
    """For transact: the channel is asked for news from now on, if its network has to be asked."""
    if network.polling:
        minutes = -(-network.polling.every // 60)
        place = _of(channel)
        look = Look(place.pk, place.sk, agency=channel.pk, channel=channel.id, minutes=minutes)
        yield table.putting(look, _is_own_or_new(channel))


def keep(channel: Channel, network: Network) -> None:
    """Puts it where it is missing, as of a channel that was there before its network was asked."""
    place = _of(channel)
    if network.polling and table.get(Look, place.pk, place.sk, consistent=False) is None:
        table.transact(*starting(channel, network))


def look(agency: str, channel: str, turn: int = 1) -> Task:
    """The task of one look at the account; `turn` counts those in a row. See upkeep.looks."""
    return Task("upkeep", {"kind": "look", "agency": agency, "channel": channel, "turn": turn}, group=agency)


def past(
    channel: Channel, since: int, *, is_history: bool = False, mark: Json | None = None, turn: int = 1, delay: int = 0
) -> Task:
    """The task to ask the network for what happened since then (ms), if it can be asked: see upkeep.catching_up."""
    asked = {"since": since, "mark": mark or {}, "turn": turn, "history": is_history}
    body = {"kind": "catch_up", "agency": channel.pk, "channel": channel.id, **asked}
    return Task("upkeep", body, group=channel.pk, delay=delay)


def missed(channel: Channel, since: int, now: int, *, is_history: bool = False) -> table.Write:
    """For transact: have the network asked for what happened since then (ms)."""
    return due.at(channel.pk, now, MISSED, f"{channel.id}#{since}#{_HISTORY if is_history else ''}")


def first(channel: Channel, network: Network, now: int, *, is_granted: bool) -> Iterator[table.Write]:
    """For transact: ask for what the account has already: its templates and, if somebody consented, its past."""
    if network.templates:
        yield due.at(channel.pk, now, TEMPLATES, channel.id)
    if network.past and is_granted:
        yield missed(channel, now - PAST, now, is_history=True)


def missed_task(target: str, agency: str) -> Task | None:
    """The task that `missed` asked for; None if the channel is gone."""
    id, since, kind = target.split("#")
    channel = table.get(Channel, agency, keys.noun(id))
    return past(channel, int(since), is_history=kind == _HISTORY) if channel else None


def ending(channel: Channel, network: Network | None) -> Iterator[table.Write]:
    """For transact: it is not asked any more."""
    if network and network.polling:
        yield table.deleting(_of(channel), _is_own_or_new(channel))


def every(shard: int) -> Iterator[Look]:
    """All look-ups of the shard, of all agencies."""
    return table.query(Look, lookups.look(shard), "")


def _is_own_or_new(channel: Channel) -> table.Condition:
    condition: table.Condition = Look.pk.does_not_exist() | (Look.agency == channel.pk)
    return condition


def _of(channel: Channel) -> Look:
    return Look(lookups.look(crc32(channel.id.encode()) % SHARDS), channel.id)
