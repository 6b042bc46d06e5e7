"""Several reads of the table at once, each in a thread of its own, and all inside the caller's fence.

The functions given here may use the store. They must not use the web request, which belongs to the caller's thread. The
threads are kept: to begin one for each read costs as much as a small read.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import ContextVar, copy_context
from functools import cache
from typing import TypeVar

T = TypeVar("T")
MOST = 8  # the store's client keeps ten connections
_is_inside: ContextVar[bool] = ContextVar("_is_inside", default=False)


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(MOST)


def each(reads: Sequence[Callable[[], T]]) -> list[T]:
    """Calls the functions, at most eight at a time, and returns their results in the same order.

    If some fail, raises the error of the first of them in that order; functions that have not begun by then are not
    called. A call inside such a function runs its own functions one by one: else all threads might wait for a free one.
    """
    if len(reads) < 2 or _is_inside.get():
        return [read() for read in reads]
    begun = [_threads().submit(copy_context().run, _inside, read) for read in reads]
    try:
        return [reading.result() for reading in begun]
    except BaseException:
        _end(begun)
        raise


def _inside(read: Callable[[], T]) -> T:
    _is_inside.set(True)  # in the context of this call alone
    return read()


def _end(begun: Sequence[Future[T]]) -> None:
    for reading in begun:
        reading.cancel()
    wait(begun)
