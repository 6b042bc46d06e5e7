"""Webhooks: how soon a fast receiver has an event, beside one of the same agency that takes calls and never answers.

The receivers are servers of this process. What the queue does is done here: a thread for each endpoint, as the queue
has a group for each, in which one call follows the other.
"""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any

import jwt

from benchmarks import figure, stand
from benchmarks.figure import Figure

RATE, SECONDS = 20, 20
Taken = dict[str, float]


def figures(stack: Mapping[str, Any]) -> list[Figure]:
    """The time from the append to the receiver."""
    arrived: Taken = {}
    with (
        serving(_Fast, arrived) as fast,
        serving(_Hanging, {}) as hanging,
        stand.environ({"RECEIVER_HOSTS": f"{fast},{hanging}"}),
        stand.apart() as apart,
    ):
        appended = apart(tell, stack, fast, hanging)
    waits = sorted(arrived.get(id, time.time()) - at for id, at in appended.items())
    how = f"{RATE} events/s for {SECONDS} s to a fast receiver, beside one that hangs"
    total = len(appended)
    got = sum(1 for id in appended if id in arrived)
    return [
        Figure(f"{how}: delivered", got, "events", total, got / total, f"= {total}", got == total),
        figure.limit(f"{how}: p95", waits[int(total * 0.95)], 1, "s"),
    ]


class _Receiver(BaseHTTPRequestHandler):
    taken: Taken

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.answer()

    def answer(self) -> None:
        """What this receiver does with a delivery."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class _Fast(_Receiver):
    def answer(self) -> None:
        self.taken.setdefault(self.headers["webhook-id"], time.time())
        self.send_response(204)
        self.end_headers()


class _Hanging(_Receiver):
    def answer(self) -> None:
        self.rfile.read(1)  # nothing more comes: this ends when the other side gives up


@contextmanager
def serving(receiver: type[_Receiver], taken: Taken) -> Iterator[str]:
    """A receiver on a free port of this machine; gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Receiver", (receiver,), {"taken": taken}))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()


def tell(stack: Mapping[str, Any], *receivers: str) -> Taken:
    """Makes an endpoint for each receiver, and appends events; gives when each was appended."""
    from chalicelib import clock, ids
    from chalicelib.access import memberships
    from chalicelib.deliveries import turns
    from chalicelib.events import lane
    from chalicelib.events.events import Event
    from chalicelib.store import fence
    from chalicelib.webhooks import endpoints
    from chalicelib.webhooks.classes import PERMISSION

    subject = jwt.decode(stack["tokens"]["owner"], options={"verify_signature": False})["sub"]
    owner = memberships.of(subject, "", "", clock.now()).at([PERMISSION])
    groups, appended = _Groups(), Taken()
    with fence.within(owner.agency):
        made = [
            endpoints.create(owner, url=f"{url}/", classes=["audit"], now=clock.now())[0] for url in receivers
        ]  # fmt: skip
        began = time.monotonic()
        for number in range(RATE * SECONDS):
            time.sleep(max(0.0, began + number / RATE - time.monotonic()))  # the rate is the measure
            event = Event(ids.new("evt"), "role.changed", now := clock.now(), "", ids.new("rol"))
            segments = lane.append(owner.agency, [event], now, now)
            appended[event.id] = time.time()
            groups.take(turns.tasks(owner.agency, segments, now))
        groups.until_idle(made[0].id)
        for endpoint in made:
            endpoints.remove(owner, endpoint, clock.now())
    return appended


class _Groups:
    """A thread for each group, which hands its tasks to `on_delivery`, one after the other."""

    def __init__(self) -> None:
        self._waiting: dict[str, Queue[Any]] = {}

    def take(self, tasks: Any) -> None:
        for task in tasks:
            if task.group not in self._waiting:
                self._waiting[task.group] = Queue()
                threading.Thread(target=self._work, args=(self._waiting[task.group],), daemon=True).start()
            self._waiting[task.group].put(task)

    def until_idle(self, endpoint: str) -> None:
        """Waits until the tasks of an endpoint are done."""
        for group, waiting in list(self._waiting.items()):
            if endpoint in group:
                waiting.join()

    def _work(self, waiting: "Queue[Any]") -> None:
        import app

        while True:
            task = waiting.get()
            record = {"messageId": "1", "receiptHandle": "1", "body": json.dumps(task.body), "eventSource": "aws:sqs"}
            app.on_delivery({"Records": [{**record, "attributes": {"ApproximateReceiveCount": "1"}}]}, None)
            waiting.task_done()
