"""Runs the whole product in one process, calls each function when AWS would, and counts what that takes.

The queues are the emulator's, and this process reads them. The table's stream is made here, from what each write
changes.
"""

import io
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any

from benchmarks import stand
from benchmarks.hook import Queue
from chalicelib import settings
from chalicelib.store import table
from local import environment, infra

Json = Mapping[str, Any]
_KINDS = {"Put": "Item", "Update": "Key", "Delete": "Key"}
_OVERHEAD = 100  # bytes that DynamoDB adds to each item it keeps
_READS = ("GetItem", "Query", "BatchGetItem")


class Log(io.TextIOBase):
    """Standard output, of which only the length is kept."""

    written = 0

    def write(self, text: str) -> int:
        self.written += len(text.encode())
        return len(text)


LATER = ("texts",)  # kept back for half a minute, then done for all that happened: benchmarks/finding.py


class Machine:
    """Calls the functions and counts: for each its calls, CPU and calls to AWS; for all together units and bytes.

    What the lane writes and keeps, and the requests to its queue, are on_event's.
    """

    def __init__(self) -> None:
        sys.stdout = self._log = Log()
        import app

        self._app, self._table = app, infra.table()
        self._queues = {name: Queue(name) for name in self._table["queues"]}
        self._changes: list[Json] = []
        self._numbers = count()
        self._look = environment.client("dynamodb", os.environ[stand.TABLE])
        self._looking = 0.0
        self._writing: list[tuple[Json, Json]] = []
        self._running = ""
        self.used: dict[str, float] = defaultdict(float)
        self._watch()

    def _watch(self) -> None:
        """Every call to AWS is seen twice: before it is made, and when it is answered."""
        import boto3

        boto3.setup_default_session()
        for events in (boto3.DEFAULT_SESSION.events, table.connection().client.meta.events):
            events.register("before-parameter-build.*.*", self._before)
            events.register("after-call.*.*", self._after)

    def run(self, function: str, event: Json) -> Any:
        """Calls a function, then all that AWS would call because of it."""
        answer = self._invoke(function, event)
        self.settle()
        return answer

    def aside(self, work: Callable[[], object]) -> None:
        """Does work that prepares what is measured, without counting it."""
        counted = dict(self.used)
        work()
        self.used.clear()
        self.used.update(counted)

    def settle(self) -> None:
        """Calls the functions for which the stream or a queue has something, until there is nothing left."""
        while self._changes or self._drained():
            changes = [change for change in self._changes if self._is_streamed(change)]
            self._changes.clear()
            if changes:
                self._invoke("on_change", {"Records": changes})

    def _invoke(self, function: str, event: Json) -> Any:
        called = self._app.app if function == "api" else getattr(self._app, function)
        before, self._running = self._log.written, function
        began = time.process_time()
        self._looking = 0.0
        answer = called(event, None)
        self.used[f"{function}: CPU ms"] += (time.process_time() - began - self._looking) * 1000
        self.used[f"{function}: calls"] += 1
        self.used["log bytes"] += self._log.written - before
        self._running = ""
        return answer

    def _drained(self) -> bool:
        """True if there was something in a queue."""
        taken = [self._took(name) for name in self._queues if name not in LATER]
        return any(taken)

    def _took(self, name: str) -> bool:
        taker = next(key for key, function in self._table["functions"].items() if function.get("takes") == name)
        records = self._queues[name].take(wait=0)
        if not records:
            return False
        self.used[self._requests(name)] += 2  # it is received and deleted
        self._invoke(taker, {"Records": records})
        self._queues[name].drop(records)
        return True

    def _requests(self, queue: str) -> str:
        if queue in ("events", *LATER):
            return "on_event: requests"
        return "fifo requests" if self._table["queues"][queue].get("fifo") else "queue requests"

    def _own(self, unit: str) -> str:
        """What the lane takes is counted apart: under load its portions are shared."""
        return f"on_event: {unit}" if self._running == "on_event" else unit

    def _before(self, params: Any, model: Any, **_: Any) -> None:
        if self._running and model.service_model.service_name == "dynamodb":
            self._writing = [(key, self._image(key)) for key in _written(model.name, params)]
        if self._running and model.service_model.service_name == "sqs":
            addresses = {queue.address: name for name, queue in self._queues.items()}
            self.used[self._requests(addresses[params["QueueUrl"]])] += 1

    def _after(self, parsed: Any, model: Any, **_: Any) -> None:
        if not self._running:
            return
        service = model.service_model.service_name
        self.used[f"{self._running}: calls to AWS"] += 1
        if service not in ("dynamodb", "sqs"):
            self.used[f"{service} {model.name}"] += 1
        consumed = parsed.get("ConsumedCapacity", [])
        units = sum(usage["CapacityUnits"] for usage in (consumed if isinstance(consumed, list) else [consumed]))
        if units:
            self.used["read units" if model.name in _READS else self._own("write units")] += units
        for key, before in self._writing:
            self._change(key, before, self._image(key))
        self._writing = []

    def _image(self, key: Json) -> Json:
        began, running, self._running = time.process_time(), self._running, ""
        table = settings.get().table
        image: Json = self._look.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item", {})
        self._running = running
        self._looking += time.process_time() - began
        return image

    def _change(self, key: Json, old: Json, new: Json) -> None:
        if old == new:
            return
        self.used[self._own("kept bytes")] += _size(new) - _size(old)
        kind = "REMOVE" if not new else "MODIFY" if old else "INSERT"
        images = {"OldImage": old} if old else {}
        images |= {"NewImage": new} if new else {}
        about = {
            "Keys": key,
            "SequenceNumber": str(next(self._numbers)),
            "ApproximateCreationDateTime": int(time.time()),
        }
        self._changes.append({"eventName": kind, "dynamodb": {**about, **images}})

    def _is_streamed(self, change: Json) -> bool:
        return any(matches(pattern, change) for pattern in self._table["functions"]["on_change"]["stream"])


def _written(operation: str, params: Any) -> Iterator[Json]:
    """The keys of the items that a call to the table writes."""
    requests: list[tuple[str, Any]] = []
    if operation == "TransactWriteItems":
        requests = [pair for write in params["TransactItems"] for pair in write.items()]
    elif operation.endswith("Item"):
        requests = [(operation.removesuffix("Item"), params)]
    for kind, request in requests:
        if kind in _KINDS:
            given = request[_KINDS[kind]]
            yield {"pk": given["pk"], "sk": given["sk"]}


def _size(item: Json) -> int:
    """The bytes that DynamoDB counts: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html"""
    return _OVERHEAD + sum(len(name) + _length(value) for name, value in item.items()) if item else 0


def _length(typed: Json) -> int:
    [(kind, value)] = typed.items()
    if kind in ("M", "L"):
        parts = value.items() if kind == "M" else (("", part) for part in value)
        return 3 + sum(1 + len(name) + _length(part) for name, part in parts)
    return len(str(value).encode()) if kind == "S" else 1 + len(str(value)) // 2


def matches(pattern: Any, value: Any) -> bool:
    """True if Lambda's filter lets that through, as far as the patterns of infra/functions.yaml go."""
    if isinstance(pattern, Mapping):
        return all(matches(wanted, (value or {}).get(name)) for name, wanted in pattern.items())
    return any(_fits(wanted, value) for wanted in pattern)


def _fits(wanted: Any, value: Any) -> bool:
    if not isinstance(wanted, Mapping):
        return bool(value == wanted)
    return value is not None and str(value).startswith(wanted.get("prefix", ""))
