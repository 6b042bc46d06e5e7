"""Origins whose pages the stack expects, and where it may post webhooks. One test at a time has each."""

import fcntl
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from local.cloud import ORIGINS, in_use

_PATIENCE_SECONDS = 120


@contextmanager
def taken(among: str = ORIGINS) -> Iterator[str]:
    """One of them at which nobody is, kept from other processes' tests until the end. Waits two minutes at most."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < end:
        for origin in among.split(","):
            with Path(tempfile.gettempdir(), f"palabre-origin-{port_of(origin)}.lock").open("w") as lock:
                if _is_ours(lock) and not in_use(port_of(origin)):
                    yield origin
                    return
        time.sleep(0.2)
    raise TimeoutError(f"Something listens at each of {among}.")


def _is_ours(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def port_of(origin: str) -> int:
    return urlsplit(origin).port or 80
