"""`make recount`: counts the conversations of an agency's brands anew, after its table was restored or changed by hand.

Until then its counts may be wrong, and its inbox may leave out brands. It waits for what moves meanwhile.
"""

import argparse
import re
import sys
import time
from collections.abc import Iterator

from local.stage import LOCAL, stage_named

PAUSE_SECONDS = 61.0


def main(stage_name: str, agency: str) -> int:
    if not re.fullmatch(r"agc_[0-9a-z]{1,60}", agency):
        raise SystemExit("Say whose: make recount AGENCY=agc_...")
    stage_named(stage_name).enter()
    for brand in _brands(agency):
        print(f"  {brand} ...", end="", flush=True)
        while not _is_counted(agency, brand):
            print(" busy ...", end="", flush=True)
            time.sleep(PAUSE_SECONDS)
        print(" counted", flush=True)
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


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", dest="stage_name", default=LOCAL)
    parser.add_argument("--agency", required=True, help="its id, agc_...")
    sys.exit(main(**vars(parser.parse_args())))
