"""The end of a lane is read with all that there is: the table's cheaper reads may be a moment behind."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib import clock, ids
from chalicelib.events import lane
from chalicelib.events.events import Event
from chalicelib.store import fence
from tests.support.calls import at
from tests.support.stack import Stack


@pytest.fixture
def agency(stack: Stack) -> Iterator[str]:
    """An agency whose lane has six segments."""
    agency, now = ids.new("agc"), clock.now()
    with fence.within(agency):
        for number in range(6):
            lane.append(agency, [Event(f"evt_{number}", "role.changed", now, "", "rol_1")], now, now)
        yield agency


def asked(agency: str, after: int, limit: int | None = None) -> tuple[list[str], list[bool]]:
    """The events that are read, and whether each query asked for all that there is."""
    consistent: list[bool] = []

    def note(params: Any, **_: Any) -> None:
        consistent.append(params["ConsistentRead"])

    with at("before-parameter-build.dynamodb.Query", note):
        events = [event.id for segment in lane.read(agency, after, limit) for event in segment.events]
    return events, consistent


def test_who_reads_to_the_end_reads_what_was_written_a_moment_ago(agency: str) -> None:
    first = lane.head(agency) - 5
    events, consistent = asked(agency, first - 1)
    assert events == [f"evt_{number}" for number in range(6)]
    assert consistent[:1] == [False]
    assert consistent[-1]


def test_whole_portion_is_read_at_half_the_price(agency: str) -> None:
    first = lane.head(agency) - 5
    assert asked(agency, first - 1, limit=4) == ([f"evt_{number}" for number in range(4)], [False])


def test_announced_segments_are_read_with_all_that_there_is(agency: str) -> None:
    last = lane.head(agency)
    consistent: list[bool] = []
    with at("before-parameter-build.dynamodb.Query", lambda params, **_: consistent.append(params["ConsistentRead"])):
        segments = lane.between(agency, last - 1, last)
    assert [segment.number for segment in segments] == [last - 1, last]
    assert consistent == [True]
