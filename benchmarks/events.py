"""Events: how soon they can be read after the webhook, what they cost, and how fast somebody who was away catches up.

The table's stream is read four times a second, as Lambda does, and handed to `on_change` in process; so is the queue of
events to `on_event`.
"""

import json
import math
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from itertools import pairwise
from typing import Any

from benchmarks import figure, flow, stand, stream
from benchmarks.capacity import units
from benchmarks.figure import Figure
from benchmarks.hook import Queue
from chalicelib import clock, ids
from chalicelib.access import actors
from chalicelib.events import feed, lane
from chalicelib.events.events import Event
from chalicelib.events.filters import EVERYTHING, Filter
from chalicelib.store import fence, keys, table
from chalicelib.store.changes import Change
from chalicelib.store.models.inbox import Conversation, Message
from local import environment

WAITING = ("InboundQueue", "EventsQueue", "FollowupQueue", "AuditQueue")
RECEIVED = Filter(types=frozenset({"message.received"}))
MISSED, PACKED = 10_000, 20
BRANDS, TALKS, RATE, SECONDS = 30, 300, 100, 30
_seen: dict[str, float] = {}


def figures() -> list[Figure]:
    """In a process of their own: the next part's is another table, and a process stays with the one that it opened."""
    with stand.apart() as apart:
        return apart(_measure)


def _measure() -> list[Figure]:
    """On a stack of its own, whose table has a stream."""
    with stand.environ(environment.tools()), stand.stack(WAITING, stream=True) as stack:
        with stand.apart() as apart:
            written, caught_up = apart(_written_units, RATE * SECONDS), apart(_catch_up)
        return [*_readable(stack), written, *caught_up]


def _readable(stack: Mapping[str, Any]) -> list[Figure]:
    with ExitStack() as processes:
        doors, consumers, [events, reader] = (
            [processes.enter_context(stand.apart()) for _ in range(count)]
            for count in (flow.DOORS, flow.CONSUMERS, 2)
        )  # fmt: skip
        for apart, work in ((events, tell), (reader, read)):
            apart(work, stack)
        for name, seconds in (("warm", flow.WARM_UP), ("real", SECONDS)):
            due, stored = flow.posted_and_stored(stack, doors, consumers, name, seconds)
        seen, twice, gaps = reader(read_all, stack, [ids.digest(id) for id in due])
        for apart in (events, reader):
            apart(stream.end)
    waits, rest = (
        sorted(seen.get(ids.digest(id), math.inf) - at for id, at in since.items() if id in due)
        for since in (due, stored)
    )
    how = f"{flow.RATE} webhooks/s for {SECONDS} s"
    at_95 = int(len(due) * 0.95)
    total, once = len(due), sum(1 for id in due if ids.digest(id) in seen) - twice - gaps
    return [
        Figure(f"{how}: told once, without a gap", once, "events", total, once / total, f"= {total}", once == total),
        figure.limit(f"{how}: p95 from the webhook to the event in the feed", waits[at_95], 1.0, "s"),
        figure.limit(f"{how}: p95 from the stored message to its event in the feed", rest[at_95], 0.95, "s"),
    ]


def tell(stack: Mapping[str, Any]) -> None:
    """From now on, reads the stream and appends events."""
    stream.begin(stream.follow, _append)


def read(stack: Mapping[str, Any]) -> None:
    """From now on, reads the feed, and notes when each message was there."""
    stream.begin(lambda: _follow_feed(stack["agency"]))


def _append() -> None:
    import app

    queue = Queue("events")
    while not stream.ending.is_set():
        if records := queue.take():
            app.on_event({"Records": records}, None)
            queue.drop(records)


def _follow_feed(agency: str) -> None:
    cursor = feed.NOW
    while not stream.ending.is_set():
        with fence.within(agency):
            answer = feed.listing(actors.system(agency), cursor, RECEIVED, 1000, full=False, now=clock.now())
        cursor, now = answer["cursor"], time.time()
        for event in answer["items"]:
            _seen.setdefault(event["target"][-16:], now)
        stream.ending.wait(0.1)


def read_all(stack: Mapping[str, Any], wanted: Sequence[str]) -> tuple[dict[str, float], int, int]:
    """When each message was first in the feed; how many are in the lane twice, and after how many numbers one lacks."""
    patience = time.monotonic() + 60
    while set(wanted) - set(_seen) and time.monotonic() < patience:
        stream.ending.wait(0.2)
    with fence.within(stack["agency"]):
        segments = list(lane.read(stack["agency"], 0))
    counted = Counter(event.id for segment in segments for event in segment.events)
    gaps = sum(1 for segment, following in pairwise(segments) if following.number != segment.number + 1)
    return dict(_seen), sum(1 for count in counted.values() if count > 1), gaps


def _written_units(messages: int) -> Figure:
    """The units of appending what so many messages to an agency of thirty brands make, in portions of a poll."""
    from chalicelib.background import change, event

    agency = ids.new("agc")
    count, written = 0, 0.0
    for start in range(0, messages, RATE // stream.POLLS):
        changes = [change_ for n in range(start, start + RATE // stream.POLLS) for change_ in _message(agency, n)]
        tasks = change.event_tasks(changes)
        count += sum(len(task.body["events"]) for task in tasks)
        records = [_record(agency, number, task.body) for number, task in enumerate(tasks)]
        written += units(_watched(lambda records=records: event.handle(records)))[0]
    name = f"Write units per event, at {RATE} messages/s over {BRANDS} brands of an agency"
    return figure.limit(name, written / count, 0.2, "WU")


def _record(agency: str, number: int, body: Any) -> Any:
    return {"messageId": str(number), "body": json.dumps(body), "attributes": {"MessageGroupId": agency}}


def _message(agency: str, number: int) -> list[Change]:
    """What the stream tells of a message in one of the conversations: every tenth is the first after an answer."""
    brand, talk = f"brd_{number % BRANDS}", ids.conversation("key", "chn_1", "dm", str(number % TALKS))
    at = clock.now()
    message = Message(
        keys.within(agency, talk), keys.message(id := ids.message(talk, at, str(number))), id=id, channel="chn_1",
        brand=brand, direction="in", surface="dm", kind="text", author={}, status="received", sent_at=at,
        received_at=at,
    )  # fmt: skip
    heard = number // TALKS + 1
    is_answered = (number // TALKS) % 10 == 0
    old, new = (_talk(agency, talk, brand, at, unread, heard) for unread in (0 if is_answered else heard, heard + 1))
    return [
        Change("INSERT", message.pk, message.sk, {}, message.serialize(), f"{number}a", at),
        Change("MODIFY", new.pk, new.sk, old.serialize(), new.serialize(), f"{number}b", at),
    ]


def _talk(agency: str, id: str, brand: str, at: int, unread: int, heard: int) -> Conversation:
    return Conversation(
        keys.within(agency, id), keys.CONVERSATION, brand=brand, channel="chn_1", network="example", surface="dm",
        thread="1", inbox=keys.inbox(agency, brand, "open"), activity=keys.activity(at, id), unread=unread,
        waiting_since=at if unread else None, last_message={"id": "1"}, heard=heard, created_at=at, updated_at=at,
    )  # fmt: skip


def _watched(work: Any) -> list[tuple[str, Any]]:
    calls: list[tuple[str, Any]] = []

    def note(model: Any, parsed: Any, **_: Any) -> None:
        calls.append((model.name, parsed))

    events = table.connection().client.meta.events
    events.register("after-call.dynamodb.*", note)
    try:
        work()
    finally:
        events.unregister("after-call.dynamodb.*", note)
    return calls


def _catch_up() -> list[Figure]:
    """Somebody was away for ten thousand events."""
    agency = ids.new("agc")
    with fence.within(agency):
        now = clock.now()
        for start in range(0, MISSED, PACKED):
            lane.append(agency, [_missed(number) for number in range(start, start + PACKED)], now + start, now + start)
        began = time.perf_counter()
        calls = _watched(lambda: _read_everything(agency))
        took = time.perf_counter() - began
    how = f"{MISSED:,} missed events"
    return [
        figure.limit(f"{how}, read again (detail=thin)", took, 3, "s"),
        figure.limit(f"{how}, read again (detail=thin): read units", units(calls)[1], 100, "RU"),
    ]


def _missed(number: int) -> Event:
    talk = ids.conversation("key", "chn_1", "dm", str(number % TALKS))
    target = ids.message(talk, clock.now(), str(number), ids.arrival(clock.now()))
    return Event(
        f"evt_{ids.digest(str(number), length=20)}", "message.received", clock.now(),
        f"brd_{ids.digest(str(number % BRANDS))}", target, 1,
    )  # fmt: skip


def _read_everything(agency: str) -> None:
    cursor, more = "", True
    while more:
        answer = feed.listing(actors.system(agency), cursor, EVERYTHING, 1000, full=False, now=clock.now())
        cursor, more = answer["cursor"], answer["more"]
