"""Facts as they are stored, and the hours that they come to: whoever dies, repeats or is late leaves nothing wrong."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib import clock, ids
from chalicelib.background import count, due
from chalicelib.figures import facts, hours
from chalicelib.figures.facts import Fact
from chalicelib.store import fence, keys, table
from chalicelib.store.models.channels import Channel
from chalicelib.store.models.figures import Batch, Hour
from tests.figures.told import HOUR, brand_of, inserted, message, record
from tests.support.stack import Stack

NOW = HOUR + 20 * clock.MINUTE
OTHER = "brd_" + "z" * 26


@pytest.fixture
def agency(stack: Stack) -> str:
    return ids.new("agc")


@pytest.fixture
def inside(agency: str) -> Iterator[str]:
    with fence.within(agency):
        yield agency


def told(agency: str, *numbers: int, **more: Any) -> list[Fact]:
    messages = (message(number, agency=agency, **more) for number in numbers)
    return [fact for each in messages for fact in facts.of_change(inserted(each))]


def counted(agency: str, hour: int = HOUR, brand: str = "") -> int:
    row = table.get(Hour, keys.figures(agency, brand or brand_of(agency)), keys.hour(hour))
    return sum(hours.of(row).values()) if row else 0


def test_hour_has_every_fact_once_whatever_comes_twice_or_in_other_batches(inside: str) -> None:
    for numbers in ((1, 2, 3), (1, 2, 3), (1,), (2, 3, 4), (4,)):
        hours.keep(told(inside, *numbers))
    assert hours.fold(inside, HOUR, NOW)
    assert counted(inside) == 4


def test_batch_that_is_told_again_is_the_same_item(inside: str) -> None:
    for _ in range(2):
        hours.keep(told(inside, 1, 2))
    batches = table.query(Batch, keys.figures(inside), keys.FACTS, consistent=True)
    assert [batch.expires for batch in batches] == [(HOUR + hours.FACTS_KEPT) // 1000]


def test_fold_that_changes_nothing_writes_nothing(inside: str) -> None:
    hours.keep(told(inside, 1))
    hours.keep(told(inside, 9, brand=OTHER))
    assert [hours.fold(inside, HOUR, NOW) for _ in range(2)] == [2, 0]
    hours.keep(told(inside, 2))
    assert [hours.fold(inside, HOUR, NOW) for _ in range(2)] == [1, 0]
    assert counted(inside) == 2


def test_who_saw_fewer_facts_does_not_come_after_somebody_who_saw_more(inside: str) -> None:
    hours.keep(told(inside, 1, 2))
    hours.fold(inside, HOUR, NOW)
    row = Hour(keys.figures(inside, brand_of(inside)), keys.hour(HOUR), hour=HOUR, cells=[], facts=3, expires=0)
    table.put(row)
    assert hours.fold(inside, HOUR, NOW) == 0
    hours.keep(told(inside, 3, 4))
    assert (hours.fold(inside, HOUR, NOW), counted(inside)) == (1, 4)


def test_brands_of_an_agency_are_one_item_of_facts(inside: str) -> None:
    hours.keep([*told(inside, 1, 2), *told(inside, 3, brand=OTHER)])
    [batch] = table.query(Batch, keys.figures(inside), keys.FACTS, consistent=True)
    assert {brand for brand, *_ in batch.facts} == {brand_of(inside), OTHER}
    hours.fold(inside, HOUR, NOW)
    assert (counted(inside), counted(inside, brand=OTHER)) == (2, 1)


def test_hour_remembers_the_network_of_a_channel_that_is_disconnected_later(inside: str) -> None:
    about = {"brand": brand_of(inside), "network": "example", "account": "1", "name": "", "sealed": ""}
    channel = Channel(inside, keys.noun("chn_a"), id="chn_a", created_at=0, **about)
    table.put(channel)
    hours.keep(told(inside, 1))
    hours.fold(inside, HOUR, NOW)
    table.delete(channel)
    hours.keep(told(inside, 2))
    hours.fold(inside, HOUR, NOW)
    [row] = hours.between(inside, brand_of(inside), HOUR, HOUR + 1, consistent=True)
    assert (row.networks, row.facts) == ({"chn_a": "example"}, 2)


def test_hours_are_read_from_the_first_to_before_the_end(inside: str) -> None:
    for number in range(4):
        hours.keep(told(inside, 1, at=HOUR + number * clock.HOUR))
        hours.fold(inside, HOUR + number * clock.HOUR, NOW)
    rows = hours.between(inside, brand_of(inside), HOUR + clock.HOUR, HOUR + 3 * clock.HOUR, consistent=True)
    assert [(row.hour - HOUR) // clock.HOUR for row in rows] == [1, 2]


def test_hour_whose_facts_may_be_gone_is_left_as_it_is(inside: str) -> None:
    hours.keep(told(inside, 1))
    assert not hours.fold(inside, HOUR, HOUR + hours.FOLDED_FOR + 1)
    assert counted(inside) == 0


def test_stream_that_is_read_is_counted_at_the_agencys_next_turn(agency: str) -> None:
    batches = [[inserted(message(number, agency=agency)) for number in numbers] for numbers in ((1, 2), (2, 3))]
    for batch in batches:
        assert count.handle([record(change) for change in batch]) == {"batchItemFailures": []}
    task = hours.task(agency, HOUR, hours.turn_at(agency, NOW), NOW)
    with fence.within(agency):
        due.perform(task.body)
        assert counted(agency) == 3


# BI-36
def test_record_that_cannot_be_read_is_left_out_and_stops_nobody(agency: str) -> None:
    broken = record(inserted(message(1, agency=agency)))
    del broken["dynamodb"]["NewImage"]["received_at"]
    assert count.handle([broken, record(inserted(message(2, agency=agency)))]) == {"batchItemFailures": []}
    with fence.within(agency):
        hours.fold(agency, HOUR, NOW)
        assert counted(agency) == 1


def test_agencies_of_one_batch_are_counted_apart(stack: Stack) -> None:
    agencies = [ids.new("agc") for _ in range(3)]
    count.handle([record(inserted(message(number, agency=agency))) for agency in agencies for number in (1, 2)])
    for agency in agencies:
        with fence.within(agency):
            hours.fold(agency, HOUR, NOW)
            assert counted(agency) == 2
