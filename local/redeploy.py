"""`make redeploy`: deploys the folder's present content to the running stack at once; its data stays."""

import time

from local.cloud import Platform
from local.stage import here


def main() -> None:
    platform = Platform.running(here())
    print("  Packaging and deploying ...", end="", flush=True)
    began = time.monotonic()
    platform.deploy()
    print(f" {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
