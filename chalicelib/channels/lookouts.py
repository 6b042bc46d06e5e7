"""Which channels are polled for news, and how often: a look-up that is created and deleted with the channel."""

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


def starting(channel: Channel, network: Network, app: str = "") -> Iterator[table.Write]:
    """For transact: the channel is polled from now on, if its network has to be polled.

    `app` is the key of the app through which it was connected (see consents.apps); channels of the same app share a
    quota.
    """
    if network.polling:
        place, shared = _of(channel), _shared(channel, network, app)
        minutes = network.polling.stretched(1)
        look = Look(place.pk, place.sk, agency=channel.pk, channel=channel.id, minutes=minutes, **shared)
        yield table.putting(look, _is_own_or_new(channel))


def keep(channel: Channel, network: Network, app: str) -> None:
    """Writes the look-up if it is missing or outdated, for a channel that was connected before it was needed."""
    place, shared = _of(channel), _shared(channel, network, app)
    if network.polling:
        look = table.get(Look, place.pk, place.sk, consistent=False)
        if look is None or (look.network, look.app) != (shared.get("network"), shared.get("app")):
            table.transact(*starting(channel, network, app))


def _shared(channel: Channel, network: Network, app: str) -> dict[str, str]:
    if network.polling is None or not network.polling.for_all:
        return {}
    named = {"app": app.split("#", 3)[3]} if app else {}  # its key ends with its id, see keys.network_app
    return {"network": channel.network, **named}


def look_task(agency: str, channel: str, turn: int = 1, every: int = 0) -> Task:
    """The task to poll the account once. `turn` counts polls in a row; `every` is the interval of the scheduled polls
    in seconds, if known. See upkeep.looks.
    """
    asked = {"kind": "look", "agency": agency, "channel": channel, "turn": turn, **({"every": every} if every else {})}
    return Task("upkeep", asked, group=agency)


def past_task(
    channel: Channel, since: int, *, is_history: bool = False, mark: Json | None = None, turn: int = 1, delay: int = 0
) -> Task:
    """The task to ask the network for what happened since then (ms), if the network can tell: see
    upkeep.catching_up.
    """
    asked = {"since": since, "mark": mark or {}, "turn": turn, "history": is_history}
    body = {"kind": "catch_up", "agency": channel.pk, "channel": channel.id, **asked}
    return Task("upkeep", body, group=channel.pk, delay=delay)


def asking_for_missed(channel: Channel, since: int, now: int, *, is_history: bool = False) -> table.Write:
    """For transact: makes a task due that asks the network for what happened since then (ms)."""
    return due.at(channel.pk, now, MISSED, f"{channel.id}#{since}#{_HISTORY if is_history else ''}")


def asking_for_existing(channel: Channel, network: Network, now: int, *, is_granted: bool) -> Iterator[table.Write]:
    """For transact: asks for what the account has already: its templates and, if somebody
    consented, the last 30 days.
    """
    if network.templates:
        yield due.at(channel.pk, now, TEMPLATES, channel.id)
    if network.past and is_granted:
        yield asking_for_missed(channel, now - PAST, now, is_history=True)


def missed_task(target: str, agency: str) -> Task | None:
    """The task that `asking_for_missed` asked for; None if the channel is gone."""
    id, since, kind = target.split("#")
    channel = table.get(Channel, agency, keys.noun(id))
    return past_task(channel, int(since), is_history=kind == _HISTORY) if channel else None


def ending(channel: Channel, network: Network | None) -> Iterator[table.Write]:
    """For transact: the channel is no longer polled."""
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
