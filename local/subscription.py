"""`make subscription`: shows an agency's subscription, forgives its lost disputes, or ends it at once."""

import argparse
import re
import sys
from collections.abc import Callable, Mapping
from typing import Any

from local.stage import LOCAL, stage_named


def main(stage_name: str, agency: str, verb: str) -> int:
    if not re.fullmatch(r"agc_[0-9a-z]{1,60}", agency):
        raise SystemExit("Say whose: make subscription AGENCY=agc_...")
    stage_named(stage_name).enter()
    from chalicelib import clock
    from chalicelib.billing import operators, refreshes
    from chalicelib.plans import records
    from chalicelib.store import fence

    verbs: Mapping[str, Callable[..., Any]] = {"clear": operators.clear, "end": operators.end}
    with fence.within(agency):
        now = clock.now()
        known = records.of(records.load(agency, now))
        if verb != "show":
            known = verbs[verb](agency, now, refreshes.client())
    for line in _lines(known):
        print(f"  {line}")
    return 0


def _lines(known: Any) -> list[str]:
    contract = known.contract
    disputes = ", ".join(f"{id} {status}" for id, status in sorted(known.disputes.items())) or "none"
    return [
        f"state      {known.state}, {known.level}" + (f" because of {known.reason}" if known.reason else ""),
        f"plan       {known.plan}" + (f", by the {contract.interval}, {contract.status}" if contract else ""),
        f"customer   {known.customer or 'none'}",
        f"disputes   {disputes}",
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", dest="stage_name", default=LOCAL)
    parser.add_argument("--agency", required=True, help="its id, agc_...")
    parser.add_argument("verb", nargs="?", default="show", choices=("show", "clear", "end"))
    sys.exit(main(**vars(parser.parse_args())))
