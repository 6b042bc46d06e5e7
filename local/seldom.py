"""What nobody waits for is done once a second in the emulator, for all that came: audit entries are sealed, and log
lines about calls are delivered. Where a version of MiniStack lacks one of these functions, nothing is replaced.
"""

import time
from collections import defaultdict
from collections.abc import Callable
from contextvars import copy_context
from threading import Lock, Timer
from typing import Any

from ministack.services import cloudwatch_logs, sqs

TAKES, DELIVERS = "_receive_messages_for_esm", "_fanout_to_subscription_filters"
_SECONDS = 1.0
_SEALING = "-AuditQueue-"  # in the name of the queue of entries
Take = Callable[..., list[Any]]
Deliver = Callable[[str, str, list[Any]], None]


def taken(take: Take, now: Callable[[], float] = time.monotonic) -> Take:
    """The same function; the queue of audit entries is read once a second, or at once after a full batch."""
    after: dict[str, float] = {}

    def seldom(queue: str, most: int) -> list[Any]:
        if _SEALING not in queue:
            return take(queue, most)
        if now() < after.get(queue, 0.0):
            return []
        messages = take(queue, most)
        after[queue] = now() + _SECONDS if 0 < len(messages) < most else 0.0
        return messages

    return seldom


def delivered(deliver: Deliver, later: Callable[[Callable[[], None]], None]) -> Deliver:
    """The same function; `later` delivers all lines of a log stream that came until then."""
    gathered: dict[tuple[str, str], list[Any]] = defaultdict(list)
    one_at_a_time = Lock()

    def seldom(group: str, stream: str, lines: list[Any]) -> None:
        with one_at_a_time:
            is_first = not gathered[group, stream]
            gathered[group, stream] += lines
        if is_first and lines:
            later(lambda: flush(group, stream))

    def flush(group: str, stream: str) -> None:
        with one_at_a_time:
            lines = gathered.pop((group, stream), [])
        deliver(group, stream, lines)

    return seldom


def in_a_second(perform: Callable[[], None]) -> None:
    """Runs it in a second, with the account and region of the caller."""
    waiting = Timer(_SECONDS, copy_context().run, [perform])
    waiting.daemon = True
    waiting.start()


def make_seldom() -> None:
    queues, logs = vars(sqs), vars(cloudwatch_logs)
    if TAKES in queues:
        queues[TAKES] = taken(queues[TAKES])
    if DELIVERS in logs:
        logs[DELIVERS] = delivered(logs[DELIVERS], in_a_second)
