"""Batches of records. Each record is handled on its own, and only those that failed come back."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Record = Mapping[str, Any]
Failures = Mapping[str, list[Mapping[str, str]]]


def each(
    records: Sequence[Record], perform: Callable[[Record], None], on_failure: Callable[[Record, Exception], None]
) -> list[str]:
    """Perform every record. Calls `on_failure` for each that raised, and gives their ids."""
    failed = []
    for record in records:
        try:
            perform(record)
        except Exception as error:  # noqa: BLE001 - the others of the batch must not come back with it
            on_failure(record, error)
            failed.append(record["messageId"])
    return failed


def failures(ids: Sequence[str]) -> Failures:
    """The answer that makes Lambda bring back these records and no others."""
    return {"batchItemFailures": [{"itemIdentifier": id} for id in ids]}


def counted(outcomes: Mapping[str, int]) -> dict[str, int]:
    """How often each outcome was met, under names that no other field of a log line has."""
    return {f"outcome_{name}": count for name, count in outcomes.items()}


def attempt(record: Record) -> int:
    """How often the queue has delivered this record, including now."""
    return int(record["attributes"]["ApproximateReceiveCount"])
