"""`make recount`: counts the conversations of an agency's brands again, after its table was restored or changed by
hand.

It also counts what the agency has in use, and the messages of the last forty days, for figures and usage. Until then an
agency's counts may be wrong, and its inbox may leave out brands. People may work on: a count that moves meanwhile is
left as it is and checked again, until each count had a minute in which it did not move.
"""

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Any

from local.stage import LOCAL, stage_named

PAUSE_SECONDS = 61.0


def main(stage_name: str, agency: str) -> int:
    if not re.fullmatch(r"agc_[0-9a-z]{1,60}", agency):
        raise SystemExit("Say whose: make recount AGENCY=agc_...")
    stage_named(stage_name).enter()
    from chalicelib import clock

    print(f"  in use: {in_use(agency)}", flush=True)
    brands = list(_brands(agency))
    for brand in brands:
        print(f"  {brand} ...", end="", flush=True)
        while not _is_counted(agency, brand):
            print(" busy ...", end="", flush=True)
            time.sleep(PAUSE_SECONDS)
        print(" counted", flush=True)
    print(f"  {_figures(agency, brands)}", flush=True)
    for line in tallies(agency, brands, clock.now, partial(time.sleep, PAUSE_SECONDS)):
        print(f"  {line}", flush=True)
    return 0


def in_use(agency: str) -> str:
    """Counts seats, brands and channels, and corrects the stored numbers."""
    from chalicelib.plans import holdings
    from chalicelib.store import fence, keys, table
    from chalicelib.store.models.brands import Brand
    from chalicelib.store.models.channels import Channel
    from chalicelib.store.models.people import Member
    from chalicelib.store.models.plans import StoredHoldings as Holdings

    with fence.within(agency):
        while True:
            before = table.get(Holdings, agency, keys.HOLDINGS)
            there = {
                "seats": sum(
                    holdings.seats(member.grants)
                    for member in table.query(Member, agency, "member#", consistent=True)
                    if not member.suspended_at
                ),
                "brands": sum(not brand.archived_at for brand in table.query(Brand, agency, "brand#", consistent=True)),
                "channels": sum(1 for _ in table.query(Channel, agency, keys.CHANNELS, consistent=True)),
            }
            words = ", ".join(f"{number} {name}" for name, number in there.items())
            if before and there == {name: getattr(before, name) for name in there}:
                return f"{words}, as counted"
            unmoved: table.Condition = Holdings.pk.does_not_exist()
            if before:
                unmoved = (
                    _is_still(Holdings.seats, before.seats)
                    & _is_still(Holdings.brands, before.brands)
                    & _is_still(Holdings.channels, before.channels)
                )
            if table.put(Holdings(agency, keys.HOLDINGS, **there), unmoved):
                return f"{words}, mended"


def _is_still(attribute: Any, number: int) -> Any:
    """The condition that the stored number has not moved; what was never counted has no attribute, and reads as 0."""
    return attribute == number if number else (attribute == 0) | attribute.does_not_exist()


def _brands(agency: str) -> Iterator[str]:
    from chalicelib.access import actors
    from chalicelib.brands import brands
    from chalicelib.store import fence

    with fence.within(agency):
        yield from brands.scope(actors.system(agency), None)


def _is_counted(agency: str, brand: str) -> bool:
    from chalicelib import clock
    from chalicelib.store import fence, recount

    with fence.within(agency):
        return recount.recount(agency, brand, clock.now())


def _figures(agency: str, brands: Collection[str]) -> str:
    from chalicelib import clock
    from chalicelib.figures import rebuilding
    from chalicelib.store import fence

    with fence.within(agency):
        number, changed = rebuilding.rebuild(agency, brands, clock.now())
    return f"{number} hours of messages; of {changed} hours of a brand the count was not right"


def tallies(agency: str, brands: Collection[str], now: Callable[[], int], rest: Callable[[], object]) -> Iterator[str]:
    """Confirms or corrects all tallies of the brands. Gives a line about each round; `rest` is
    called between rounds.
    """
    from chalicelib.events import recounts
    from chalicelib.store import fence

    known: set[tuple[str, str]] = set()
    left = set(brands)
    while left:
        with fence.within(agency):
            looks = [recounts.look(agency, brand, now()) for brand in sorted(left)]
        rest()
        with fence.within(agency):
            outcomes = {place: outcome for look in looks for place, outcome in recounts.settle(look).items()}
        news = {place: outcome for place, outcome in outcomes.items() if place not in known}
        known |= {place for place, outcome in news.items() if outcome != "moving"}
        left = {brand for (brand, _), outcome in news.items() if outcome == "moving"}
        numbers = Counter(news.values())
        yield f"tallies: {numbers['equal']} right, {numbers['mended']} mended, {numbers['moving']} moving"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", dest="stage_name", default=LOCAL)
    parser.add_argument("--agency", required=True, help="its id, agc_...")
    sys.exit(main(**vars(parser.parse_args())))
