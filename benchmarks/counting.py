"""What it costs to count: 1,000 records of the stream at once, of one agency and of a hundred; and to fold an hour."""

from collections.abc import Callable
from statistics import median
from typing import Any

from benchmarks import figure
from benchmarks.capacity import units
from benchmarks.figure import Figure
from benchmarks.lists import ROUNDS, cpu_ms, on_a_table
from chalicelib import clock, ids
from chalicelib.aws.queues import Task
from chalicelib.figures import hours
from chalicelib.store import fence, keys, table
from chalicelib.store.models.inbox import Message

RECORDS, AGENCIES = 1_000, 100
PUTS, READS = ("PutItem",), ("Query", "GetItem", "BatchGetItem")
BRANDS = 5  # of each of those agencies
MOST_UNITS, MOST_OF_ONE, MOST_OF_A_FOLD, CPU_MS, FOLD_CPU_MS = 1, 0.02, 8, 150, 50
HOUR = clock.now() // clock.HOUR * clock.HOUR


def figures() -> list[Figure]:
    """On a table of its own, from a fresh process."""
    measured: list[Figure] = on_a_table(_measure)
    return measured


def _measure(endpoint: str) -> list[Figure]:
    from chalicelib.background import count

    many = [record for agency in _ids("agc", AGENCIES) for record in _records(agency, RECORDS // AGENCIES, BRANDS)]
    [agency] = _ids("agc", 1)
    of_one_agency = _records(agency, RECORDS)

    sent: list[Task] = []

    def counting(records: list[Any]) -> Callable[[], Any]:
        return lambda: count.handle(records, send=lambda *tasks: sent.extend(tasks))

    def fold() -> None:
        with fence.within(agency):
            hours.fold(agency, HOUR, HOUR)

    of_many = spent(counting(many), *PUTS)[0] / AGENCIES
    folds = len(sent) / AGENCIES
    of_one = spent(counting(of_one_agency), *PUTS)[0] / RECORDS
    cpu = median(cpu_ms(counting(of_one_agency)) for _ in range(ROUNDS))
    written, read = spent(fold, *PUTS, *READS)
    folding = median(cpu_ms(fold) for _ in range(ROUNDS))
    return [
        figure.limit(f"Write units an agency, hour and batch for on_count ({RECORDS:,} records of {AGENCIES} with "
                     f"{BRANDS} brands each)", of_many, MOST_UNITS, "WU"),
        figure.limit("Folds that on_count sends for, an agency, hour and batch", folds, 1, ""),
        figure.limit(f"Write units a message for on_count ({RECORDS:,} records of one agency)", of_one, MOST_OF_ONE,
                     "WU"),
        figure.limit(f"CPU for on_count ({RECORDS:,} records of one agency)", cpu, CPU_MS, "ms"),
        figure.limit(f"Units written and read to fold an hour of {RECORDS:,} messages", written + read, MOST_OF_A_FOLD,
                     "units"),
        figure.limit(f"CPU to fold an hour of {RECORDS:,} messages", folding, FOLD_CPU_MS, "ms"),
    ]  # fmt: skip


def _ids(prefix: str, number: int) -> list[str]:
    return [ids.new(prefix) for _ in range(number)]


def _brand(agency: str, number: int) -> str:
    return f"brd_{number}{agency[5:]}"


def _records(agency: str, number: int, brands: int = 1) -> list[Any]:
    """Messages of one hour, of so many brands, of three channels, as Lambda hands them over."""
    return [_record(agency, index, _brand(agency, index % brands)) for index in range(number)]


def _record(agency: str, index: int, brand: str) -> Any:
    talk, at = f"cnv_{index % 50:020d}", HOUR + index * clock.SECOND
    id = ids.message(talk, at, str(index))
    message = Message(
        keys.within(agency, talk), keys.message(id), id=id, channel=f"chn_{index % 3:026d}", brand=brand,
        direction="in", surface="dm", kind="text", author={}, status="received", sent_at=at, received_at=at,
    )  # fmt: skip
    change = {
        "Keys": {"pk": {"S": message.pk}, "sk": {"S": message.sk}}, "SequenceNumber": str(index),
        "ApproximateCreationDateTime": at // clock.SECOND, "NewImage": message.serialize(),
    }  # fmt: skip
    return {"eventName": "INSERT", "dynamodb": change}


def spent(work: Callable[[], Any], *operations: str) -> tuple[float, float]:
    """Units written and read by the work."""
    calls: list[tuple[str, Any]] = []

    def note(model: Any, parsed: Any, **_: Any) -> None:
        calls.append((model.name, parsed))

    events = table.connection().client.meta.events
    for operation in operations:
        events.register(f"after-call.dynamodb.{operation}", note)
    work()
    for operation in operations:
        events.unregister(f"after-call.dynamodb.{operation}", note)
    return units(calls)
