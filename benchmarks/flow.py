"""End to end: signed webhooks at a steady rate, and every message looked up afterwards through the API.

The emulator's gateway takes longer over a request than all of our code does, so the app is called in its place, and the
queue is read here; the queue, the bucket and, for the looking up, the gateway and the authorizer are the stack's own.
"""

import math
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import islice
from typing import Any

import urllib3

from benchmarks import figure, stand, stream
from benchmarks.figure import Figure
from benchmarks.hook import Hook, Queue

RATE, SECONDS, PEOPLE = 100, 30, 100
WARM_UP = 3
DOORS, CONSUMERS, THREADS = 2, 2, 4
_ID = re.compile(r"wamid\.[a-z]+\.\d+")
Times = dict[str, float]
_stored: Times = {}


def figures(stack: Mapping[str, Any]) -> list[Figure]:
    """Posts and consumes side by side, then reads everything back."""
    with ExitStack() as processes:
        doors, consumers = (
            [processes.enter_context(stand.apart()) for _ in range(count)] for count in (DOORS, CONSUMERS)
        )
        posted_and_stored(stack, doors, consumers, "warm", WARM_UP)
        due, seen = posted_and_stored(stack, doors, consumers, "real", SECONDS)
    listed = Counter(id for id in _read_back(stack) if id in due)
    once = sum(1 for id in due if listed[id] == 1 and id in seen)
    waits = sorted(seen.get(id, math.inf) - at for id, at in due.items())
    how = f"{RATE} webhooks/s for {SECONDS} s (API entry and queue consumers in process)"
    total = len(due)
    return [
        Figure(f"{how}: there once, by the API", once, "messages", total, once / total, f"= {total}", once == total),
        figure.limit(f"{how}: p95 from due to stored", waits[int(total * 0.95)], 1, "s"),
    ]


def posted_and_stored(
    stack: Mapping[str, Any], doors: Sequence[stand.Apart], consumers: Sequence[stand.Apart], name: str, seconds: int
) -> tuple[Times, Times]:
    """When each webhook was due, by the network's id of its message, and when the message was stored."""
    for apart in consumers:
        apart(start)
    began = time.time() + 1
    due = {f"wamid.{name}.{number}": began + number / RATE for number in range(seconds * RATE)}
    shares = [dict(islice(due.items(), number, None, len(doors))) for number in range(len(doors))]
    for posted in [door.begin(post, stack, share) for door, share in zip(doors, shares, strict=True)]:
        posted.result()
    return due, {id: at for apart in consumers for id, at in apart(finish).items()}


def post(stack: Mapping[str, Any], due: Times) -> None:
    """Hands the app each webhook when it is due, one after the other, as a process of Lambda does."""
    import app

    hook = Hook(stack)
    for id, at in due.items():
        event = hook.event(hook.body(id=id, person=_person(id), text=f"Is it in stock? ({id})"))
        hook.post(app.on_hook, event, at)


def _person(id: str) -> str:
    return f"1650557{int(id.rpartition('.')[2]) % PEOPLE:04d}"


def start() -> None:
    """Takes deliveries from the queue from now on."""
    stream.begin(*[_consume] * THREADS)


def finish() -> Times:
    """Waits until the queue is empty; gives for each message a time by which it was stored."""
    stream.end()
    return _stored


def _consume() -> None:
    import app

    queue = Queue()
    while True:
        records = queue.take()
        if not records and stream.ending.is_set():
            return
        if records:
            answer = app.on_inbound({"Records": records}, None)
            failed = {entry["itemIdentifier"] for entry in answer["batchItemFailures"]}
            done = [record for record in records if record["messageId"] not in failed]
            _stored.update(dict.fromkeys((id for record in done for id in _ID.findall(record["body"])), time.time()))
            queue.drop(done)


def _read_back(stack: Mapping[str, Any]) -> Iterator[str]:
    """The network's id of every message in the brand's WhatsApp conversations, as often as the API lists it."""
    for conversation in _listed(stack, f"/conversations?brand={stack['brand']}&network=whatsapp&limit=100"):
        for message in _listed(stack, f"/conversations/{conversation['id']}/messages?limit=100"):
            yield message["network_id"]


def _listed(stack: Mapping[str, Any], path: str) -> Iterator[Mapping[str, Any]]:
    headers = {"Authorization": f"Bearer {stack['tokens']['owner']}"}
    cursor: str | None = ""
    while cursor is not None:
        address = f"{stack['api']}{path}{cursor and '&cursor=' + cursor}"
        page = urllib3.request("GET", address, headers=headers, timeout=30).json()
        yield from page["items"]
        cursor = page["next"]
