"""Batches of records. Each record is handled on its own, and only those that failed come back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

Record = Mapping[str, Any]
Failures = Mapping[str, list[Mapping[str, str]]]
T = TypeVar("T")


def each(parts: Iterable[T], perform: Callable[[T], object], on_failure: Callable[[T, Exception], None]) -> list[T]:
    """Performs every part of a batch, a record or several. Calls `on_failure` for each part that raised; gives these
    parts.
    """
    failed = []
    for part in parts:
        try:
            perform(part)
        except Exception as error:  # noqa: BLE001 - the others of the batch must not come back with it
            on_failure(part, error)
            failed.append(part)
    return failed


def each_group(
    records: Sequence[Record],
    perform: Callable[[Sequence[Record]], object],
    on_failure: Callable[[Sequence[Record], Exception], None],
) -> list[Record]:
    """Performs the records of each group of a FIFO queue together, in their order. If that fails, all records of the
    group are given.
    """
    by_group: dict[str, list[Record]] = {}
    for record in records:
        by_group.setdefault(group(record), []).append(record)
    failed = each(by_group.values(), perform, on_failure)
    return [record for theirs in failed for record in theirs]


def group(record: Record) -> str:
    """The record's group in a FIFO queue."""
    return str(record["attributes"]["MessageGroupId"])


def failures(records: Iterable[Record]) -> Failures:
    """The answer that makes Lambda deliver only these records again; for a stream, everything from the first of them
    on.
    """
    return {"batchItemFailures": [{"itemIdentifier": _id(record)} for record in records]}


def _id(record: Record) -> str:
    return str(record["dynamodb"]["SequenceNumber"] if "dynamodb" in record else record["messageId"])


def as_log_fields(outcomes: Mapping[str, int]) -> dict[str, int]:
    """The numbers of outcomes as fields of a log line. Their names begin with `outcome_`, so they clash with no other
    field.
    """
    return {f"outcome_{name}": count for name, count in outcomes.items()}


def attempt(record: Record) -> int:
    """How often the queue has delivered this record, including now."""
    return int(record["attributes"]["ApproximateReceiveCount"])
