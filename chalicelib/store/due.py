"""What has to be done at some time: written in the transaction that decides so, taken up by the clock's tick.

Doing it may happen twice; whoever does it makes its change conditional. It is forgotten only once it is done.
"""

import zlib
from collections.abc import Iterator

from pynamodb.expressions.condition import Condition

from chalicelib.store import keys, table
from chalicelib.store.models.due import Due

SHARDS = 4


def at(agency: str, when: int, kind: str, target: str) -> table.Write:
    """For transact: do that kind of thing to the target at `when` (ms)."""
    return table.putting(_item(agency, when, kind, target), _free(agency))


def no_longer(agency: str, when: int, kind: str, target: str) -> table.Write:
    """For transact: do it not, after all."""
    return table.deleting(_item(agency, when, kind, target), _free(agency))


def _free(agency: str) -> Condition:
    free: Condition = Due.pk.does_not_exist() | (Due.agency == agency)
    return free


def _item(agency: str, when: int, kind: str, target: str) -> Due:
    shard = zlib.crc32(target.encode()) % SHARDS
    return Due(keys.due(shard), f"{when:013d}#{kind}#{target}", agency=agency, kind=kind, target=target, when=when)


def now_due(now: int) -> Iterator[Due]:
    """All that should have been done by now, what is most overdue first."""
    for shard in range(SHARDS):
        yield from table.query(Due, keys.due(shard), "", before=f"{now:013d}~", consistent=True)


def done(due_item: Due) -> None:
    """Forget it."""
    table.delete(due_item, Due.agency == due_item.agency)
