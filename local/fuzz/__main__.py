"""`make fuzz`: sends the running stack what the API's document allows and forbids, as an owner and as a client."""

import argparse
import sys
import time

from local.fuzz import runs
from local.stage import here

LEAST_FINE = 0.5  # with less, too much of what could be found behind the first check is not looked at


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=50_000, help="about how many")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    began = time.monotonic()
    stack = here()
    owner, client = runs.askers(stack, given.seed)
    receiver = f"{stack['double']}/receivers/fuzz"
    known: set[tuple[str, str, str]] = set()

    def progress(operation: str) -> None:
        """Prints new findings after each operation, so that a long run that is stopped has not printed nothing."""
        print(
            f"{time.monotonic() - began:5.0f} s {owner.asked + client.asked:6} asked, now {operation}", file=sys.stderr
        )
        for finding in (owner.told.findings.keys() | client.told.findings.keys()) - known:
            print(": ".join(finding), file=sys.stderr)
            known.add(finding)

    runs.play(owner, client, given.requests, receiver=receiver, number=given.seed, edges=True, progress=progress)
    for asker in (owner, client):
        print(runs.summary(asker))
    share = runs.fine([owner, client])
    print(f"{share:.0%} of what was not at an edge was done, after {time.monotonic() - began:.0f} s")
    sys.exit(share < LEAST_FINE or any(asker.told.findings for asker in (owner, client)))


if __name__ == "__main__":
    main()
