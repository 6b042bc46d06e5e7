"""What a comment costs the table that waits for a person or is hidden, beside a clean one: units as AWS bills them.

Counted are the delivery, the judging and the seal of what the audit tells of it; each process is called here in turn.
"""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from benchmarks import figure
from benchmarks.capacity import units
from benchmarks.figure import Figure
from benchmarks.hook import Hook, Queue
from benchmarks.inbox import Inbox

CLEAN, QUEUED, HIDDEN = "Is it in stock?", "buy followers cheap", "You are all w4nkers"
MOST_QUEUED, MOST_HIDDEN = 8, 17
RULE = {
    "name": "Advertising", "clause": "advertising.spam",
    "when": {"all": [{"field": "category", "is": "spam"}, {"field": "surface", "is": "comment"}]},
    "then": [{"do": "queue"}],
}  # fmt: skip


STRIKES = [{"do": "hide"}, {"do": "strike", "weight": 1}]


def figures(stack: Mapping[str, Any]) -> list[Figure]:
    """While that rule queues, and another hides insults and counts them; in a process of its own."""
    stored = _Desk(stack)
    stored.costs(CLEAN)  # the first of somebody writes more
    clean, queued, hidden = (stored.costs(text) for text in (CLEAN, QUEUED, HIDDEN))
    more = "Write units of a comment that %s, beyond a clean one"
    return [
        figure.limit(more % "waits for a person", queued - clean, MOST_QUEUED, "WU"),
        figure.limit(more % "is hidden and counts", hidden - clean, MOST_HIDDEN, "WU"),
    ]


class _Desk:
    """Somebody who comments on Facebook, and all that is done about it."""

    def __init__(self, stack: Mapping[str, Any]) -> None:
        self._hook, self._queue = Hook(stack, "facebook", "comment"), Queue()
        self._inbox, self._agency = Inbox(stack, "16505550009"), stack["agency"]

    def costs(self, text: str) -> float:
        """The units written until all is done about the comment."""
        import app

        written, items = self._watched(lambda: self._deliver(app, text))
        [message] = [item for item in items if item["sk"]["S"].startswith("message#")]
        if "moderate" not in message.get("todo", {}).get("S", ""):
            return written
        task = {"agency": self._agency, "pk": message["pk"]["S"], "sk": message["sk"]["S"]}
        judged, items = self._watched(lambda: app.on_moderation({"Records": [self._record(task)]}, None))
        entries = [{"entry": item["id"]["S"]} for item in items if item["sk"]["S"].startswith("entry#")]
        sealed, _ = self._watched(lambda: app.on_audit({"Records": list(map(self._record, entries))}, None))
        return written + judged + (sealed if entries else 0)

    def _deliver(self, app: Any, text: str) -> None:
        id = f"9{time.time_ns()}"
        self._hook.post(app.on_hook, self._hook.event(self._hook.body(text=text, id=id, person="559999", name="P")))
        records = self._queue.take()
        if app.on_inbound({"Records": records}, None)["batchItemFailures"]:
            raise SystemExit("A comment was not applied.")
        self._queue.drop(records)

    def _watched(self, work: Callable[[], object]) -> tuple[float, list[Any]]:
        """The units that the work writes, and the items that it puts."""
        asked: list[tuple[str, Any]] = []
        answers = self._inbox.watched(
            "after-call", lambda: asked.extend(self._inbox.watched("before-parameter-build", work))
        )
        puts = [params["Item"] for name, params in asked if name == "PutItem"]
        for name, params in asked:
            if name == "TransactWriteItems":
                puts += [write["Put"]["Item"] for write in params["TransactItems"] if "Put" in write]
        answered = [answer for answer in answers if "ConsumedCapacity" in answer[1]]  # what is refused tells none
        return units(answered)[0], puts

    def _record(self, task: Mapping[str, Any]) -> Mapping[str, Any]:
        attributes = {"ApproximateReceiveCount": "1", "MessageGroupId": self._agency}
        return {"messageId": "bench", "receiptHandle": "", "attributes": attributes, "body": json.dumps(task)}
