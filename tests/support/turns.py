"""Networks take turns in journeys that are the same for all: a third of them plays a journey, others play the next.

What differs between networks is tried on all without the stack, by tests of their contract. With THOROUGH, all play.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, Protocol, TypeVar

import pytest

TURNS = 3


def taken(cases: Iterable[Any]) -> list[Any]:
    """For parametrize: of these cases, each a value or the values of several parameters, one in three is tried."""
    return [pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.turn) for case in cases]


class Case(Protocol):
    """What of a test decides whether it is its turn."""

    @property
    def nodeid(self) -> str: ...

    def get_closest_marker(self, name: str, /) -> object: ...


C = TypeVar("C", bound=Case)


def in_turn(items: Sequence[C]) -> tuple[list[C], list[C]]:
    """The tests to run, in their order, and those that leave it to others: by their names alone, so always the same."""
    taking = sorted(item.nodeid for item in items if item.get_closest_marker("turn"))
    left = {
        nodeid
        for turn, (_, cases) in enumerate(groupby(taking, _name))
        for place, nodeid in enumerate(cases)
        if (place + turn) % TURNS
    }
    return [item for item in items if item.nodeid not in left], [item for item in items if item.nodeid in left]


def _name(nodeid: str) -> str:
    return nodeid.partition("[")[0]
