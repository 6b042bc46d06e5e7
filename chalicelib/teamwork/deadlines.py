"""What runs out in a conversation, and when. Pure: the conversation and its brand's settings in, deadlines out.

Three are service levels: the first response since the conversation was opened, the next response since the other side
began to wait, the resolution. The others are the network's window to answer, the assignee's time to move, and the
silence after which a conversation resolves itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib import clock
from chalicelib.brands import hours
from chalicelib.inbox import conversations
from chalicelib.store.models.inbox import Conversation

WARNINGS = (50, 80, 100)
NOTICE = 2 * clock.HOUR
CLOSING, OVER = 90, 100


@dataclass(frozen=True)
class Deadline:
    """`marks` are the percentages worth telling, each with its moment (ms), in order; the last one is `due`."""

    name: str
    since: int
    marks: tuple[tuple[int, int], ...]

    @property
    def due(self) -> int:
        """When it is over (ms)."""
        return self.marks[-1][1]

    def reached(self, now: int) -> int:
        """The highest mark that is passed, in percent; 0 before the first."""
        return max((percent for percent, at in self.marks if at <= now), default=0)

    def next(self, now: int) -> int | None:
        """When the next mark comes (ms)."""
        return min((at for _, at in self.marks if at > now), default=None)


def running(found: Conversation, settings: Mapping[str, Any], window: int | None) -> list[Deadline]:
    """All that runs in a conversation now; `window` is how many hours its network gives for an answer, if it counts."""
    if found.status == "resolved":
        return []
    return [*_service(found, settings), *_window(found, window), *_quiet(found, settings), *_idle(found, settings)]


def _service(found: Conversation, settings: Mapping[str, Any]) -> Iterator[Deadline]:
    policy = policy_of(found, settings.get("service_levels", ()))
    opening = hours.Hours() if policy.get("always") else hours.of(settings)
    first = found.waiting_since == found.opened_at
    since = {
        "first_response": found.waiting_since if first else None,
        "next_response": None if first else found.waiting_since,
        "resolution": found.opened_at,
    }
    for name in conversations.SERVICE_LEVELS:
        if name in policy and (began := since[name]):
            start, length = int(began), policy[name] * clock.MINUTE
            marks = tuple((percent, hours.after(opening, start, length * percent // 100)) for percent in WARNINGS)
            yield Deadline(name, start, marks)


def policy_of(found: Conversation, policies: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The first of a brand's policies that fits the conversation; an empty one if none does."""
    mine = {
        "networks": {found.network},
        "surfaces": {found.surface},
        "priorities": {found.priority or "normal"},
        "labels": set(found.labels or ()),
    }
    return next((one for one in policies if all(mine[name] & set(one[name]) for name in mine if name in one)), {})


def _window(found: Conversation, window: int | None) -> Iterator[Deadline]:
    if found.waiting_since and window:
        closes = int(found.last_in_at) + window * clock.HOUR
        yield Deadline("window", int(found.last_in_at), ((CLOSING, closes - NOTICE), (OVER, closes)))


def _quiet(found: Conversation, settings: Mapping[str, Any]) -> Iterator[Deadline]:
    rule = settings.get("assignment", {})
    minutes = rule.get("quiet_minutes") if rule.get("mode", "off") != "off" else None
    mine = found.status in ("open", "pending") and (found.assignee or "").startswith("mbr_")
    if minutes and mine and found.waiting_since:
        since = max(int(found.waiting_since), int(found.assigned_at or 0))
        yield Deadline("quiet", since, ((OVER, hours.after(hours.of(settings), since, minutes * clock.MINUTE)),))


def _idle(found: Conversation, settings: Mapping[str, Any]) -> Iterator[Deadline]:
    """Only after the brand had the last word: who waits for an answer is never resolved away."""
    silence = settings.get("auto_resolve_hours")
    if silence and not found.waiting_since and found.status != "snoozed":
        since = max(int(found.last_at), int(found.opened_at or 0))
        yield Deadline("idle", since, ((OVER, since + silence * clock.HOUR),))
