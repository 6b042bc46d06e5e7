"""Reads made together: each waits for the network on its own, and all are inside the fence of whoever asks.

What is read so may use the store and nothing of the web request, which belongs to the thread that serves it.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")
MOST = 8  # the store's client keeps ten connections


def each(reads: Sequence[Callable[[], T]]) -> list[T]:
    """What each of them gives, in their order; raises the error of the first that failed, and begins no further one."""
    if len(reads) < 2:
        return [read() for read in reads]
    with ThreadPoolExecutor(min(MOST, len(reads))) as threads:
        begun = [threads.submit(copy_context().run, read) for read in reads]
        try:
            return [reading.result() for reading in begun]
        except BaseException:
            threads.shutdown(cancel_futures=True)
            raise
