"""`make reset`: sets the data of the running stack back to the start. People's accounts and the deployed code stay."""

import time

from local import billing, run, week
from local.cloud import Platform
from local.stage import here


def main() -> None:
    """Empties the table and the bucket, then founds the agencies again and plays their week."""
    platform = Platform.running(here())
    platform.find()
    run.step("Emptying the table and the bucket", platform.empty)
    stack = run.step("Making two agencies with a channel on every network", platform.seed)
    run.step("Buying a plan for the first agency", lambda: billing.buy(stack))
    run.step("Letting a week happen", lambda: week.fill(stack))
    run.publish(stack)
    print("\nThe agencies are new; tokens and ids are in .local/stack.json, as before.")


if __name__ == "__main__":
    began = time.monotonic()
    main()
    print(f"Done after {time.monotonic() - began:.0f} s.")
