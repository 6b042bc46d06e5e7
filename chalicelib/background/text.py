"""`on_text` puts new texts into the search index; for each agency there is one call at a time."""

import json
from collections.abc import Sequence

from chalicelib import batch, clock, log
from chalicelib.aws import queues
from chalicelib.batch import Failures, Record
from chalicelib.store import fence
from chalicelib.texts import choices, turns
from chalicelib.texts.indexes import Time, within

SECONDS = 20.0  # then agencies get a portion each, and are continued by their next tasks; the function has 60 s


def handle(records: Sequence[Record]) -> Failures:
    """Brings the indexes of the agencies up to date. The agencies that failed come back."""
    time = within(SECONDS)
    returned = batch.each_group(records, lambda theirs: _update_index(theirs, time), _failed)
    log.line("texts", records=len(records), returned=len(returned))
    return batch.failures(returned)


def _failed(records: Sequence[Record], error: Exception) -> None:
    log.problem("texts_failed", error)
    queues.retry("texts", *records)


def _update_index(records: Sequence[Record], time: Time) -> None:
    agency = json.loads(records[0]["body"])["agency"]
    with fence.within(agency):
        if number := turns.follow(agency, choices.index(), clock.now(), time):
            queues.send(turns.task(agency, f"on-{number}"))
