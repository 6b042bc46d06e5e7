"""`on_outbox` sends queued messages, in order within each channel."""

import json
from collections import Counter
from collections.abc import Sequence

from chalicelib import batch, clock, log
from chalicelib.aws import queues
from chalicelib.batch import Failures, Record
from chalicelib.store import fence, keys
from chalicelib.transport import outbox
from chalicelib.transport.outbox import Later


class _Batch:
    """`waiting` says, by channel, for how many seconds its messages have to wait."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.waiting: dict[str, float] = {}

    def perform(self, record: Record) -> None:
        """Raises Later if the message, or one before it on the same channel, has to wait."""
        channel = batch.group(record)
        if channel in self.waiting:
            raise Later(self.waiting[channel])
        task = json.loads(record["body"])
        with fence.within(keys.agency_of(task["pk"])):
            self.outcomes[outbox.deliver(task, clock.now())] += 1

    def failed(self, record: Record, error: Exception) -> None:
        """Makes the channel's later messages wait too. A message that was claimed becomes `unknown`
        when it comes back.
        """
        channel = batch.group(record)
        if isinstance(error, Later):
            self.waiting[channel] = error.seconds
            queues.postpone("outbox", record["receiptHandle"], round(error.seconds + 0.5))
        else:
            log.problem("outbox_failed", error)
            self.waiting[channel] = queues.retry("outbox", record)


def handle(records: Sequence[Record]) -> Failures:
    """Send the messages. A channel whose message has to wait delays no other channel."""
    current = _Batch()
    failed = batch.each(records, current.perform, current.failed)
    log.line("outbox", records=len(records), returned=len(failed), **batch.as_log_fields(current.outcomes))
    return batch.failures(failed)
