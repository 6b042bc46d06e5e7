"""Whether a network works, derived from the minutes in which it failed. It is pure: the same pulses, in any order, give
the same.

Nothing is stored, so nothing can be out of step. Failures of one agency alone make a minute bad for that agency only,
and nobody else sees anything of them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from chalicelib.channels.pulses import Pulse

Status = Literal["working", "degraded", "refusing"]
Failures = Mapping[int, AbstractSet[str]]  # the agencies that a network failed in each minute
STATUSES: Sequence[Status] = get_args(Status)
WINDOW = 120  # minutes that are looked at
RECENT = 5  # minutes that decide
DEGRADED, REFUSING = 2, 4  # so many bad ones of these
ENOUGH = 2  # agencies that a network failed in a minute


@dataclass(frozen=True)
class Standing:
    """The status of a network, and the minute since which it has it; None if that is before the window that was
    examined.
    """

    status: Status = "working"
    since: int | None = None


def failures(pulses: Iterable[Pulse]) -> Mapping[str, Failures]:
    """By network: which agencies it failed in which minute."""
    by_network: dict[str, dict[int, set[str]]] = {}
    for pulse in pulses:
        by_network.setdefault(pulse.network, {}).setdefault(pulse.minute, set()).add(pulse.agency)
    return by_network


def bad_minutes(failed: Failures, agency: str) -> frozenset[int]:
    """The minutes in which the network failed that agency, or at least two agencies."""
    return frozenset(minute for minute, whom in failed.items() if agency in whom or len(whom) >= ENOUGH)


@lru_cache(maxsize=1024)  # when a network fails, most agencies have the same bad minutes
def at(bad: frozenset[int], minute: int) -> Standing:
    """The status at the end of that minute: degraded after 2 bad minutes of 5, refusing after 4, working after 5 good
    ones.
    """
    standing = Standing()
    for now in range(minute - WINDOW + 1, minute + 1):
        recent = bad.intersection(range(now - RECENT + 1, now + 1))
        status = _next(standing.status, len(recent))
        if status != standing.status:
            standing = Standing(status, _since(standing.status, status, now, recent))
    return standing


def _next(status: Status, bad: int) -> Status:
    if bad >= REFUSING:
        return "refusing"
    if bad == 0:
        return "working"
    if bad >= DEGRADED:
        return "refusing" if status == "refusing" and bad == REFUSING - 1 else "degraded"
    return "working" if status == "working" else "degraded"


def _since(before: Status, status: Status, now: int, recent: Collection[int]) -> int:
    """A network fails since its first bad minute, and works since the first good one."""
    if status == "working":
        return now - RECENT + 1
    return min(recent) if before == "working" else now


def current(bad: frozenset[int], minute: int) -> Standing:
    """The status in that minute. As it is not over yet, it counts only if it is bad already."""
    return at(bad, minute if minute in bad else minute - 1)
