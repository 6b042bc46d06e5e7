"""`on_audit` seals audit entries: several of an agency at once, in their order, apart from all other work.

The end of the chain is anchored each time. If anchoring fails, the entries come back; they are sealed by then, so only
the anchoring is repeated.
"""

import json
from collections.abc import Sequence

from chalicelib import batch, log
from chalicelib.aws import queues
from chalicelib.batch import Failures, Record
from chalicelib.insight import anchors, chain
from chalicelib.store import fence


def handle(records: Sequence[Record]) -> Failures:
    """The entries of an agency whose chain could not be written come back."""
    returned = batch.each_group(records, _seal, _failed)
    log.line("audit", records=len(records), returned=len(returned))
    return batch.failures(returned)


def _failed(records: Sequence[Record], error: Exception) -> None:
    log.problem("seal_failed", error)
    queues.retry("audit", *records)


def _seal(records: Sequence[Record]) -> None:
    agency = batch.group(records[0])
    with fence.within(agency):
        end = chain.seal(agency, [json.loads(record["body"])["entry"] for record in records])
    anchors.keep(agency, *end)
