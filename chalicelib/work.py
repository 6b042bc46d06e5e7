"""The background's doors: batches come in, each record is done on its own, and only those that failed come back."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib import clock, log, queues, settings
from chalicelib import tick as clockwork
from chalicelib.inbox import followup as after
from chalicelib.inbox import watch
from chalicelib.insight import audit
from chalicelib.networks import intake
from chalicelib.networks import outbox as sending
from chalicelib.store import fence, keys

Event = Mapping[str, Any]
Failures = Mapping[str, list[Mapping[str, str]]]
SOON = 30  # seconds; the queue itself would wait for as long as a large file may take


def inbound(records: Sequence[Event]) -> Failures:
    """Apply queued webhook bodies."""
    done: Counter[str] = Counter()
    failed = []
    for record in records:
        try:
            done += Counter(intake.process(json.loads(record["body"]), _attempt(record), clock.now()))
        except Exception as error:  # noqa: BLE001 - the others of the batch must not come back with it
            log.problem("delivery_failed", error)
            failed.append(record["messageId"])
    log.line("inbound", records=len(records), failed=len(failed), **done)
    return _failures(failed)


def outbox(records: Sequence[Event]) -> Failures:
    """Send queued messages; behind one that has to wait, its channel's others wait too, and nobody else's."""
    done: Counter[str] = Counter()
    failed: list[str] = []
    waiting: dict[str, float] = {}
    for record in records:
        group = record["attributes"]["MessageGroupId"]
        try:
            if group in waiting:
                raise sending.Later(waiting[group])
            task = json.loads(record["body"])
            with fence.within(keys.agency_of(task["pk"])):
                done[sending.deliver(task, clock.now())] += 1
        except sending.Later as later:
            waiting[group] = later.seconds
            queues.postpone(settings.get().outbox_queue, record["receiptHandle"], round(later.seconds + 0.5))
            failed.append(record["messageId"])
        except Exception as error:  # noqa: BLE001 - what is claimed stays claimed; the next look makes it unknown
            log.problem("outbox_failed", error)
            waiting[group] = 1
            failed.append(record["messageId"])
    log.line("outbox", records=len(records), failed=len(failed), **done)
    return _failures(failed)


def followup(records: Sequence[Event]) -> Failures:
    """Do what is left to do about messages, and look after conversations."""
    failed = []
    for record in records:
        try:
            _follow_up(json.loads(record["body"]), _attempt(record))
        except after.Again:
            failed.append(record["messageId"])
        except Exception as error:  # noqa: BLE001 - as above
            log.problem("followup_failed", error)
            queues.postpone(settings.get().followup_queue, record["receiptHandle"], SOON)
            failed.append(record["messageId"])
    log.line("followup", records=len(records), failed=len(failed))
    return _failures(failed)


def _follow_up(task: Event, attempt: int) -> None:
    agency, _, id = task["pk"].partition("#")
    with fence.within(agency):
        if task["sk"] == keys.CONVERSATION:
            watch.look(agency, id, max(clock.now(), task.get("at", 0)))
        elif task["sk"] == keys.BRAND:
            _look_everywhere(agency, id, task)
        else:
            after.work(task, attempt, clock.now())


def _look_everywhere(agency: str, brand: str, task: Event) -> None:
    edge = watch.everywhere(agency, brand, task["status"], task.get("edge", ""))
    if edge:
        queues.send(settings.get().followup_queue, {**task, "edge": edge})


def tick() -> None:
    """Do what is due."""
    log.line("tick", **clockwork.run(clock.now()))


def changes(records: Sequence[Event]) -> Failures:
    """Queue what new messages and changed conversations leave to be done, and seal new audit entries.

    The stream goes on at the first failure.
    """
    for record in records:
        try:
            _follow(record["eventName"], record["dynamodb"])
        except Exception as error:  # noqa: BLE001 - as above
            log.problem("change_failed", error)
            return _failures([record["dynamodb"]["SequenceNumber"]])
    log.line("changes", records=len(records))
    return _failures([])


def _follow(kind: str, change: Event) -> None:
    image = change.get("NewImage", {})
    pk, sk = change["Keys"]["pk"]["S"], change["Keys"]["sk"]["S"]
    if kind == "MODIFY" and sk == keys.CONVERSATION and watch.stirred(change.get("OldImage", {}), image):
        queues.send(settings.get().followup_queue, {"pk": pk, "sk": sk})
    if kind != "INSERT":
        return
    if "todo" in image:
        sending.enqueue(pk, sk, image["todo"]["S"], image["channel"]["S"])
    elif sk.startswith(keys.ENTRIES):
        with fence.within(keys.agency_of(pk)):
            audit.seal(keys.agency_of(pk), image["id"]["S"])


def _attempt(record: Event) -> int:
    return int(record["attributes"]["ApproximateReceiveCount"])


def _failures(ids: list[str]) -> Failures:
    return {"batchItemFailures": [{"itemIdentifier": id} for id in ids]}
