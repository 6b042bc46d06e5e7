"""Origins whose pages the stack expects, and where it may post webhooks. One test of this machine at a time has one."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from local.cloud import ORIGINS
from local.ports import in_use


@contextmanager
def taken(among: str = ORIGINS) -> Iterator[str]:
    """One of them at which nobody is. Waits for the test of another process that has one; StopIteration without any."""
    ports = [str(port_of(origin)) for origin in among.split(",")]
    with Path(tempfile.gettempdir(), f"palabre-{os.getuid()}-{'-'.join(ports)}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # let go when the file is closed, even by who dies
        yield next(origin for origin in among.split(",") if not in_use(port_of(origin)))


def port_of(origin: str) -> int:
    return urlsplit(origin).port or 80
