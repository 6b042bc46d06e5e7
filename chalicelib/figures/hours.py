"""The hours of a brand: facts are stored as they are told, and folded into a row for each hour.

Nothing is ever added to a number. A batch of facts is put whole under a name that follows from its facts; an hour's row
is put whole, made of all its facts. So whoever dies, repeats or comes late leaves nothing wrong behind.
"""

import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping

from chalicelib import clock, log
from chalicelib.figures import folds
from chalicelib.figures.facts import Cell, Fact
from chalicelib.figures.folds import Cells
from chalicelib.store import due, keys, table
from chalicelib.store.models.channels import Channel
from chalicelib.store.models.figures import Batch, Hour

EVERY = 5 * clock.MINUTE  # so often an hour in which something happens is folded
FACTS_KEPT = 45 * clock.DAY
FOLDED_FOR = 40 * clock.DAY  # later some of an hour's facts may be gone
KEPT = 25 * 31 * clock.DAY
DUE = "fold"
MOST_FACTS = 1_000  # of an item
_MOST_RACES = 8


def keep(told: Collection[Fact]) -> None:
    """Stores facts of one agency: a batch or a few for each brand and hour of them. A repeat does nothing."""
    for (agency, brand, hour), theirs in _by_hour(told).items():
        for start in range(0, len(theirs), MOST_FACTS):
            portion = theirs[start : start + MOST_FACTS]
            batch = Batch(
                keys.figures(agency, brand), keys.facts(hour, folds.name(portion)), facts=folds.packed(portion),
                expires=(hour + FACTS_KEPT) // clock.SECOND,
            )  # fmt: skip
            table.put(batch)


def ask(told: Iterable[Fact], now: int) -> None:
    """Has the hours of these facts folded within the next five minutes: once for all that is told until then."""
    for agency, brand, hour in _by_hour(told):
        due.ask(agency, _turn(brand, now), DUE, f"{brand}/{hour}")


def _turn(brand: str, now: int) -> int:
    """The brand's next turn: the turns of all brands are spread over the minutes."""
    late = zlib.crc32(brand.encode()) % (EVERY // clock.MINUTE) * clock.MINUTE
    return (now - late) // EVERY * EVERY + EVERY + late


def _by_hour(told: Iterable[Fact]) -> dict[tuple[str, str, int], list[Fact]]:
    groups: dict[tuple[str, str, int], list[Fact]] = {}
    for fact in told:
        groups.setdefault((fact.agency, fact.brand, fact.hour), []).append(fact)
    return groups


def target(text: str) -> tuple[str, int]:
    """The brand and the hour that a fold was asked for."""
    brand, _, hour = text.partition("/")
    return brand, int(hour)


def fold(agency: str, brand: str, hour: int, now: int) -> bool:
    """Makes the row of an hour of all its facts. Gives True if it is another than before.

    The row is read before the facts are, and is replaced only if nobody replaced it meanwhile: so nobody who saw fewer
    facts comes after somebody who saw more.
    """
    if hour < now - FOLDED_FOR:
        log.line("facts_too_late", brand=brand, hour=hour)
        log.count("facts_too_late")
        return False
    pk = keys.figures(agency, brand)
    for _ in range(_MOST_RACES):
        before = table.get(Hour, pk, keys.hour(hour))
        cells = folds.fold(_facts(agency, brand, hour))
        if cells == (of(before) if before else {}):
            return False
        row = Hour(
            pk, keys.hour(hour), hour=hour, cells=[[*cell, count] for cell, count in sorted(cells.items())],
            networks=_networks(agency, cells, before), revision=before.revision + 1 if before else 1,
            expires=(hour + KEPT) // clock.SECOND,
        )  # fmt: skip
        unchanged = Hour.revision == before.revision if before else Hour.pk.does_not_exist()
        if table.put(row, unchanged):
            return True
    raise RuntimeError("an hour is folded by too many at once")


def _facts(agency: str, brand: str, hour: int) -> Iterator[Fact]:
    for batch in table.query(Batch, keys.figures(agency, brand), keys.facts(hour), consistent=True):
        yield from folds.unpacked(agency, brand, hour, batch.facts)


def _networks(agency: str, cells: Cells, before: Hour | None) -> Mapping[str, str]:
    """The network of each channel, also of one that is disconnected by now if it was known before."""
    known = dict(before.networks) if before else {}
    places = [(agency, keys.noun(id)) for id in sorted({cell.channel for cell in cells} - known.keys())]
    return known | {channel.id: channel.network for channel in table.many(Channel, places)}


def of(row: Hour) -> Cells:
    """What there was in the hour."""
    return {Cell(*cell): count for *cell, count in row.cells}


def between(agency: str, brand: str, start: int, end: int, *, consistent: bool = False) -> Iterator[Hour]:
    """The rows of the hours that begin in that time (ms), the end not included, in their order."""
    first, last = keys.hour(start - 1), keys.hour(end)
    return table.query(Hour, keys.figures(agency, brand), keys.HOURS, after=first, before=last, consistent=consistent)
