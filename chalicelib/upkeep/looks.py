"""Polls accounts of networks that do not post news to us.

Each channel has its minutes, so that polls are spread over time. A poll that finds nothing writes nothing. What it
finds takes the way of posted bodies, and only then the mark moves. So if the process dies in between, the next poll
finds the same again, and ids decide what is new.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from zlib import crc32

from chalicelib import clock, log, networks
from chalicelib.aws import queues
from chalicelib.aws.queues import Task
from chalicelib.channels import channels, lookouts, pulses, troubles
from chalicelib.networks import base
from chalicelib.store import table
from chalicelib.store.models.channels import Channel, Look, Upkeep
from chalicelib.transport import bodies, envelopes
from chalicelib.upkeep import upkeeps

MOST_IN_A_ROW = 20
LARGEST_MARK_BYTES = 2048
_LONGEST_WAIT = clock.HOUR
_WORRYING = 3  # looks that failed in a row, until somebody is told
_TROUBLE = "looking"


def shards(minute: int) -> Iterator[Task]:
    """The tasks to poll all channels whose turn it is in this minute (since the epoch), one task per shard."""
    for shard in range(lookouts.SHARDS):
        yield Task("upkeep", {"kind": "shard", "shard": shard, "minute": minute}, group=f"shard {shard}")


def due(shard: int, minute: int) -> Iterator[Task]:
    """The tasks to poll the channels of the shard whose turn it is in this minute."""
    return of_minute([*lookouts.every(shard)], minute)


def of_minute(looks: Sequence[Look], minute: int) -> Iterator[Task]:
    """The tasks to poll those channels of a shard whose turn it is in this minute.

    The more channels share a quota, the less often each is polled. A shard knows only its own channels, and takes their
    number times the number of shards.
    """
    shared = Counter((look.network, look.app) for look in looks if look.network)
    minutes = {who: _minutes(who[0], number * lookouts.SHARDS) for who, number in shared.items()}
    for look in looks:
        stretched = minutes.get((look.network, look.app), 0)
        if (minute - crc32(look.channel.encode())) % (stretched or look.minutes) == 0:
            yield lookouts.look_task(look.agency, look.channel, every=stretched * 60)


def _minutes(network: str, accounts: int) -> int:
    known = networks.get(network)
    return known.polling.stretched(accounts) if known and known.polling else 0


def look(agency: str, id: str, turn: int, now: int, every: int = 0) -> str:
    """Polls the account, unless it has to wait, and gives the outcome as a word.

    `every` is the present interval of polls in seconds, if the caller knows it.
    """
    channel = channels.find(agency, id)
    network = channels.network_of(channel) if channel else None
    if channel is None or network is None or network.polling is None or channel.settling:
        return "gone"
    kept = upkeeps.of(agency, id, consistent=False)  # an older mark finds the same again
    if kept.look_after > now:
        return "waits"
    usual = kept.every or network.polling.every
    every = every or usual
    try:
        with pulses.noting(channel):
            pulled = network.polling.pull(channels.credentials(agency, channel), kept.mark, every)
    except base.Outcome as outcome:
        _failed(channel, kept, outcome, every, now)
        return "failed"
    queues.send(*(_body_task(channel, body, now) for body in pulled.bodies))
    _succeeded(channel, kept, pulled, now, [Upkeep.every.set(every)] if every != usual else [])
    if pulled.more and turn < MOST_IN_A_ROW:
        queues.send(lookouts.look_task(agency, id, turn + 1))
    return "found" if pulled.bodies else "nothing"


def _body_task(channel: Channel, body: base.Json, now: int) -> Task:
    return envelopes.task(channel.network, "", bodies.as_bytes(body), now, group=channel.pk)


def _succeeded(channel: Channel, kept: Upkeep, pulled: base.Pulled, now: int, changed: list[table.Action]) -> None:
    """Moves the mark, unless another poll at the same time did."""
    if len(json.dumps(pulled.mark)) > LARGEST_MARK_BYTES:
        raise ValueError("the mark is too large")
    channels.end_trouble(channel, _TROUBLE, now)
    if not upkeeps.missing(channels.consent_of(channel), kept):
        channels.end_trouble(channel, troubles.TOKEN, now)
    if pulled.mark == kept.mark and not kept.failed and not changed:
        return
    changes = [Upkeep.mark.set(dict(pulled.mark)), Upkeep.failed.set(0), Upkeep.look_after.set(0), *changed]
    unmoved = Upkeep.mark == kept.mark
    unmoved = unmoved if kept.mark else unmoved | Upkeep.mark.does_not_exist()
    table.update(Upkeep(kept.pk, kept.sk), changes, unmoved)


def _failed(channel: Channel, kept: Upkeep, outcome: base.Outcome, every: int, now: int) -> None:
    """Waits as long as the network says, or longer after each failure. The channel's trouble is reported when a person
    can help.
    """
    failed = kept.failed + 1
    wait = min(every * 1000 << min(failed, 12), _LONGEST_WAIT)
    after = now + max(wait, int(outcome.after * 1000))
    table.update(Upkeep(kept.pk, kept.sk), [Upkeep.failed.set(failed), Upkeep.look_after.set(after)])
    log.line("look_failed", channel=channel.id, network=channel.network, code=outcome.code, failed=failed)
    if isinstance(outcome, base.Expired):
        channels.report_lost_token(channel.pk, channel.id, outcome, now)
    elif failed == _WORRYING:
        channels.report_health(channel.pk, channel.id, "alert", _TROUBLE, now, detail=outcome.code)
