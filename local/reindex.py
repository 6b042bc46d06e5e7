"""`make reindex`: makes an agency's search index again from its messages and contacts, and checks it.

For an agency that is older than search, after its table was restored, or if the index was too far behind. It prints
what was wrong. People may work on; what happens meanwhile is indexed as usual.
"""

import argparse
import re
import sys
import tempfile
from pathlib import Path

from local.stage import LOCAL, stage_named


def main(stage_name: str, agency: str) -> int:
    if not re.fullmatch(r"agc_[0-9a-z]{1,60}", agency):
        raise SystemExit("Say whose: make reindex AGENCY=agc_...")
    stage_named(stage_name).enter()
    from chalicelib import clock
    from chalicelib.access import actors
    from chalicelib.brands import brands
    from chalicelib.store import fence
    from chalicelib.texts import choices, rebuilding

    with fence.within(agency), tempfile.TemporaryDirectory() as folder:
        every = brands.scope(actors.system(agency), None)
        is_right = rebuilding.rebuild(
            agency, choices.index(), every, Path(folder), clock.now(), lambda line: print(f"  {line}", flush=True)
        )
    print("  done" if is_right else "  somebody else wrote meanwhile: run it again", flush=True)
    return 0 if is_right else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", dest="stage_name", default=LOCAL)
    parser.add_argument("--agency", required=True, help="its id, agc_...")
    sys.exit(main(**vars(parser.parse_args())))
