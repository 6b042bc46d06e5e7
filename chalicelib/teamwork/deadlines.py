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
from chalicelib.brands.settings import BrandSettings
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


def running(conversation: Conversation, settings: BrandSettings, window: int | None) -> list[Deadline]:
    """All that runs in a conversation now; `window` is how many hours its network gives for an answer, if it counts."""
    if conversation.status == "resolved":
        return []
    return [
        *_service(conversation, settings),
        *_window(conversation, window),
        *_quiet(conversation, settings),
        *_idle(conversation, settings),
    ]


def _service(conversation: Conversation, settings: BrandSettings) -> Iterator[Deadline]:
    policy = policy_of(conversation, settings.service_levels)
    opening = hours.Hours() if policy.get("always") else settings.hours
    first = conversation.waiting_since == conversation.opened_at
    since = {
        "first_response": conversation.waiting_since if first else None,
        "next_response": None if first else conversation.waiting_since,
        "resolution": conversation.opened_at,
    }
    for name in conversations.SERVICE_LEVELS:
        if name in policy and (began := since[name]):
            start, length = began, policy[name] * clock.MINUTE
            marks = tuple((percent, hours.after(opening, start, length * percent // 100)) for percent in WARNINGS)
            yield Deadline(name, start, marks)


def policy_of(conversation: Conversation, policies: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The first of a brand's policies that fits the conversation; an empty one if none does."""
    mine = {
        "networks": {conversation.network},
        "surfaces": {conversation.surface},
        "priorities": {conversation.priority or "normal"},
        "labels": set(conversation.labels or ()),
    }
    return next((one for one in policies if all(mine[name] & set(one[name]) for name in mine if name in one)), {})


def _window(conversation: Conversation, window: int | None) -> Iterator[Deadline]:
    if conversation.waiting_since and window:
        closes = conversation.last_in_at + window * clock.HOUR
        yield Deadline("window", conversation.last_in_at, ((CLOSING, closes - NOTICE), (OVER, closes)))


def _quiet(conversation: Conversation, settings: BrandSettings) -> Iterator[Deadline]:
    minutes = settings.assignment.quiet_minutes if settings.assignment.is_on else None
    mine = conversation.status in ("open", "pending") and (conversation.assignee or "").startswith("mbr_")
    if minutes and mine and conversation.waiting_since:
        since = max(conversation.waiting_since, (conversation.assigned_at or 0))
        yield Deadline("quiet", since, ((OVER, hours.after(settings.hours, since, minutes * clock.MINUTE)),))


def _idle(conversation: Conversation, settings: BrandSettings) -> Iterator[Deadline]:
    """Only after the brand had the last word: who waits for an answer is never resolved away."""
    silence = settings.auto_resolve_hours
    if silence and not conversation.waiting_since and conversation.status != "snoozed":
        since = max(conversation.last_at, (conversation.opened_at or 0))
        yield Deadline("idle", since, ((OVER, since + silence * clock.HOUR),))
