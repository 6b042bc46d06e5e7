"""Measures things side by side, in turns, so that whatever else the machine does affects both alike."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median

WARM_UP = 40
Work = Callable[[], object]


def side_by_side(subject: Work, floor: Work, rounds: int) -> tuple[float, float]:
    """The median CPU ms of each. Which goes first alternates; garbage is collected between turns, never within one."""
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(-WARM_UP, rounds):
        with _undisturbed():
            for which in (0, 1) if number % 2 else (1, 0):
                began = time.process_time()
                (subject, floor)[which]()
                seconds = time.process_time() - began
                if number >= 0:
                    taken[which].append(seconds * 1000)
    return median(taken[0]), median(taken[1])


def times(work: Work, rounds: int) -> list[float]:
    """How many ms each of so many rounds took, by the clock on the wall."""
    milliseconds = []
    with _undisturbed():
        for _ in range(rounds):
            began = time.perf_counter()
            work()
            milliseconds.append((time.perf_counter() - began) * 1000)
    return milliseconds


@contextmanager
def _undisturbed() -> Iterator[None]:
    gc.collect(0)
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
