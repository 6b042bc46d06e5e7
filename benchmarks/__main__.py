"""`make bench`: every figure, each beside its floor, in a table and in latest.json. Exits 1 if one misses."""

import sys
import time
from collections.abc import Callable

from benchmarks import capacity, cold, cost, figure, flow, place
from benchmarks.figure import Figure


def main() -> int:
    """Measure it all on a stack of its own, which is gone afterwards."""
    found = step("Cold starts", cold.figures)
    with place.stack() as stack:
        found += step("CPU beside the bare calls", lambda: cost.figures(stack))
        found += step("Units, and whether they grow", lambda: capacity.figures(stack))
        found += step(f"{flow.RATE} webhooks a second", lambda: flow.figures(stack))
    figure.keep(found)
    figure.show(found)
    return 0 if all(one.ok for one in found) else 1


def step(title: str, measure: Callable[[], list[Figure]]) -> list[Figure]:
    """Measure, showing what and how long."""
    print(f"  {title} ...", end="", flush=True)
    began = time.monotonic()
    found = measure()
    print(f" {time.monotonic() - began:.0f} s", flush=True)
    return found


if __name__ == "__main__":
    sys.exit(main())
