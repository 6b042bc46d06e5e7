"""`make audit`: walks the whole audit of an agency and proves its chain; ends with 1 where it does not hold."""

import argparse
import re
import sys
from collections.abc import Mapping
from typing import Any

from local import place


def main(stage: str, agency: str) -> int:
    """Prove it link by link, saying how far it got."""
    if not re.fullmatch(r"agc_[0-9a-z]{1,60}", agency):
        raise SystemExit("Say whose: make audit AGENCY=agc_...")
    place.of(stage).enter()
    found = _walked(agency)
    if found["broken_at"]:
        print(f"  The chain breaks at link {found['broken_at']}: what it tells from there on was touched.")
        return 1
    print(f"  The chain holds: {found['sealed']} entries, each as it was written; {found['waiting']} not sealed yet.")
    return 0


def _walked(agency: str) -> Mapping[str, Any]:
    from chalicelib.insight import chain
    from chalicelib.store import fence

    with fence.within(agency):
        found = chain.verify(agency)
        while found["intact"] and found["last"]:
            print(f"  {found['sealed']} ...", flush=True)
            found = chain.verify(agency, *found["last"])
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", default=place.LOCAL)
    parser.add_argument("--agency", required=True, help="its id, agc_...")
    sys.exit(main(**vars(parser.parse_args())))
