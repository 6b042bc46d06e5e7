"""Ports of this machine for servers that another process starts.

A free port is reserved by the process that asked for it until that process ends. It is below the ports that systems
give to outgoing connections, so neither a connection nor another run takes it before its server listens.
"""

import fcntl
import os
import random
import socket
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

# Linux gives outgoing connections ports from 32768 on, others from 49152 on; well-known servers are mostly below 10000.
RANGE = range(10_000, 32_000)
_RESERVED: list[TextIO] = []


def free(among: Sequence[int] = RANGE, folder: Path | None = None) -> int:
    """A port where nothing listens and which no living process has reserved in that folder. SystemExit without any.

    The folder is by default one of the user's among the temporary files.
    """
    folder = folder or Path(tempfile.gettempdir()) / f"palabre-ports-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    for port in random.sample(among, len(among)):
        if _reserve(folder / str(port)):
            if _can_listen(port):
                return port
            _RESERVED.pop().close()
    raise SystemExit(f"No port from {min(among)} to {max(among)} is free on this machine.")


def in_use(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _reserve(file: Path) -> bool:
    lock = file.open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return False
    _RESERVED.append(lock)  # the system gives it back when this process ends, however it ends
    return True


def _can_listen(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
