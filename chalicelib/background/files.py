"""`on_files` copies the files that people send, one per call, so that a slow one delays no other.

It also deletes the copies of files that a message no longer has, and stores the pictures of publications.
"""

import json
from collections.abc import Sequence

from chalicelib import batch, log
from chalicelib.aws import queues
from chalicelib.batch import Failures, Record
from chalicelib.inbox import files
from chalicelib.origins import pictures
from chalicelib.outside import fetch
from chalicelib.store import fence


def handle(records: Sequence[Record]) -> Failures:
    """Copies one file of each message, or deletes the copies that it lost. Tasks that fail come back."""
    failed = batch.each(records, _perform, _failed)
    log.line("files", records=len(records), returned=len(failed))
    return batch.failures(failed)


def _failed(record: Record, error: Exception) -> None:
    """After `Passing`, an error of somebody else's server, the queue alone decides when the task comes back."""
    log.problem("files_failed", error)
    if not isinstance(error, fetch.Passing):
        queues.retry("files", record)


def _perform(record: Record) -> None:
    task = json.loads(record["body"])
    with fence.within(task["agency"]):
        if "post" in task:
            pictures.keep(task["pk"], task["post"], batch.attempt(record))
            return
        if "lost" in task:
            files.remove(task["pk"], task["sk"], task["lost"])
            return
        seconds = files.copy_next(task["pk"], task["sk"])
    if seconds is not None:
        queues.send(files.task(task["pk"], task["sk"], delay=seconds))
