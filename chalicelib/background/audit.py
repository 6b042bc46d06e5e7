"""`on_audit` seals audit entries: those of an agency in their order, several at once, beside all other work.

The end of the chain is anchored each time. If that fails the entries come back; then they are sealed, and it is tried
again.
"""

import json
from collections.abc import Sequence

from chalicelib import log
from chalicelib.background import batch
from chalicelib.background.batch import Failures, Record
from chalicelib.insight import anchors, chain
from chalicelib.store import fence


def handle(records: Sequence[Record]) -> Failures:
    """Seal the entries. Those of an agency whose chain could not be written come back."""
    failed: list[str] = []
    for agency in dict.fromkeys(map(_agency, records)):
        theirs = [record for record in records if _agency(record) == agency]
        try:
            with fence.within(agency):
                end = chain.seal(agency, [json.loads(record["body"])["entry"] for record in theirs])
            anchors.keep(agency, *end)
        except Exception as error:  # noqa: BLE001 - other agencies' entries must not come back with these
            log.problem("seal_failed", error)
            failed += [record["messageId"] for record in theirs]
    log.line("audit", records=len(records), returned=len(failed))
    return batch.failures(failed)


def _agency(record: Record) -> str:
    return str(record["attributes"]["MessageGroupId"])
