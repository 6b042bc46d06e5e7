"""Several reads of the table at once, each in a thread of its own, and all inside the caller's fence.

The functions given here may use the store. They must not use the web request, which belongs to the caller's thread.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")
MOST = 8  # the store's client keeps ten connections


def each(reads: Sequence[Callable[[], T]]) -> list[T]:
    """Calls the functions, at most eight at a time, and gives their results in the same order.

    If some fail, raises the error of the first of them in that order; those that have not begun by then are not called.
    """
    if len(reads) < 2:
        return [read() for read in reads]
    with ThreadPoolExecutor(min(MOST, len(reads))) as threads:
        begun = [threads.submit(copy_context().run, read) for read in reads]
        try:
            return [reading.result() for reading in begun]
        except BaseException:
            threads.shutdown(cancel_futures=True)
            raise
