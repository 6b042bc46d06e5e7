"""Work that is due at some time. It is written in the transaction that decides on it, and queued by the clock's tick.

An item is deleted only after its work was queued, so work may be done twice: its change must be conditional.
"""

import zlib
from collections.abc import Iterator, Sequence

from pynamodb.expressions.condition import Condition

from chalicelib import clock
from chalicelib.aws.queues import Task
from chalicelib.store import lookups, table
from chalicelib.store.models.work import Due

SHARDS = 4


def at(agency: str, when: int, kind: str, target: str) -> table.Write:
    """For transact: at `when` (ms), have work of that kind done for the target. `background.due` knows the kinds."""
    return table.putting(_due(agency, when, kind, target), _is_own_or_new(agency))


def ask(agency: str, when: int, kind: str, target: str) -> None:
    """Like `at`, but writes at once. Only for callers that ask again if they die just before or after this write."""
    if not table.put(_due(agency, when, kind, target), _is_own_or_new(agency)):
        raise table.Refused((True,))


def task(agency: str, when: int, kind: str, target: str, now: int) -> Task:
    """The task of doing what is due at `when` (ms). The queue holds it back until then, for at most 15 minutes.

    With it no item in the table is needed, if the sender would send the task again after dying.
    """
    body = {"kind": "due", "agency": agency, "what": kind, "target": target, "when": when, "at": max(when, now)}
    return Task("followup", body, group=agency, delay=-(min(now - when, 0) // clock.SECOND))


def no_longer(agency: str, when: int, kind: str, target: str) -> table.Write:
    """For transact: cancels the work that `at` scheduled with the same arguments."""
    return table.deleting(_due(agency, when, kind, target), _is_own_or_new(agency))


def _is_own_or_new(agency: str) -> Condition:
    condition: Condition = Due.pk.does_not_exist() | (Due.agency == agency)
    return condition


def _due(agency: str, when: int, kind: str, target: str) -> Due:
    shard = zlib.crc32(target.encode()) % SHARDS
    return Due(lookups.due(shard), f"{when:013d}#{kind}#{target}", agency=agency, kind=kind, target=target, when=when)


def now_due(now: int) -> Iterator[Due]:
    """All work that is due by now; within each shard the most overdue first."""
    for shard in range(SHARDS):
        yield from table.query(Due, lookups.due(shard), "", before=f"{now:013d}~", consistent=True)


def take_out(agency: str, items: Sequence[Due]) -> None:
    """Deletes up to 100 items of the agency. Those that are deleted already do not matter."""
    table.transact(*(table.deleting(item, _is_own_or_new(agency)) for item in items))
