"""Posts a portion of events: those of a conversation one after another, and a few conversations at the same time."""

import zlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock

from chalicelib.aws import queues
from chalicelib.deliveries.attempts import Receiver, Result
from chalicelib.events.events import Event
from chalicelib.webhooks.breakers import Breaker

MOST_SLOTS = 5
MOST_IN_FLIGHT = 20  # of an agency
Post = Callable[[Receiver, str, bytes, int], Result]
Send = Callable[..., None]
Attempt = tuple[str, Result]  # of the event with that id


@dataclass(frozen=True)
class Tools:
    """The clock (ms), the function that posts, until when (ms) a post may begin, and the function that queues tasks."""

    clock: Callable[[], int]
    post: Post
    ends: int
    send: Send = queues.send


def slots(endpoints: int) -> int:
    """How many calls an endpoint may have in flight, if its agency has that many endpoints."""
    return max(1, min(MOST_SLOTS, MOST_IN_FLIGHT // max(1, endpoints)))


@dataclass
class _Progress:
    """What was tried, in the order in which it ended. Once it is `over`, nothing more begins."""

    breaker: Breaker
    attempts: list[Attempt] = field(default_factory=list)
    over: bool = False
    lock: Lock = field(default_factory=Lock)

    def note(self, id: str, result: Result, now: int) -> None:
        with self.lock:
            self.attempts.append((id, result))
            self.breaker = self.breaker.after(result.succeeded, now)
            self.over |= self.breaker.is_open or result.is_gone or result.wait > 0


def deliver(
    receiver: Receiver, events: Sequence[Event], bodies: Mapping[str, bytes], breaker: Breaker, slots: int, tools: Tools
) -> tuple[list[Attempt], Breaker]:
    """Posts the events that have a body, in that many threads. Gives the attempts in the order of time, and the
    breaker.

    It stops early if the breaker opens, if the receiver asks us to wait or wants nothing more, or if the time is over.
    """
    lines: Mapping[int, list[Event]] = defaultdict(list)
    for event in events:
        if event.id in bodies:
            lines[zlib.crc32((event.conversation or event.target).encode()) % slots].append(event)
    progress = _Progress(breaker)

    def line(events: Sequence[Event]) -> None:
        for event in events:
            if progress.over or tools.clock() >= tools.ends:
                return
            result = tools.post(receiver, event.id, bodies[event.id], tools.clock())
            progress.note(event.id, result, tools.clock())

    if slots == 1 or len(lines) <= 1:
        for events_of_line in lines.values():
            line(events_of_line)
    else:
        with ThreadPoolExecutor(slots) as threads:
            list(threads.map(line, lines.values()))
    return progress.attempts, progress.breaker
