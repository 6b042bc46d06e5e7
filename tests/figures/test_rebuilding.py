"""What the stream did not tell is counted from the stored messages, and what it told is not counted twice."""

from collections.abc import Iterator

import pytest

from chalicelib import clock, ids
from chalicelib.figures import facts, hours, rebuilding
from chalicelib.figures.facts import Cell
from chalicelib.store import fence, keys, table
from chalicelib.store.models.inbox import Conversation
from tests.figures.told import HOUR, TALK, brand_of, inserted, message
from tests.support.stack import Stack

NOW = HOUR + clock.HOUR


@pytest.fixture
def agency(stack: Stack) -> Iterator[str]:
    """With a conversation of three messages, all stored, of which the stream told one."""
    agency = ids.new("agc")
    with fence.within(agency):
        brand = brand_of(agency)
        listed = {"inbox": keys.inbox(agency, brand, "open"), "activity": keys.activity(HOUR, TALK)}
        about = {"brand": brand, "channel": "chn_a", "network": "example", "surface": "dm", "thread": "1"}
        given = {**about, **listed, "created_at": HOUR, "updated_at": HOUR}
        table.put(Conversation(keys.within(agency, TALK), keys.CONVERSATION, **given))
        for number in range(3):
            table.put(message(number, agency=agency))
        hours.keep(list(facts.of_change(inserted(message(1, agency=agency)))))
        yield agency


def test_every_message_is_counted_once(agency: str) -> None:
    brand = brand_of(agency)
    assert [rebuilding.rebuild(agency, [brand], NOW) for _ in range(2)] == [(1, 1), (1, 0)]
    [row] = hours.between(agency, brand, HOUR, NOW, consistent=True)
    assert hours.of(row) == {Cell("in", "chn_a", "dm", "", "", 0): 3}


def test_what_the_stream_told_of_a_message_that_is_gone_stays(agency: str) -> None:
    hours.keep(list(facts.of_change(inserted(message(9, agency=agency)))))
    rebuilding.rebuild(agency, [brand_of(agency)], NOW)
    [row] = hours.between(agency, brand_of(agency), HOUR, NOW, consistent=True)
    assert sum(hours.of(row).values()) == 4


def test_hours_of_which_some_facts_may_be_gone_are_left_as_they_are(agency: str) -> None:
    assert rebuilding.rebuild(agency, [brand_of(agency)], HOUR + hours.FOLDED_FOR + clock.HOUR) == (0, 0)
