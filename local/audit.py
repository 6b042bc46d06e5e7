"""`make audit`: verifies the whole audit of an agency and its chain; exits with 1 if the chain does not hold."""

import argparse
import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from local.stage import LOCAL, stage_named

if TYPE_CHECKING:
    from chalicelib.insight.proof import Proof


def main(stage_name: str, agency: str) -> int:
    if not re.fullmatch(r"agc_[0-9a-z]{1,60}", agency):
        raise SystemExit("Say whose: make audit AGENCY=agc_...")
    stage_named(stage_name).enter()
    waiting = 0
    for part in _parts(agency):
        waiting += part.waiting
        if part.broken_at:
            print(f"  The chain breaks at link {part.broken_at}: what it tells up to there was touched.")
        elif part.overdue:
            print(f"  Entries were never sealed: {', '.join(part.overdue)}.")
        if not part.is_intact:
            return 1
        print(f"  {part.sealed} ...", flush=True)
    print(f"  The chain holds: {part.sealed} entries, each as it was written; {waiting} not sealed yet.")
    return 0


def _parts(agency: str) -> Iterator["Proof"]:
    from chalicelib import clock
    from chalicelib.insight import proof
    from chalicelib.store import fence

    position: proof.Position | None = proof.START
    with fence.within(agency):
        while position:
            part = proof.verify(agency, clock.now(), position)
            yield part
            position = part.next


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", dest="stage_name", default=LOCAL)
    parser.add_argument("--agency", required=True, help="its id, agc_...")
    sys.exit(main(**vars(parser.parse_args())))
