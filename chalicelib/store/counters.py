"""How many conversations of each brand are in each status: counted in the very transaction that moves a conversation.

A brand has four counters, and a conversation always counts in the same one of them. Transactions that change the same
counter wait for each other, so the conversations of people who write at the same time are spread over several.
"""

import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from chalicelib import clock
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Conversation, Counter

STATUSES = ("open", "pending", "snoozed", "resolved")  # the attributes of a counter
SHARDS = 4
Place = tuple[str, str]  # a brand and a status


@dataclass(frozen=True)
class Move:
    """What gives a conversation a status. All three parts belong in the same transaction.

    `actions` change the conversation, `writes` the counters. `condition` requires that the conversation still has the
    status in which it is counted. Without it the count would be wrong.
    """

    actions: Sequence[table.Action]
    condition: table.Condition
    writes: Sequence[table.Write]


STAYS = Move((), Conversation.inbox.exists(), ())


def move(agency: str, brand: str, conversation_id: str, before: str | None, after: str) -> Move:
    """The only way to change a status. `before` is the status it is listed in, None if it is in no list yet."""
    if before == after:
        return Move((), Conversation.inbox == keys.inbox(agency, brand, after), ())
    actions = [Conversation.status.set(after), Conversation.inbox.set(keys.inbox(agency, brand, after))]
    # By the clock, not the time of the work: a delivery may have waited for hours.
    counted = [Counter.moves.add(1), Counter.moved_at.set(clock.now()), getattr(Counter, after).add(1)]
    is_there: table.Condition = Conversation.inbox.does_not_exist()
    if before is not None:
        is_there = Conversation.inbox == keys.inbox(agency, brand, before)
        counted.append(getattr(Counter, before).add(-1))
    return Move(actions, is_there, [table.changing(Counter(*key(agency, brand, shard_of(conversation_id))), counted)])


def move_known(conversation: Conversation, after: str) -> Move:
    """Like `move`, for a conversation that was read. Callers write it only if the conversation's version is still the
    same, so they need not use the `condition`.
    """
    agency = keys.agency_of(conversation.pk)
    return move(agency, conversation.brand, conversation.id, listed(conversation), after)


def listed(conversation: Conversation) -> str | None:
    """The status in which the conversation is listed, None before its first message."""
    return conversation.status if conversation.inbox else None


def shard_of(conversation_id: str) -> int:
    return zlib.crc32(conversation_id.encode()) % SHARDS


def known(agency: str, places: Collection[Place]) -> Mapping[Place, int]:
    """How many conversations are in each of these places; a place without any is left out. One query."""
    if not places:
        return {}
    brands, statuses = {brand for brand, _ in places}, sorted({status for _, status in places})
    some = reduce(or_, (getattr(Counter, status) > 0 for status in statuses))
    counters = table.query(
        Counter, keys.within(agency, keys.COUNTERS), "",
        after=keys.counter(min(brands)), before=keys.counter(max(brands), "~"),
        where=some, only=["sk", *statuses], consistent=True,
    )  # fmt: skip
    numbers: dict[Place, int] = {}
    for counter in counters:
        brand = counter.sk.partition("#")[0]
        for status in statuses:
            number = getattr(counter, status)
            if number > 0 and (brand, status) in places:
                numbers[brand, status] = numbers.get((brand, status), 0) + number
    return numbers


def key(agency: str, brand: str, shard: int) -> tuple[str, str]:
    return keys.within(agency, keys.COUNTERS), keys.counter(brand, str(shard))
