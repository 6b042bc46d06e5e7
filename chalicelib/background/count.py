"""`on_count` is the second and last reader of the table's stream: it stores the facts of changes, for the figures.

It runs at least once per change, and the result is the same if the stream cuts its batches in another way. A change
that cannot be read is logged and left out, so that it does not stop those behind it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from chalicelib import batch, clock, log
from chalicelib.aws import queues
from chalicelib.batch import Failures, Record
from chalicelib.figures import facts, hours
from chalicelib.figures.facts import Fact
from chalicelib.store import changes, fence, together

Turn = tuple[str, int, int]  # an agency, an hour, and when it is folded
_ASKED: set[Turn] = set()


def handle(records: Sequence[Record], *, send: Callable[..., None] = queues.send) -> Failures:
    """Stores the facts of the changes and asks for their hours to be folded. If that fails, all changes come back."""
    new_facts = [fact for record in records for fact in _facts(record)]
    failed = batch.each(
        [records], lambda _: _keep(new_facts, send), lambda _, error: log.problem("facts_failed", error)
    )
    log.line("facts", records=len(records), facts=len(new_facts), returned=sum(map(len, failed)))
    return batch.failures(changes[0] for changes in failed)


def _facts(record: Record) -> Iterator[Fact]:
    try:
        yield from list(facts.of_change(changes.read(record)))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        log.problem("fact_unreadable", error)
        log.count("fact_unreadable")


def _keep(new_facts: Sequence[Fact], send: Callable[..., None]) -> None:
    groups = list(hours.by_hour(new_facts).items())
    together.each([partial(_keep_of, agency, theirs) for (agency, _), theirs in groups])
    ask_to_fold([group for group, _ in groups], clock.now(), send=send)


def _keep_of(agency: str, new_facts: Sequence[Fact]) -> None:
    with fence.within(agency):
        hours.keep(new_facts)


def ask_to_fold(
    groups: Iterable[tuple[str, int]], now: int, *, asked: set[Turn] = _ASKED, send: Callable[..., None] = queues.send
) -> None:
    """Asks for the hours of agencies to be folded at their next turns, unless this process asked for it already.

    `now` (ms) must be after their facts were stored: the turn is later, so whoever folds then sees them. If a process
    dies before it has asked, the same changes come again.
    """
    wanted = {(agency, hour, hours.turn_at(agency, now)) for agency, hour in groups} - asked
    send(*(hours.task(*each, now) for each in sorted(wanted)))
    asked -= {each for each in asked if each[2] <= now}
    asked |= wanted
