"""The lane has each event once, in one order, without a gap, whatever comes twice, late or at the same time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from itertools import pairwise
from random import Random

import pytest

from chalicelib import clock, ids
from chalicelib.events import lane
from chalicelib.events.events import Event
from chalicelib.store import fence, keys, table
from chalicelib.store.models.events import StoredSegment
from tests.support import table_calls
from tests.support.stack import Stack

NOW = clock.now()
LATER = NOW + lane.KEPT + clock.HOUR


@pytest.fixture
def agency(stack: Stack) -> Iterator[str]:
    """An agency that nobody else appends to."""
    agency = ids.new("agc")
    with fence.within(agency):
        yield agency


def happened(number: int) -> Event:
    return Event(f"evt_{number:05d}", "message.received", NOW, "brd_1", f"msg_{number}", version=1)


def numbers(agency: str) -> list[int]:
    """The numbers of the events in the lane, in its order."""
    return [int(event.id[4:]) for segment in lane.read(agency, 0) for event in segment.events]


def test_events_are_kept_in_the_order_in_which_they_came(agency: str) -> None:
    for start in (0, 10, 20):
        lane.append(agency, [happened(number) for number in range(start, start + 10)], NOW, NOW)
    segments = list(lane.read(agency, 0))
    assert numbers(agency) == list(range(30))
    assert [later.number - earlier.number for earlier, later in pairwise(segments)] == [1, 1]
    assert segments[-1].number == lane.head(agency)


def test_what_comes_again_is_not_appended_again_and_tells_where_it_is(agency: str) -> None:
    first = lane.append(agency, [happened(1), happened(2)], NOW, NOW)
    again = lane.append(agency, [happened(2), happened(1)], NOW, NOW)
    mixed = lane.append(agency, [happened(2), happened(3)], NOW, NOW)
    assert [segment.number for segment in again] == [segment.number for segment in first]
    assert [segment.number for segment in mixed] == [first[0].number, first[0].number + 1]
    assert numbers(agency) == [1, 2, 3]


def test_batches_that_are_cut_anew_and_come_again_lose_and_double_nothing(agency: str) -> None:
    chance, position = Random(7), 0
    while position < 300:
        size = chance.randint(1, 25)
        lane.append(agency, [happened(number) for number in range(position, min(position + size, 300))], NOW, NOW)
        position = position + size if chance.random() > 0.3 else position + chance.randint(0, size)
    assert numbers(agency) == list(range(300))


def test_writers_at_the_same_time_lose_and_double_nothing(agency: str) -> None:
    def write(start: int) -> None:
        for number in range(start, start + 20, 5):
            lane.append(agency, [happened(number + more) for more in range(5)], NOW, NOW)

    with ThreadPoolExecutor(3) as threads:
        for writing in [threads.submit(copy_context().run, write, start) for start in (0, 20, 40)]:
            writing.result()
    assert sorted(numbers(agency)) == list(range(60))
    assert [later.number - earlier.number for earlier, later in pairwise(lane.read(agency, 0))] == [1] * 11


def test_more_than_a_segment_takes_is_cut(agency: str) -> None:
    lane.append(agency, [happened(number) for number in range(lane.MOST_EVENTS + 10)], NOW, NOW)
    assert [len(segment.events) for segment in lane.read(agency, 0)] == [lane.MOST_EVENTS, 10]


def test_event_is_read_as_it_was_written(agency: str) -> None:
    event = Event(
        "evt_1", "counters.changed", NOW, "brd_1", "brd_1", 3, "mbr_1", "member", "person", "aud_1", {"unread": -1}, "x"
    )
    lane.append(agency, [event, happened(2)], NOW, NOW)
    assert [event for segment in lane.read(agency, 0) for event in segment.events] == [event, happened(2)]


def drop(agency: str, *segments: lane.Segment) -> None:
    """Delete segments, as the table does with what is too old."""
    for segment in segments:
        table.delete(StoredSegment(keys.within(agency, keys.EVENT_LOG), keys.segment(segment.number)))


def test_reader_whose_next_segment_is_too_old_is_told(agency: str) -> None:
    first, second, third = (lane.append(agency, [happened(number)], NOW, NOW)[0] for number in range(3))
    drop(agency, first, second)
    assert [segment.number for segment in lane.read(agency, second.number)] == [third.number]
    with pytest.raises(lane.Gone):
        list(lane.read(agency, first.number))


def test_lane_that_was_empty_goes_on_with_new_numbers(agency: str) -> None:
    before = lane.append(agency, [happened(1)], NOW, NOW)[0]
    drop(agency, before)
    after = lane.append(agency, [happened(2)], LATER, LATER)[0]
    assert after.number > before.number
    assert after.is_first


def test_reader_who_had_read_everything_goes_on_after_the_lane_was_empty(agency: str) -> None:
    before = lane.append(agency, [happened(1)], NOW, NOW)[0]
    drop(agency, before)
    after = lane.append(agency, [happened(2)], LATER, LATER)[0]
    assert list(lane.read(agency, before.number, at=after.at - clock.HOUR)) == [after]
    with pytest.raises(lane.Gone):
        list(lane.read(agency, before.number, at=after.at - lane.KEPT))
    with pytest.raises(lane.Gone):
        list(lane.read(agency, before.number))


def test_process_that_appends_again_does_not_look_back(agency: str) -> None:
    lane.append(agency, [happened(1)], NOW - clock.MINUTE, NOW - clock.MINUTE)
    lane.append(agency, [happened(2)], NOW, NOW)
    with table_calls.watched() as calls:
        lane.append(agency, [happened(3)], NOW, NOW)
        lane.append(agency, [happened(2), happened(4)], NOW, NOW)
    assert calls == ["PutItem", "PutItem"]
    assert numbers(agency) == [1, 2, 3, 4]


def test_process_that_was_overtaken_looks_back(agency: str) -> None:
    lane.append(agency, [happened(1)], NOW, NOW)
    remembered = dict(lane._ends)
    lane.append(agency, [happened(2)], NOW, NOW)
    lane._ends.update(remembered)
    lane.append(agency, [happened(2), happened(3)], NOW, NOW)
    assert numbers(agency) == [1, 2, 3]
