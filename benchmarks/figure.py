"""A figure: what was measured, what it is measured against, and whether it is inside its target."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

LATEST = Path(__file__).with_name("latest.json")


@dataclass(frozen=True)
class Figure:
    """`floor` is in the same unit, `ratio` the value over it; both None where a figure has nothing below it."""

    name: str
    value: float
    unit: str
    floor: float | None
    ratio: float | None
    target: str
    ok: bool


def ratio(name: str, value: float, floor: float, most: float, unit: str = "ms") -> Figure:
    """A figure that may be at most so many times its floor."""
    found = value / floor
    return Figure(name, round(value, 3), unit, round(floor, 3), round(found, 3), f"<= {most:g}x", found <= most)


def limit(name: str, value: float, most: float, unit: str) -> Figure:
    """A figure that may be at most so much."""
    return Figure(name, round(value, 3), unit, None, None, f"<= {most:g} {unit}", value <= most)


def show(figures: Sequence[Figure]) -> None:
    """The figures as a table, for people."""
    table = Table("figure", "value", "floor", "ratio", "target", "", title="Palabre, measured")
    for one in figures:
        floor = "" if one.floor is None else f"{one.floor:g} {one.unit}"
        times = "" if one.ratio is None else f"{one.ratio:.2f}x"
        verdict = "[green]ok[/]" if one.ok else "[red]missed[/]"
        table.add_row(one.name, f"{one.value:g} {one.unit}", floor, times, one.target, verdict)
    Console(width=None if sys.stdout.isatty() else 150).print(table)


def keep(figures: Sequence[Figure]) -> None:
    """Write them to latest.json, in the place of those of the same name; others stay."""
    before = json.loads(LATEST.read_text())["figures"] if LATEST.exists() else []
    every = {one["name"]: one for one in [*before, *map(asdict, figures)]}
    LATEST.write_text(json.dumps({"figures": list(every.values())}, indent=1) + "\n")
