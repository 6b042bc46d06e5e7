"""Entries are taken once a second, and lines of a log are delivered together; none of them is lost or comes twice."""

from collections.abc import Callable

from ministack.services import cloudwatch_logs, sqs

from local import seldom

AUDIT, OTHER = (f"http://here/1/palabre-local-{name}Queue-1A2B.fifo" for name in ("Audit", "Events"))


def test_entries_are_taken_once_a_second_and_after_a_full_batch_at_once() -> None:
    time, stored = [100.0], [*range(15)]

    def take(_queue: str, most: int) -> list[int]:
        batch, stored[:] = stored[:most], stored[most:]
        return batch

    asked = seldom.taken(take, lambda: time[0])
    assert [asked(AUDIT, 10), asked(AUDIT, 10)] == [[*range(10)], [*range(10, 15)]]
    stored += [15]
    assert asked(AUDIT, 10) == []
    time[0] += 1
    assert [asked(AUDIT, 10), asked(AUDIT, 10)] == [[15], []]


def test_other_queues_are_asked_each_time() -> None:
    asked = seldom.taken(lambda _queue, _most: [1])
    assert [asked(OTHER, 10), asked(OTHER, 10)] == [[1], [1]]


def test_an_empty_queue_of_entries_is_asked_again_at_once() -> None:
    stored: list[int] = []
    asked = seldom.taken(lambda _queue, _most: [*stored], lambda: 100.0)
    assert asked(AUDIT, 10) == []
    stored += [1]
    assert asked(AUDIT, 10) == [1]


def test_lines_of_a_stream_are_delivered_together_and_once() -> None:
    waiting: list[Callable[[], None]] = []
    deliveries: list[tuple[str, str, list[str]]] = []
    note = seldom.delivered(lambda *given: deliveries.append(given), waiting.append)
    for stream, line in (("one", "a"), ("other", "b"), ("one", "c")):
        note("log", stream, [line])
    note("log", "one", [])
    assert (len(waiting), deliveries) == (2, [])
    for flush in waiting:
        flush()
    assert deliveries == [("log", "one", ["a", "c"]), ("log", "other", ["b"])]
    note("log", "one", ["d"])
    waiting[2]()
    assert deliveries[2:] == [("log", "one", ["d"])]


def test_installed_version_has_the_functions_that_this_replaces() -> None:
    assert seldom.TAKES in vars(sqs)
    assert seldom.DELIVERS in vars(cloudwatch_logs)
