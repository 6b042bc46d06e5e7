"""`on_push` tells the sockets of a room what happened in their agency; all that was announced since is told at once."""

import json
from collections import Counter
from collections.abc import Sequence

from chalicelib import batch, clock, log
from chalicelib.aws import gateway, queues
from chalicelib.batch import Failures, Record
from chalicelib.sockets import pushes
from chalicelib.store import fence


def handle(records: Sequence[Record]) -> Failures:
    """A room that could not be told comes back, and is told again."""
    outcomes: Counter[str] = Counter()

    def tell(announced: Sequence[Record]) -> None:
        bodies = [json.loads(record["body"]) for record in announced]
        agency, room = bodies[0]["agency"], bodies[0]["room"]
        first, last = min(body["first"] for body in bodies), max(body["last"] for body in bodies)
        with fence.within(agency):
            outcomes.update(pushes.push(agency, room, first, last, gateway.opened(), clock.now()))

    returned = batch.each_group(records, tell, _failed)
    log.line("push", records=len(records), returned=len(returned), **batch.as_log_fields(outcomes))
    return batch.failures(returned)


def _failed(records: Sequence[Record], error: Exception) -> None:
    log.problem("push_failed", error)
    queues.retry("push", *records)
