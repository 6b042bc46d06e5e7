"""`on_event` appends events to the lanes of their agencies, and announces them to sockets, webhooks and the text index.

One call gets events of an agency in their order, and an agency has one call at a time. If the same work comes again,
nothing is appended, and it is announced again.
"""

import json
from collections.abc import Sequence

from chalicelib import batch, clock, log
from chalicelib.aws import queues
from chalicelib.batch import Failures, Record
from chalicelib.deliveries import turns
from chalicelib.events import lane, tallies
from chalicelib.events.events import Event
from chalicelib.sockets import rooms
from chalicelib.store import fence
from chalicelib.texts import turns as texts


def handle(records: Sequence[Record]) -> Failures:
    """The events of an agency whose lane could not be written come back."""
    returned = batch.each_group(records, _append, _failed)
    log.line("events", records=len(records), returned=len(returned))
    return batch.failures(returned)


def _failed(records: Sequence[Record], error: Exception) -> None:
    log.problem("events_failed", error)
    queues.retry("events", *records)


def _append(records: Sequence[Record]) -> None:
    agency = batch.group(records[0])
    tasks = [json.loads(record["body"]) for record in records]
    events = [Event(*values) for task in tasks for values in task["events"]]
    with fence.within(agency):
        now = clock.now()
        segments = lane.append(agency, events, min(task["since"] for task in tasks), now)
        for segment in segments:
            tallies.add(agency, segment.number, segment.events)
        queues.send(
            *rooms.tasks(agency, segments, now),
            *turns.tasks(agency, segments, now),
            *texts.tasks(agency, segments, now),
        )
