"""The deadlines of a conversation. Pure: a conversation and its brand's settings in, deadlines out.

Three are service levels: the first response, the next response, the resolution. The others are the network's window to
answer (`window`), the assignee's time to react (`quiet`), and the silence after which it is resolved (`idle`).
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
WINDOW_NOTICE = 2 * clock.HOUR
CLOSING, OVER = 90, 100  # percent


@dataclass(frozen=True)
class Deadline:
    """`marks` are the percentages of its time at which something happens, each with its moment (ms), in order. The last
    is `due`.
    """

    name: str
    since: int
    marks: tuple[tuple[int, int], ...]

    @property
    def due(self) -> int:
        """When the time is over (ms)."""
        return self.marks[-1][1]

    def reached(self, now: int) -> int:
        """The highest mark that is reached, in percent; 0 before the first."""
        return max((percent for percent, at in self.marks if at <= now), default=0)

    def next(self, now: int) -> int | None:
        """When the next mark is reached (ms); None after the last."""
        return min((at for _, at in self.marks if at > now), default=None)


def running(conversation: Conversation, settings: BrandSettings, window: int | None) -> list[Deadline]:
    """The deadlines that run now. `window` is for how many hours the network takes an answer, None if there is no
    limit.
    """
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
    starts = {
        "first_response": conversation.waiting_since if first else None,
        "next_response": None if first else conversation.waiting_since,
        "resolution": conversation.opened_at,
    }
    for name in conversations.SERVICE_LEVELS:
        start = starts[name]
        if start and name in policy:
            yield Deadline(name, start, tuple(_warnings(opening, start, policy[name] * clock.MINUTE)))


def _warnings(opening: hours.Hours, start: int, length: int) -> Iterator[tuple[int, int]]:
    """Each percentage at which a warning is due, with when that part of `length` (ms of business time) has passed."""
    for percent in WARNINGS:
        yield percent, hours.after(opening, start, length * percent // 100)


def policy_of(conversation: Conversation, policies: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The first of a brand's policies that fits the conversation; an empty one if none does."""
    return next((policy for policy in policies if _fits(policy, conversation)), {})


def _fits(policy: Mapping[str, Any], conversation: Conversation) -> bool:
    """True if for everything that the policy names the conversation has one of the values that the policy lists."""
    values = {
        "networks": {conversation.network},
        "surfaces": {conversation.surface},
        "priorities": {conversation.priority or "normal"},
        "labels": set(conversation.labels or ()),
    }
    return all(values[name].intersection(policy[name]) for name in values if name in policy)


def _window(conversation: Conversation, window: int | None) -> Iterator[Deadline]:
    if conversation.waiting_since and window:
        closes = conversation.last_in_at + window * clock.HOUR
        yield Deadline("window", conversation.last_in_at, ((CLOSING, closes - WINDOW_NOTICE), (OVER, closes)))


def _quiet(conversation: Conversation, settings: BrandSettings) -> Iterator[Deadline]:
    minutes = settings.assignment.quiet_minutes if settings.assignment.is_on else None
    is_at_work = conversation.status in conversations.AT_WORK
    is_members = (conversation.assignee or "").startswith("mbr_")
    if minutes and is_at_work and is_members and conversation.waiting_since:
        since = max(conversation.waiting_since, conversation.assigned_at or 0)
        yield Deadline("quiet", since, ((OVER, hours.after(settings.hours, since, minutes * clock.MINUTE)),))


def _idle(conversation: Conversation, settings: BrandSettings) -> Iterator[Deadline]:
    """Runs only after the brand wrote last: a conversation in which somebody waits is never resolved by time."""
    silence = settings.auto_resolve_hours
    if silence and not conversation.waiting_since and conversation.status != "snoozed":
        since = max(conversation.last_at, conversation.opened_at or 0)
        yield Deadline("idle", since, ((OVER, since + silence * clock.HOUR),))
