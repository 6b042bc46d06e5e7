"""`on_change` gets every change of the table and starts what has to happen because of it.

It runs at least once per change, for each item in the order of its changes, and stops at the first failure.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib import log
from chalicelib.background import batch
from chalicelib.background.batch import Failures, Record
from chalicelib.insight import chain
from chalicelib.store import fence, keys
from chalicelib.teamwork import escalation
from chalicelib.transport import outbox

Image = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One change of an item, in DynamoDB's JSON; `old` or `new` is empty if there is no such image."""

    kind: str
    pk: str
    sk: str
    old: Image
    new: Image


def handle(records: Sequence[Record]) -> Failures:
    """Handle the changes in order. From the first that fails on, all come back."""
    for record in records:
        try:
            _route(_change(record))
        except Exception as error:  # noqa: BLE001 - the stream brings back this one and all after it
            log.problem("change_failed", error)
            return batch.failures([record["dynamodb"]["SequenceNumber"]])
    log.line("changes", records=len(records))
    return batch.failures([])


def _change(record: Record) -> Change:
    stream = record["dynamodb"]
    pk, sk = (stream["Keys"][name]["S"] for name in ("pk", "sk"))
    return Change(record["eventName"], pk, sk, stream.get("OldImage", {}), stream.get("NewImage", {}))


def _route(change: Change) -> None:
    for concerns, perform in ROUTES:
        if concerns(change):
            perform(change)


def _leaves_work(change: Change) -> bool:
    """True if more is to be done about a message than before: it is new, or an edit brought files."""
    return bool(_todo(change.new) - _todo(change.old))


def _todo(image: Image) -> set[str]:
    return set(image["todo"]["S"].split(",")) if "todo" in image else set()


def _queue_work(change: Change) -> None:
    outbox.enqueue(change.pk, change.sk, change.new["todo"]["S"], change.new["channel"]["S"])


def _is_audited(change: Change) -> bool:
    return change.kind == "INSERT" and change.sk.startswith(keys.ENTRIES)


def _seal(change: Change) -> None:
    agency = keys.agency_of(change.pk)
    with fence.within(agency):
        chain.seal(agency, change.new["id"]["S"])


def _moves_deadlines(change: Change) -> bool:
    is_conversation = change.kind == "MODIFY" and change.sk == keys.CONVERSATION
    return is_conversation and escalation.depends_on(change.old, change.new)


def _queue_check(change: Change) -> None:
    escalation.queue_check(keys.agency_of(change.pk), change.pk.partition("#")[2])


ROUTES: Sequence[tuple[Callable[[Change], bool], Callable[[Change], None]]] = (
    (_leaves_work, _queue_work),
    (_is_audited, _seal),
    (_moves_deadlines, _queue_check),
)
