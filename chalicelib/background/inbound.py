"""`on_inbound` applies queued webhook bodies."""

import json
from collections import Counter
from collections.abc import Sequence

from chalicelib import batch, clock, log
from chalicelib.aws import queues
from chalicelib.batch import Failures, Record
from chalicelib.transport import intake


def handle(records: Sequence[Record]) -> Failures:
    """A body that fails comes back soon, then with growing delays."""
    outcomes: Counter[str] = Counter()

    def perform(record: Record) -> None:
        outcomes.update(intake.process(json.loads(record["body"]), batch.attempt(record), clock.now()))

    failed = batch.each(records, perform, _failed)
    log.line("inbound", records=len(records), returned=len(failed), **batch.as_log_fields(outcomes))
    return batch.failures(failed)


def _failed(record: Record, error: Exception) -> None:
    log.problem("delivery_failed", error)
    queues.retry("inbound", record)
