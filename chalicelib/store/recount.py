"""Counts a brand's conversations anew: after part of the table was restored, or something other than our code changed
it.
"""

from collections import Counter as Tally

from chalicelib import clock
from chalicelib.store import counters, keys, listings, table
from chalicelib.store.models.inbox import Conversation, Counter

LAG = clock.MINUTE  # by then the index has followed, usually within a second


def recount(agency: str, brand: str, now: int) -> bool:
    """Sets the counters of the brand to the numbers that the index shows; a repeat does no harm.

    A counter that changed in the last minute, or while we counted, is left as it is, because the index may not show
    that change yet. Then this gives False, and the caller tries again later.
    """
    before = [table.get(Counter, *counters.key(agency, brand, shard)) for shard in range(counters.SHARDS)]
    tallies = _tallies(agency, brand)
    done = [_set(agency, brand, shard, before[shard], tallies[shard], now) for shard in range(counters.SHARDS)]
    return all(done)


def _tallies(agency: str, brand: str) -> list[Tally[str]]:
    """How many conversations the index has in each status, per shard.

    It reads in the order of activity, oldest first. A message that arrives meanwhile moves its conversation to the end,
    which is read later; so none is missed.
    """
    status_of: dict[str, str] = {}
    for status in counters.STATUSES:
        partition = keys.inbox(agency, brand, status)
        for conversation in listings.every(Conversation, partition, after="0", only=["pk", "activity"]):
            status_of[conversation.id] = status
    tallies = [Tally[str]() for _ in range(counters.SHARDS)]
    for conversation_id, status in status_of.items():
        tallies[counters.shard_of(conversation_id)][status] += 1
    return tallies


def _set(agency: str, brand: str, shard: int, before: Counter | None, tally: Tally[str], now: int) -> bool:
    """False if the counter changed since `before`, or so shortly before that the index may not show the change."""
    if before and before.moved_at > now - LAG:
        return False
    moves, moved_at = (before.moves, before.moved_at) if before else (0, 0)
    is_unmoved = Counter.moves == moves if before else Counter.pk.does_not_exist()
    counter = Counter(*counters.key(agency, brand, shard), moves=moves + 1, moved_at=moved_at)
    for status in counters.STATUSES:
        setattr(counter, status, tally[status])
    return table.put(counter, is_unmoved)
