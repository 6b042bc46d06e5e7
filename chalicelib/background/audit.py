"""`on_audit` seals audit entries: those of an agency in their order, several at once, beside all other work."""

import json
from collections.abc import Sequence

from chalicelib import log
from chalicelib.background import batch
from chalicelib.background.batch import Failures, Record
from chalicelib.insight import chain
from chalicelib.store import fence


def handle(records: Sequence[Record]) -> Failures:
    """Seal the entries. Those of an agency whose chain could not be written come back."""
    failed: list[str] = []
    for agency in dict.fromkeys(map(_agency, records)):
        theirs = [record for record in records if _agency(record) == agency]
        try:
            with fence.within(agency):
                chain.seal(agency, [json.loads(record["body"])["entry"] for record in theirs])
        except Exception as error:  # noqa: BLE001 - other agencies' entries must not come back with these
            log.problem("seal_failed", error)
            failed += [record["messageId"] for record in theirs]
    log.line("audit", records=len(records), returned=len(failed))
    return batch.failures(failed)


def _agency(record: Record) -> str:
    return str(record["attributes"]["MessageGroupId"])
