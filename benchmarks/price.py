"""`make cost`: what messages, pages, replies and approvals cost on AWS, and which limit comes first.

From the units that `make bench` measured (benchmarks/latest.json) and list prices (benchmarks/prices.yaml). Needs no
AWS account and no stack.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

from benchmarks import bill
from benchmarks.bill import Limit
from benchmarks.figure import LATEST
from local import alarms, infra

Json = Mapping[str, Any]
PRICES = Path(__file__).with_name("prices.yaml")
WORKS = ("message", "long message", "message with a deadline", "page", "reply", "approval")
RATES = (1, 100, 10_000)
TELLING = "on_event: "  # what the lane takes: it is not in the first target, which is older
# For a million messages: one by one without telling of them, one by one with it, and in tens with it.
UNTOLD, ALONE, IN_TENS = 9.0, 12.0, 9.0


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.price", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--prices", type=Path, default=PRICES, help="list prices and limits (%(default)s)")
    parser.add_argument("--figures", type=Path, default=LATEST, help="what was measured (%(default)s)")
    options = parser.parse_args()
    data: Json = yaml.safe_load(options.prices.read_text())
    figures = json.loads(options.figures.read_text())["figures"]
    measured = {work: bill.used(figures, work) for work in WORKS}
    table = infra.table()
    fixed = bill.fixed(data, len(table["queues"]), len(alarms.alarms(table)), len(table["counters"]))
    shares = {name: function["reserved"] for name, function in table["functions"].items()}
    console = Console(width=None if sys.stdout.isatty() else 150)
    console.print(of_a_million(measured, data))
    console.print(of_a_month(measured["message"], fixed, data))
    console.print(of_limits(bill.limits(measured, data, shares)))
    return 0 if all(cost <= target for cost, target in of_messages(measured["message"], data)) else 1


def of_messages(message: bill.Used, data: Json) -> list[tuple[float, float]]:
    """What a million messages cost, each with its target."""
    kinds = ((untold(message), 1, UNTOLD), (message, 1, ALONE), (message, 10, IN_TENS))
    return [(sum(bill.lines(used, data, together).values()), target) for used, together, target in kinds]


def untold(message: bill.Used) -> bill.Used:
    """What a message takes without the lane."""
    return {name: value for name, value in message.items() if not name.startswith(TELLING)}


def of_a_million(measured: Mapping[str, bill.Used], data: Json) -> Table:
    """A line per thing that is paid for, a column per kind of work."""
    batch = data["assumed"]["in_a_batch"]
    bills = {work: bill.lines(used, data) for work, used in measured.items()}
    bills[f"message, {batch} in a batch"] = bill.lines(measured["message"], data, batch)
    bills["message, not told of"] = bill.lines(untold(measured["message"]), data)
    title = f"USD for a million: list prices of {data['region']}, looked up {data['checked']}"
    table = Table("", *bills, title=title)
    for part in bills["message"]:
        table.add_row(part, *(_money(lines[part]) for lines in bills.values()))
    table.add_section()
    table.add_row("together", *(f"{sum(lines.values()):.2f}" for lines in bills.values()))
    return table


def of_a_month(message: bill.Used, fixed: Mapping[str, float], data: Json) -> Table:
    """What is paid a month for so many messages a second, all day and night."""
    alone, batched = (sum(bill.lines(message, data, n).values()) for n in (1, data["assumed"]["in_a_batch"]))
    caption = ", ".join(f"{name} {usd:.2f}" for name, usd in fixed.items())
    always = sum(fixed.values())
    table = Table("messages a second", "a month", "USD a month", "of which fixed", title="A month", caption=caption)
    for rate in RATES:
        millions = rate * bill.SECONDS_A_MONTH / bill.MILLION
        costs = f"{always + millions * batched:,.0f} to {always + millions * alone:,.0f}"
        table.add_row(f"{rate:,}", f"{millions:,.1f} million", costs, f"{always:.2f}")
    return table


def of_limits(limits: Sequence[Limit]) -> Table:
    """Where each part ends, and what becomes of what is more."""
    rates = [f"{rate:,} a second" for rate in RATES]
    table = Table("part", "of", "ends at, a second", *rates, "then", title="What ends first")
    for limit in limits:
        fits = ["fits" if rate <= limit.reached else "[red]ends[/]" for rate in RATES]
        shown = fits if limit.work == "message" else [""] * len(RATES)
        table.add_row(limit.part, limit.of, f"{limit.reached:,.0f} {_plural(limit.work)}", *shown, limit.then)
    return table


def _money(usd: float) -> str:
    return f"{usd:.2f}" if usd >= 0.005 else ""


def _plural(work: str) -> str:
    return "replies" if work == "reply" else f"{work}s"


if __name__ == "__main__":
    sys.exit(main())
