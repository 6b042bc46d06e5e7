"""The SQS queues. Bodies are ASCII JSON, as SQS refuses some characters that strangers send."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from chalicelib import batch, log, settings
from chalicelib.aws import clients
from chalicelib.batch import Record

_LONGEST_WAIT_SECONDS = 12 * 3600
_MOST_AT_ONCE = 10
_MOST_BYTES_AT_ONCE = 1 << 20
_GROWTH, _LONGEST_RETRY_SECONDS = 5, 300


class NotSent(Exception):
    """Raised when the queue did not take some of the tasks; it may have taken others of the same call."""


@dataclass(frozen=True)
class Task:
    """A message for a queue of infra/functions.yaml.

    `group` is the owner of the work: the agency, wherever it is known. A fair queue serves a group with a large backlog
    after the others, so that nobody waits for somebody else's backlog
    (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html). A FIFO queue
    keeps a group in order, and accepts a task with the same `once` only once in five minutes. Other queues hold a task
    back for `delay` seconds.
    """

    queue: str
    body: Mapping[str, Any]
    group: str
    once: str = ""
    delay: int = 0


@cache
def _client() -> Any:
    return clients.make("sqs")


def send(*tasks: Task) -> None:
    """Sends the tasks, up to ten in a call. Raises NotSent; some of them may have been sent then.

    Of a group in a FIFO queue, those that were sent are always the first ones. So if all are sent again, their order is
    kept.
    """
    for queue in dict.fromkeys(task.queue for task in tasks):
        for turn in _rounds([task for task in tasks if task.queue == queue]):
            for portion in _portions([_entry(task) for task in turn]):
                numbered = [{**entry, "Id": str(number)} for number, entry in enumerate(portion)]
                _send_portion(queue, numbered)


def _rounds(tasks: Sequence[Task]) -> Iterable[Sequence[Task]]:
    """The tasks in rounds, each with one task of a FIFO queue's group, because SQS may take some tasks of a call and
    not others.
    """
    turns: dict[int, list[Task]] = defaultdict(list)
    before: Counter[str] = Counter()
    for task in tasks:
        turns[before[task.group]].append(task)
        before[task.group] += bool(task.once)
    return turns.values()


def _send_portion(queue: str, entries: Sequence[Mapping[str, Any]]) -> None:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        answer = _client().send_message_batch(QueueUrl=settings.get().queues[queue], Entries=entries)
    except (BotoCoreError, ClientError) as error:
        raise NotSent(queue) from error
    if failed := answer.get("Failed"):
        raise NotSent(f"{queue}: {failed[0].get('Code')}")


def size(body: Mapping[str, Any]) -> int:
    """The bytes of a task's body in its queue."""
    return len(_text(body))


def _text(body: Mapping[str, Any]) -> str:
    return json.dumps(body, separators=(",", ":"))


def _entry(task: Task) -> dict[str, Any]:
    entry: dict[str, Any] = {"MessageBody": _text(task.body), "MessageGroupId": task.group}
    if task.once:
        entry["MessageDeduplicationId"] = task.once
    if task.delay:
        entry["DelaySeconds"] = task.delay
    return entry


def _portions(entries: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[Mapping[str, Any]]]:
    """The entries in parts that fit into one call."""
    portion: list[Mapping[str, Any]] = []
    size = 0
    for entry in entries:
        length = len(entry["MessageBody"])
        if portion and (len(portion) == _MOST_AT_ONCE or size + length > _MOST_BYTES_AT_ONCE):
            yield portion
            portion, size = [], 0
        portion.append(entry)
        size += length
    if portion:
        yield portion


def retry(queue: str, *records: Record) -> int:
    """Makes failed tasks of a group come back together: after a second at first, later each time, at most five minutes.

    Gives that time in seconds. Otherwise they would stay hidden for the queue's full time-out: minutes, in which
    everything behind them in a FIFO queue waits. To wait for somebody else's server, use `postpone`.
    """
    attempt = max(batch.attempt(record) for record in records)
    seconds: int = min(_GROWTH ** (attempt - 1), _LONGEST_RETRY_SECONDS)
    for record in records:
        postpone(queue, record["receiptHandle"], seconds)
    return seconds


def postpone(queue: str, receipt: str, seconds: int) -> None:
    """Makes a received message come back after that many seconds (at most 12 h); its group waits behind it.

    If SQS refuses, this is only logged and the queue's own time-out counts, so that the other messages of the batch do
    not fail, too.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        _client().change_message_visibility(
            QueueUrl=settings.get().queues[queue],
            ReceiptHandle=receipt,
            VisibilityTimeout=max(0, min(seconds, _LONGEST_WAIT_SECONDS)),
        )
    except (BotoCoreError, ClientError) as error:
        log.problem("postpone_failed", error, queue=queue)
