"""`on_followup` does the work that follows from new messages, checks deadlines, and does what is due.

A task names its kind.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chalicelib import batch, clock, log
from chalicelib.aws import queues
from chalicelib.background import due
from chalicelib.batch import Failures, Record
from chalicelib.deliveries import wakes
from chalicelib.inbox import followup
from chalicelib.jobs import jobs
from chalicelib.origins import posts
from chalicelib.store import fence
from chalicelib.teamwork import escalation

Task = Mapping[str, Any]


def handle(records: Sequence[Record]) -> Failures:
    """A task that fails comes back."""
    failed = batch.each(records, _perform, _failed)
    log.line("followup", records=len(records), returned=len(failed))
    return batch.failures(failed)


def _perform(record: Record) -> None:
    task = json.loads(record["body"])
    with fence.within(task["agency"]):
        TASKS[task["kind"]](task, batch.attempt(record))


def _failed(record: Record, error: Exception) -> None:
    """After `TryAgain`, an error of a network, the queue alone decides when the task comes back."""
    if isinstance(error, followup.TryAgain):
        return
    if not isinstance(error, due.Raced):
        log.problem("followup_failed", error)
    queues.retry("followup", record)


def _message(task: Task, attempt: int) -> None:
    followup.perform(task, attempt, clock.now())


def _check(task: Task, attempt: int) -> None:
    escalation.check(task["agency"], task["conversation"], clock.now())


def _check_brand(task: Task, attempt: int) -> None:
    escalation.check_portion(task["agency"], task["brand"], task["status"], task["after"])


def _due(task: Task, attempt: int) -> None:
    due.perform(task)


def _job(task: Task, attempt: int) -> None:
    jobs.go_on(task["agency"], task["job"], due.JOBS, clock.now())


def _webhook(task: Task, attempt: int) -> None:
    wakes.forward(task["agency"], task["target"], clock.now())


def _origin(task: Task, attempt: int) -> None:
    posts.perform(task, attempt, clock.now())


TASKS: Mapping[str, Callable[[Task, int], None]] = {
    "message": _message,
    "check": _check,
    "check_brand": _check_brand,
    "due": _due,
    "job": _job,
    "webhook": _webhook,
    "origin": _origin,
}
