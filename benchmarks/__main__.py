"""`make bench`: measures all figures, or those of the parts named, shows them and writes benchmarks/latest.json.

Ends with 1 if a target is missed. Whatever is started is ended again.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from benchmarks import (
    access,
    capacity,
    cold,
    cost,
    counters,
    counting,
    events,
    figure,
    finding,
    flow,
    kinds,
    lists,
    moderation,
    neighbours,
    parsing,
    paying,
    polling,
    reads,
    sockets,
    stand,
    webhooks,
    words,
    work,
)
from benchmarks.figure import Figure
from local import environment

ALONE: dict[str, Callable[[], list[Figure]]] = {
    "cold": cold.figures,
    "counters": counters.figures,
    "counting": counting.figures,
    "lists": lists.figures,
    "neighbours": neighbours.figures,
    "events": events.figures,
    "moderation": moderation.figures,
    "paying": paying.figures,
    "parsing": parsing.figures,
    "words": words.figures,
    "finding": finding.figures,
}
ON_STACK = {
    "cost": cost.figures,
    "access": access.figures,
    "reads": reads.figures,
    "polling": polling.figures,
    "capacity": capacity.figures,
    "kinds": kinds.figures,
    "work": work.figures,
    "sockets": sockets.figures,
    "webhooks": webhooks.figures,
    "flow": flow.figures,
}


def measured(parts: Sequence[str]) -> Iterator[Figure]:
    """The figures of those parts; cold starts are measured before anything else runs on this machine."""
    for part in [part for part in ALONE if part in parts]:
        yield from timed(part, ALONE[part])
    wanted = [part for part in ON_STACK if part in parts]
    if wanted:
        with stand.environ(environment.tools()), stand.stack() as stack:
            for part in wanted:
                yield from timed(part, partial(ON_STACK[part], stack))


def timed(part: str, measure: Callable[[], list[Figure]]) -> list[Figure]:
    """Measures a part, prints its name, how long it took and its figures, and keeps them."""
    print(f"  {part} ...", end="", flush=True)
    began = time.monotonic()
    figures = measure()
    figure.keep(figures)
    print(f" {time.monotonic() - began:.0f} s", flush=True)
    figure.show(figures)
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=[[], *ALONE, *ON_STACK], help="all of them if none is named")
    options = parser.parse_args()
    figures = list(measured(options.parts or [*ALONE, *ON_STACK]))
    return 0 if all(measurement.ok for measurement in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
