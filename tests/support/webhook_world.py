"""An agency, an endpoint of it and its receiver, with a clock and queues of their own: days pass in a moment."""

import contextvars
import heapq
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib import clock, ids
from chalicelib.access import memberships
from chalicelib.access.actors import Actor
from chalicelib.aws.queues import Task
from chalicelib.deliveries import again, replays, turns, wakes
from chalicelib.deliveries.attempts import Receiver, Result
from chalicelib.deliveries.portions import Place
from chalicelib.deliveries.sending import Tools
from chalicelib.events import lane
from chalicelib.events.events import Event
from chalicelib.store import due, fence, keys, lookups, table
from chalicelib.store.models.people import Membership
from chalicelib.store.models.webhooks import Endpoint, Standing
from chalicelib.store.models.work import Due
from chalicelib.webhooks import endpoints
from chalicelib.webhooks.classes import PERMISSION
from tests.support.stack import eventually

URL = "http://127.0.0.1:9/"  # nobody is there; the settings of these tests allow it
FINE = Result(status=200, ms=5)
_numbers = itertools.count(1)
Answer = Callable[[str, int], Result]


def everything_fine(event: str, now: int) -> Result:
    return FINE


@dataclass
class World:
    """What was delivered is in `got`, by endpoint: events with the time (ms) of each attempt that succeeded."""

    agency: str
    now: int
    answers: dict[str, Answer] = field(default_factory=dict)
    got: dict[str, list[str]] = field(default_factory=dict)
    calls: list[tuple[str, str, int]] = field(default_factory=list)
    waiting: list[tuple[int, int, Task]] = field(default_factory=list)
    notices: list[tuple[str, str]] = field(default_factory=list)

    def person(self, name: str, role: str = "owner") -> Actor:
        """Somebody who works for the agency."""
        subject = f"{name}{self.agency}"
        member = f"mbr_{name}"
        grants = [{"role": role, "brands": None}]
        table.put(
            Membership(lookups.user(subject), self.agency, agency=self.agency, member=member, name=name, grants=grants)
        )
        actor = memberships.colleague(self.agency, subject)
        assert actor
        return actor.at([PERMISSION])

    def endpoint(self, path: str = "", *, by: Actor | None = None, **more: Any) -> Endpoint:
        asked = {"classes": ["messages", "comments"], **more}
        made, _ = endpoints.create(by or self.person("ana"), url=URL + path, now=self.now, **asked)
        self._keep_to_ourselves()
        return made

    def _keep_to_ourselves(self) -> None:
        """The deployed functions see this agency too. For them, who lives today, its endpoints may not be told yet."""
        for standing in table.query(Standing, keys.webhooks(self.agency), keys.STANDINGS, consistent=True):
            table.update(standing, [Standing.held_until.set(self.now)], Standing.held_until == 0)

    def settles(self) -> None:
        """Waits until the deployed functions told the lane that the endpoint was made: at their time, years before.

        Who looks for a moment in the lane must not find that in the middle of it.
        """
        eventually(lambda: "webhook.created" in [event.type for part in self._lane() for event in part.events])

    def _lane(self) -> Iterator[lane.Segment]:
        return lane.read(self.agency, 0)

    def happens(self, count: int = 1, **more: Any) -> list[str]:
        """So many messages come, each in a conversation of its own unless told otherwise; who listens is sent for."""
        events = [self._event(next(_numbers), **more) for _ in range(count)]
        segments = lane.append(self.agency, events, self.now, self.now)
        self.send(*turns.tasks(self.agency, segments, self.now))
        return [event.id for event in events]

    def _event(self, number: int, conversation: str = "", **more: Any) -> Event:
        target = f"msg_{conversation or f'{number:020d}'}{'0' * 26}"
        fields = {"type": "message.received", "brand": "brd_1", "target": target, **more}
        return Event(f"evt_{number:05d}", at=self.now, **fields)

    def send(self, *tasks: Task) -> None:
        for task in tasks:
            heapq.heappush(self.waiting, (self.now + task.delay * clock.SECOND, next(_numbers), task))

    def post(self, receiver: Receiver, id: str, body: bytes, now: int) -> Result:
        """The receiver of the endpoint is called."""
        result = self.answers.get(receiver.endpoint, everything_fine)(id, self.now)
        self.calls.append((receiver.endpoint, id, self.now))
        if result.succeeded:
            self.got.setdefault(receiver.endpoint, []).append(id)
        return result

    def tools(self) -> Tools:
        return Tools(lambda: self.now, self.post, self.now + clock.MINUTE, self.send)

    def passes(self, ms: int = 0) -> None:
        """So much time passes; whatever is waiting or due until then is done in its order."""
        end = self.now + ms
        while (at := self._next()) is not None and at <= end:
            self.now = max(self.now, at)
            self._step()
        self.now = end

    def _next(self) -> int | None:
        times = [self.waiting[0][0]] if self.waiting else []
        times += [-(-item.when // clock.MINUTE) * clock.MINUTE for item in self.due()]
        return min(times, default=None)

    def _step(self) -> None:
        if self.waiting and self.waiting[0][0] <= self.now:
            _, _, task = heapq.heappop(self.waiting)
            self.perform(task)
            return
        for item in self.due():
            if item.when <= self.now:
                due.take_out(self.agency, [item])
                if item.kind == "webhook":
                    wakes.forward(self.agency, item.target, self.now, self.send)
                else:
                    self.notices.append((item.kind, item.target))

    def due(self) -> list[Due]:
        """What the clock knows of this agency; it looks from outside of all agencies."""

        def read() -> Iterator[Due]:
            for shard in range(due.SHARDS):
                yield from table.query(Due, lookups.due(shard), "", consistent=True, where=Due.agency == self.agency)

        return sorted(contextvars.Context().run(lambda: list(read())), key=lambda item: item.when)

    def perform(self, task: Task) -> None:
        try:
            self._perform_kind(task)
        finally:
            self._keep_to_ourselves()

    def _perform_kind(self, task: Task) -> None:
        body = task.body
        if task.queue == "followup":
            wakes.forward(self.agency, body["target"], self.now, self.send)
        elif body["kind"] == "news":
            turns.turn(self.agency, body["endpoint"], self.tools())
        elif body["kind"] == "again":
            again.retry(self.agency, wakes.read_target(body["target"]), self.tools())
        elif body["kind"] == "once":
            again.deliver_once(self.agency, body["endpoint"], Place(body["number"], body["index"]), self.tools())
        else:
            stretch = {name: body[name] for name in ("since", "until", "last")}
            replays.go_on(self.agency, body["endpoint"], Place(body["number"], body["index"]), stretch, self.tools())

    def standing(self, endpoint: Endpoint) -> Standing:
        return endpoints.standing(endpoint)

    def present(self, endpoint: Endpoint) -> Endpoint:
        """The endpoint as it is now."""
        now = endpoints.find(self.agency, endpoint.id)
        assert now
        return now


def new_agency(now: int) -> str:
    """An agency whose lane began."""
    agency = ids.new("agc")
    with fence.within(agency):
        lane.append(agency, [Event("evt_00000", "brand.created", now, "brd_1", "brd_1")], now, now)
    return agency


def failing(status: int = 500) -> Answer:
    return lambda event, now: Result(status, "status", 5, "out of order")


def failing_for(events: Sequence[str], status: int = 400) -> Answer:
    """Takes all but these."""
    return lambda event, now: Result(status, "status") if event in events else FINE


def failing_until(end: int) -> Answer:
    return lambda event, now: FINE if now >= end else Result(0, "connection")
