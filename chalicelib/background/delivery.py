"""`on_delivery` delivers events to the webhook endpoints of agencies; for each endpoint there is one call at a time.

An error of the receiver is a normal result. Only errors of our own make a task come back, and it is given up in the
end.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chalicelib import batch, clock, log
from chalicelib.aws import queues
from chalicelib.batch import Failures, Record
from chalicelib.deliveries import again, attempts, replays, turns, wakes
from chalicelib.deliveries.portions import Place
from chalicelib.deliveries.sending import Tools
from chalicelib.store import fence

TURN_MS = 10 * clock.SECOND  # then nothing more begins; the last call takes up to 15 s, and the function has 28 s
Task = Mapping[str, Any]


def handle(records: Sequence[Record]) -> Failures:
    failed = batch.each(records, _perform, _failed)
    log.line("deliveries", records=len(records), returned=len(failed))
    return batch.failures(failed)


def _perform(record: Record) -> None:
    task = json.loads(record["body"])
    with fence.within(task["agency"]):
        TASKS[task["kind"]](task, Tools(clock.now, attempts.post, clock.now() + TURN_MS))


def _failed(record: Record, error: Exception) -> None:
    log.problem("delivery_failed", error)
    queues.retry("deliveries", record)


def _news(task: Task, tools: Tools) -> None:
    turns.turn(task["agency"], task["endpoint"], tools)


def _again(task: Task, tools: Tools) -> None:
    again.retry(task["agency"], wakes.read_target(task["target"]), tools)


def _once(task: Task, tools: Tools) -> None:
    again.deliver_once(task["agency"], task["endpoint"], Place(task["number"], task["index"]), tools)


def _replay(task: Task, tools: Tools) -> None:
    stretch = {name: task[name] for name in ("since", "until", "last")}
    replays.go_on(task["agency"], task["endpoint"], Place(task["number"], task["index"]), stretch, tools)


TASKS: Mapping[str, Callable[[Task, Tools], None]] = {
    "news": _news, "again": _again, "once": _once, "replay": _replay,
}  # fmt: skip
