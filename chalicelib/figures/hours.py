"""The hours of a brand: facts are stored as they come, and folded into a row for each hour and brand.

Nothing is ever added to a number. A batch of facts is written whole under a name that follows from its facts; an hour's
row is written whole, made of all its facts. So crashes, repeats and late facts leave nothing wrong behind.
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from chalicelib import clock, log
from chalicelib.aws.queues import Task
from chalicelib.figures import folds
from chalicelib.figures.facts import Cell, Fact
from chalicelib.figures.folds import Cells
from chalicelib.store import due, keys, table, together
from chalicelib.store.models.channels import Channel
from chalicelib.store.models.figures import Batch, Hour

EVERY = 5 * clock.MINUTE  # so often an hour in which something happens is folded
FACTS_KEPT = 45 * clock.DAY
FOLDED_FOR = 40 * clock.DAY  # later some of an hour's facts may be gone
KEPT = 25 * 31 * clock.DAY
DUE = "fold"
MOST_FACTS = 1_000  # of an item


def keep(facts: Iterable[Fact]) -> None:
    """Stores facts in batches, by agency and hour. A repeat does nothing."""
    for (agency, hour), theirs in by_hour(facts).items():
        for start in range(0, len(theirs), MOST_FACTS):
            portion = theirs[start : start + MOST_FACTS]
            batch = Batch(
                keys.figures(agency), keys.facts(hour, folds.name(portion)), facts=folds.packed(portion),
                expires=(hour + FACTS_KEPT) // clock.SECOND,
            )  # fmt: skip
            table.put(batch)


def by_hour(facts: Iterable[Fact]) -> dict[tuple[str, int], list[Fact]]:
    groups: dict[tuple[str, int], list[Fact]] = {}
    for fact in facts:
        groups.setdefault((fact.agency, fact.hour), []).append(fact)
    return groups


def turn_at(agency: str, now: int) -> int:
    """When the agency's hours are folded next: the turns of all agencies are spread over five minutes."""
    late = zlib.crc32(agency.encode()) % (EVERY // clock.SECOND) * clock.SECOND
    return (now - late) // EVERY * EVERY + EVERY + late


def task(agency: str, hour: int, turn: int, now: int) -> Task:
    """The task to fold the hour at that turn. It sees all facts that were stored before it was due."""
    return due.task(agency, turn, DUE, str(hour), now)


def fold(agency: str, hour: int, now: int) -> int:
    """Makes the rows of an hour, one for each brand, from all its facts. Gives the number of rows that changed."""
    if hour < now - FOLDED_FOR:
        log.line("facts_too_late", agency=agency, hour=hour)
        log.count("facts_too_late")
        return 0
    by_brand: dict[str, list[Fact]] = {}
    for batch in table.query(Batch, keys.figures(agency), keys.facts(hour), consistent=True):
        for fact in folds.unpacked(agency, hour, batch.facts):
            by_brand.setdefault(fact.brand, []).append(fact)
    stored = table.many(Hour, [(keys.figures(agency, brand), keys.hour(hour)) for brand in by_brand])
    before = {row.pk: row for row in stored}
    replacing = [
        partial(_replace, agency, brand, theirs, before.get(keys.figures(agency, brand)))
        for brand, theirs in by_brand.items()
    ]
    return sum(together.each(replacing))


def _replace(agency: str, brand: str, facts: Sequence[Fact], before: Hour | None) -> bool:
    """Writes a brand's row from its facts. False if the row is the same already.

    The number of facts never falls. So a process that saw fewer facts does not overwrite one that saw more.
    """
    cells, number, hour = folds.fold(facts), len(folds.distinct(facts)), facts[0].hour
    if before and (before.facts > number or (before.facts == number and of(before) == cells)):
        return False
    row = Hour(
        keys.figures(agency, brand), keys.hour(hour), hour=hour, facts=number,
        cells=[[*cell, count] for cell, count in sorted(cells.items())],
        networks=_networks(agency, cells, before), expires=(hour + KEPT) // clock.SECOND,
    )  # fmt: skip
    return table.put(row, Hour.pk.does_not_exist() | (Hour.facts <= number))


def _networks(agency: str, cells: Cells, before: Hour | None) -> Mapping[str, str]:
    """The network of each channel, including channels that are disconnected now if the row had them before."""
    known = dict(before.networks) if before else {}
    places = [(agency, keys.noun(id)) for id in sorted({cell.channel for cell in cells} - known.keys())]
    return known | {channel.id: channel.network for channel in table.many(Channel, places)}


def of(row: Hour) -> Cells:
    """The counts of an hour, by cell."""
    return {Cell(*cell): count for *cell, count in row.cells}


def between(agency: str, brand: str, start: int, end: int, *, consistent: bool = False) -> Iterator[Hour]:
    """The rows of the hours that begin in that time (ms), the end not included, in their order."""
    first, last = keys.hour(start - 1), keys.hour(end)
    return table.query(Hour, keys.figures(agency, brand), keys.HOURS, after=first, before=last, consistent=consistent)
