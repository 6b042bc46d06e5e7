"""`make recount`: counts the conversations of an agency's brands anew, after its table was restored or changed by hand.

It also counts the messages of the last forty days anew, for figures and usage. Until then an agency's counts may be
wrong, and its inbox may leave out brands. People may work on: what moves meanwhile is left
as it is and looked at again, until each count had a minute in which it did not move.
"""

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from functools import partial

from local.stage import LOCAL, stage_named

PAUSE_SECONDS = 61.0


def main(stage_name: str, agency: str) -> int:
    if not re.fullmatch(r"agc_[0-9a-z]{1,60}", agency):
        raise SystemExit("Say whose: make recount AGENCY=agc_...")
    stage_named(stage_name).enter()
    from chalicelib import clock

    brands = list(_brands(agency))
    for brand in brands:
        print(f"  {brand} ...", end="", flush=True)
        while not _is_counted(agency, brand):
            print(" busy ...", end="", flush=True)
            time.sleep(PAUSE_SECONDS)
        print(" counted", flush=True)
    for brand in brands:
        print(f"  {brand}: {_figures(agency, brand)}", flush=True)
    for line in tallies(agency, brands, clock.now, partial(time.sleep, PAUSE_SECONDS)):
        print(f"  {line}", flush=True)
    return 0


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


def _figures(agency: str, brand: str) -> str:
    from chalicelib import clock
    from chalicelib.figures import rebuilding
    from chalicelib.store import fence

    with fence.within(agency):
        found, changed = rebuilding.rebuild(agency, brand, clock.now())
    return f"{found} hours of messages, {changed} of them were not counted right"


def tallies(agency: str, brands: Collection[str], now: Callable[[], int], rest: Callable[[], object]) -> Iterator[str]:
    """Proves or mends all tallies of the brands. Gives a line about each turn, between which there is a `rest`."""
    from chalicelib.events import recounts
    from chalicelib.store import fence

    known: set[tuple[str, str]] = set()
    left = set(brands)
    while left:
        with fence.within(agency):
            looks = [recounts.look(agency, brand, now()) for brand in sorted(left)]
        rest()
        with fence.within(agency):
            outcomes = {place: one for look in looks for place, one in recounts.settle(look).items()}
        news = {place: one for place, one in outcomes.items() if place not in known}
        known |= {place for place, one in news.items() if one != "moving"}
        left = {brand for (brand, _), one in news.items() if one == "moving"}
        numbers = Counter(news.values())
        yield f"tallies: {numbers['equal']} right, {numbers['mended']} mended, {numbers['moving']} moving"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", dest="stage_name", default=LOCAL)
    parser.add_argument("--agency", required=True, help="its id, agc_...")
    sys.exit(main(**vars(parser.parse_args())))
