"""`tick` runs once a minute and queues what is due. It does none of that work, so much work of one agency delays no
other.

It also queues the search for channels that are to be polled in this minute, and the news of networks that began or
ceased to fail.

Work is queued before it is taken from the table: after a crash it may be queued again, and is never lost.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from chalicelib import clock, log
from chalicelib.aws import queues
from chalicelib.store import due, fence
from chalicelib.store.models.work import Due
from chalicelib.upkeep import looks, outages

_PORTION = 100


def handle() -> None:
    now = clock.now()
    queues.send(*looks.shards(now // clock.MINUTE))
    queued = run(due.now_due(now), now)
    queues.send(*outages.tasks(now))
    log.line("tick", queued=queued)


def run(items: Iterator[Due], now: int) -> int:
    """Queues what is due at `now` (ms). Gives the number of tasks."""
    count = 0
    while portion := list(islice(items, _PORTION)):
        queues.send(*(due.task(item.agency, item.when, item.kind, item.target, now) for item in portion))
        _take_out(portion)
        count += len(portion)
    return count


def _take_out(portion: Sequence[Due]) -> None:
    for agency, theirs in _by_agency(portion):
        with fence.within(agency):
            due.take_out(agency, theirs)


def _by_agency(portion: Sequence[Due]) -> Iterator[tuple[str, list[Due]]]:
    for agency in dict.fromkeys(item.agency for item in portion):
        yield agency, [item for item in portion if item.agency == agency]
