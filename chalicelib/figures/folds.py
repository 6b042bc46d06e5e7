"""Adds up the facts of an hour. Pure: order, repeats and the division into batches make no difference."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chalicelib import ids
from chalicelib.figures.facts import Cell, Fact

Row = Sequence[Any]
Cells = Mapping[Cell, int]
MOST_CELLS = 5_000


def distinct(facts: Iterable[Fact]) -> dict[tuple[str, str], Fact]:
    """Every fact once, by its kind and id."""
    known: dict[tuple[str, str], Fact] = {}
    for fact in facts:
        key = fact.cell.kind, fact.id
        if key not in known or (known[key].cell, known[key].amount) < (fact.cell, fact.amount):
            known[key] = fact  # the same fact in two readings, of two versions of this code: the greater, by any order
    return known


def fold(facts: Iterable[Fact]) -> Cells:
    """The sum in each cell, every fact counted once. All facts are of one brand and hour."""
    known = distinct(facts)
    gone = {id for kind, id in known if kind == "gone"}
    counts: Counter[Cell] = Counter()
    for (kind, id), fact in known.items():
        if kind != "gone" and not (kind == "echo" and id in gone):
            counts[fact.cell] += fact.amount
    return _coarse(counts)


def _coarse(counts: Mapping[Cell, int]) -> Cells:
    """The counts, unless there are more than an hour's row has room for: then without surfaces, sources and quarters.

    The sums of each channel stay right; they count for the day on which the hour began.
    """
    if len(counts) <= MOST_CELLS:
        return counts
    coarse: Counter[Cell] = Counter()
    for cell, count in counts.items():
        coarse[cell._replace(surface="", source="", quarter=0)] += count
    return coarse


def packed(facts: Iterable[Fact]) -> list[Row]:
    """The facts of one agency and hour in stored form: by brand and cell, each id with its amount."""
    cells: dict[tuple[str, Cell], dict[str, int]] = {}
    for fact in sorted(facts, key=lambda fact: (fact.brand, fact.cell, fact.id)):
        cells.setdefault((fact.brand, fact.cell), {})[fact.id] = fact.amount
    return [[brand, *cell, amounts] for (brand, cell), amounts in cells.items()]


def unpacked(agency: str, hour: int, rows: Iterable[Row]) -> list[Fact]:
    return [
        Fact(agency, brand, hour, Cell(*cell), id, amount)
        for brand, *cell, amounts in rows
        for id, amount in amounts.items()
    ]


def name(facts: Iterable[Fact]) -> str:
    """The name of a batch, which follows from its facts alone, so the same batch replaces itself
    when it is repeated.
    """
    return ids.digest(*sorted({f"{fact.cell.kind} {fact.id}" for fact in facts}))
