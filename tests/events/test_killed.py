"""Whoever carries events dies at some step, and everything comes again: nothing is lost and nothing is told twice."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import Random
from typing import Any

import pytest

from chalicelib import clock, ids
from chalicelib.aws.queues import Task
from chalicelib.background import change, event
from chalicelib.events import lane, tallies
from chalicelib.store import connection, fence, keys
from chalicelib.store.changes import Change
from chalicelib.store.models.inbox import Message
from tests.support.dying import Died
from tests.support.stack import Stack

STEPS = {
    "routing": "", "before appending": "before-call.dynamodb.PutItem", "after appending": "after-call.dynamodb.PutItem",
    "before counting": "before-call.dynamodb.UpdateItem", "after counting": "after-call.dynamodb.UpdateItem",
}  # fmt: skip
NOW = clock.now()


class Queue:
    """A FIFO queue that takes a task once, keeps the order of each group, and forgets only what was done."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, str]] = set()
        self.records: list[dict[str, Any]] = []

    def send(self, tasks: list[Task]) -> None:
        for task in tasks:
            if (task.group, task.once) not in self._seen:
                self._seen.add((task.group, task.once))
                attributes = {"MessageGroupId": task.group, "ApproximateReceiveCount": "1"}
                self.records.append(
                    {"messageId": task.once, "body": json.dumps(task.body), "attributes": attributes}
                )  # fmt: skip


def said(agency: str, number: int) -> Change:
    conversation = ids.conversation("key", "chn_1", "dm", str(number % 3))
    id = ids.message(conversation, NOW + number, str(number))
    message = Message(
        f"{agency}#{conversation}", f"message#{number}", id=id, channel="chn_1", brand="brd_1", direction="in",
        surface="dm", kind="text", author={}, status="received", sent_at=NOW, received_at=NOW,
    )  # fmt: skip
    return Change("INSERT", message.pk, message.sk, {}, message.serialize(), str(number), NOW)


def route(changes: list[Change], queue: Queue, chance: Random, *, dies: bool) -> None:
    """Hand over the changes in batches; who dies has sent some of its tasks, and the batch is cut anew."""
    position = 0
    while position < len(changes):
        batch = changes[position : position + chance.randint(1, 12)]
        tasks = change.event_tasks(batch)
        if dies and chance.random() < 0.4:
            queue.send(tasks[: chance.randint(0, len(tasks))])
        else:
            queue.send(tasks)
            position += len(batch)


def append(queue: Queue, chance: Random, edge: str) -> None:
    while queue.records:
        records = queue.records[: chance.randint(1, 10)]
        with dying(edge if chance.random() < 0.4 else ""):
            assert event.handle(records) == {"batchItemFailures": []}
            queue.records = queue.records[len(records) :]


@contextmanager
def dying(edge: str) -> Iterator[None]:
    """Inside, the process dies at that edge of its first write of that kind."""

    def die(**_: Any) -> None:
        raise Died

    events = connection.opened().connection.client.meta.events
    if edge:
        events.register(edge, die, unique_id=edge)
    try:
        with suppress(Died):
            yield
    finally:
        if edge:
            events.unregister(edge, unique_id=edge)


@pytest.mark.parametrize("step", STEPS)
def test_nothing_is_lost_or_told_twice_whoever_dies(stack: Stack, step: str) -> None:
    for seed in range(20):
        chance, queue = Random(seed), Queue()
        agencies = [ids.new("agc") for _ in range(2)]
        changes = [said(agencies[number % 2], number) for number in range(40)]
        route(changes, queue, chance, dies=step == "routing")
        append(queue, chance, STEPS[step])
        for agency in agencies:
            targets = [event.target for segment in segments(agency) for event in segment.events]
            assert targets == [each.new["id"]["S"] for each in changes if each.pk.startswith(agency)], seed


@pytest.mark.parametrize("step", STEPS)
def test_counters_are_exact_whoever_dies(stack: Stack, step: str) -> None:
    for seed in range(20):
        chance, queue, agency = Random(seed), Queue(), ids.new("agc")
        images = [dict[str, Any](), dict[str, Any]()]
        changes = [talked(agency, number, images, chance) for number in range(40)]
        route(changes, queue, chance, dies=step == "routing")
        append(queue, chance, STEPS[step])
        with fence.within(agency):
            kept = tallies.known(agency, ["brd_1"], consistent=True)
        unread = sum(image["unread"] != {"N": "0"} for image in images if image)
        mine = [image for image in images if image["assignee"] == {"S": "mbr_1"}]
        assert kept["brd_1", ""].unread == unread, seed
        assert getattr(kept.get(("brd_1", "mbr_1")), "assigned", 0) == len(mine), seed


def talked(agency: str, number: int, images: list[dict[str, Any]], chance: Random) -> Change:
    """One of two conversations gets another image."""
    which = number % len(images)
    old, conversation = images[which], f"{agency}#cnv_{which}"
    images[which] = {
        "brand": {"S": "brd_1"}, "status": {"S": "open"}, "inbox": {"S": "there"},
        "unread": {"N": str(chance.randrange(2))}, "assignee": {"S": chance.choice(["mbr_1", "mbr_2"])},
    }  # fmt: skip
    kind = "MODIFY" if old else "INSERT"
    return Change(
        kind, conversation, keys.CONVERSATION, old, {"pk": {"S": conversation}, **images[which]}, str(number), NOW
    )


def segments(agency: str) -> list[lane.Segment]:
    with fence.within(agency):
        return list(lane.read(agency, 0))
