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
    """`floor` is in the same unit, `ratio` is the value divided by it; both are None for a figure without a floor."""

    name: str
    value: float
    unit: str
    floor: float | None
    ratio: float | None
    target: str
    ok: bool


def ratio(name: str, value: float, floor: float, most: float, unit: str = "ms") -> Figure:
    """A figure that may be at most so many times its floor."""
    times = value / floor
    return Figure(name, round(value, 3), unit, round(floor, 3), round(times, 3), f"<= {most:g}x", times <= most)


def limit(name: str, value: float, most: float, unit: str) -> Figure:
    """A figure that may be at most so much."""
    return Figure(name, round(value, 3), unit, None, None, f"<= {most:g} {unit}", value <= most)


def show(figures: Sequence[Figure]) -> None:
    """The figures as a table, for people."""
    table = Table("figure", "value", "floor", "ratio", "target", "", title="Palabre, measured")
    for figure in figures:
        floor = "" if figure.floor is None else f"{figure.floor:g} {figure.unit}"
        times = "" if figure.ratio is None else f"{figure.ratio:.2f}x"
        verdict = "[green]ok[/]" if figure.ok else "[red]missed[/]"
        table.add_row(figure.name, f"{figure.value:g} {figure.unit}", floor, times, figure.target, verdict)
    Console(width=None if sys.stdout.isatty() else 150).print(table)


def keep(figures: Sequence[Figure]) -> None:
    """Writes them to latest.json, where each replaces the figure of the same name."""
    before = json.loads(LATEST.read_text())["figures"] if LATEST.exists() else []
    by_name = {entry["name"]: entry for entry in [*before, *map(asdict, figures)]}
    LATEST.write_text(json.dumps({"figures": list(by_name.values())}, indent=1) + "\n")
