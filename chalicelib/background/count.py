"""`on_count` is the stream's second and last reader: it keeps the facts that changes come to, for whoever counts.

It runs at least once per change, and other cuts of what was told come to the same. A change that cannot be read is
logged and left out, so that it does not stop those behind it.
"""

from collections.abc import Iterator, Sequence
from functools import partial

from chalicelib import clock, log
from chalicelib.background import batch
from chalicelib.background.batch import Failures, Record
from chalicelib.figures import facts, hours
from chalicelib.figures.facts import Fact
from chalicelib.store import changes, fence, together


def handle(records: Sequence[Record]) -> Failures:
    """Keep the facts of the changes, and have their hours folded. If that fails, all come back."""
    told = [fact for record in records for fact in _facts(record)]
    failed = batch.each([records], lambda _: _keep(told), lambda _, error: log.problem("facts_failed", error))
    log.line("facts", records=len(records), facts=len(told), returned=sum(map(len, failed)))
    return batch.failures(changes[0] for changes in failed)


def _facts(record: Record) -> Iterator[Fact]:
    try:
        yield from list(facts.of_change(changes.read(record)))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        log.problem("fact_unreadable", error)
        log.count("fact_unreadable")


def _keep(told: Sequence[Fact]) -> None:
    by_agency: dict[str, list[Fact]] = {}
    for fact in told:
        by_agency.setdefault(fact.agency, []).append(fact)
    together.each([partial(_keep_of, agency, theirs, clock.now()) for agency, theirs in by_agency.items()])


def _keep_of(agency: str, told: Sequence[Fact], now: int) -> None:
    with fence.within(agency):
        hours.keep(told)
        hours.ask(told, now)
