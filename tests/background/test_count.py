"""That facts are folded is asked for without a write, and by one process once for an agency, hour and turn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import clock
from chalicelib.aws import queues
from chalicelib.aws.queues import Task
from chalicelib.background import count
from chalicelib.background.count import Turn
from chalicelib.figures import hours
from tests.figures.told import AGENCY, HOUR

OTHER = "agc_01j00000000000000000000001"
NOW = HOUR + 7 * clock.MINUTE


class Queue:
    def __init__(self) -> None:
        self.asked: set[Turn] = set()
        self.tasks: list[Task] = []

    def ask(self, *groups: tuple[str, int], now: int = NOW) -> int:
        """How many tasks that led to."""
        before = len(self.tasks)
        count.ask_to_fold(groups, now, asked=self.asked, send=lambda *tasks: self.tasks.extend(tasks))
        return len(self.tasks) - before


@given(st.integers(0, 10**13))
def test_turn_is_within_five_minutes_and_after_the_facts_were_stored(now: int) -> None:
    task = hours.task(AGENCY, HOUR, hours.turn_at(AGENCY, now), now)
    assert 0 < task.delay <= hours.EVERY // clock.SECOND
    assert now < task.body["when"] <= now + task.delay * clock.SECOND


def test_what_was_asked_for_is_not_asked_for_again_until_it_was_done() -> None:
    queue, turn = Queue(), hours.turn_at(AGENCY, NOW)
    assert [queue.ask((AGENCY, HOUR)) for _ in range(3)] == [1, 0, 0]
    assert queue.ask((AGENCY, HOUR), (AGENCY, HOUR - clock.HOUR), (OTHER, HOUR)) == 2
    assert queue.ask((AGENCY, HOUR), now=turn - 1) == 0
    assert queue.ask((AGENCY, HOUR), now=turn) == 1


def test_what_the_queue_did_not_take_is_asked_for_again() -> None:
    def refuse(*tasks: Task) -> None:
        raise queues.NotSent

    queue = Queue()
    with pytest.raises(queues.NotSent):
        count.ask_to_fold([(AGENCY, HOUR)], NOW, asked=queue.asked, send=refuse)
    assert queue.ask((AGENCY, HOUR)) == 1


def test_process_remembers_only_what_is_still_to_be_done() -> None:
    queue = Queue()
    for number in range(100):
        queue.ask((AGENCY, HOUR), (OTHER, HOUR), now=NOW + number * hours.EVERY)
    assert len(queue.asked) <= 4
