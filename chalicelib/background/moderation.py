"""`on_moderation` judges messages that a rule may apply to, each on its own. A task comes back later if a network has
to be asked again.
"""

import json
from collections import Counter
from collections.abc import Sequence

from chalicelib import batch, clock, log
from chalicelib.aws import queues
from chalicelib.batch import Failures, Record
from chalicelib.moderation import judging
from chalicelib.moderation.acts import TryAgain
from chalicelib.store import fence


def handle(records: Sequence[Record]) -> Failures:
    """A message that fails comes back."""
    outcomes: Counter[str] = Counter()

    def perform(record: Record) -> None:
        task = json.loads(record["body"])
        with fence.within(task["agency"]):
            outcomes[judging.perform(task, batch.attempt(record), clock.now())] += 1

    failed = batch.each(records, perform, _failed)
    log.line("moderation", records=len(records), returned=len(failed), **batch.as_log_fields(outcomes))
    return batch.failures(failed)


def _failed(record: Record, error: Exception) -> None:
    if isinstance(error, TryAgain):
        queues.postpone("moderation", record["receiptHandle"], round(error.seconds + 0.5))
        return
    log.problem("moderation_failed", error)
    queues.retry("moderation", record)
