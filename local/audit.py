"""`make audit`: walks the whole audit of an agency and proves its chain; ends with 1 where it does not hold."""

import argparse
import re
import sys
from collections.abc import Mapping
from typing import Any

from local.stage import LOCAL, stage_named


def main(stage_name: str, agency: str) -> int:
    if not re.fullmatch(r"agc_[0-9a-z]{1,60}", agency):
        raise SystemExit("Say whose: make audit AGENCY=agc_...")
    stage_named(stage_name).enter()
    verification = _verification(agency)
    if verification["broken_at"]:
        print(f"  The chain breaks at link {verification['broken_at']}: what it tells from there on was touched.")
        return 1
    sealed, waiting = verification["sealed"], verification["waiting"]
    print(f"  The chain holds: {sealed} entries, each as it was written; {waiting} not sealed yet.")
    return 0


def _verification(agency: str) -> Mapping[str, Any]:
    """Verifies part by part, printing how far it got; gives the last verification, which covers all before it."""
    from chalicelib.insight import chain
    from chalicelib.store import fence

    with fence.within(agency):
        verification = chain.verify(agency)
        while verification["intact"] and verification["last"]:
            print(f"  {verification['sealed']} ...", flush=True)
            verification = chain.verify(agency, *verification["last"])
    return verification


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", dest="stage_name", default=LOCAL)
    parser.add_argument("--agency", required=True, help="its id, agc_...")
    sys.exit(main(**vars(parser.parse_args())))
