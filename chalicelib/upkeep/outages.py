"""Tells agencies that a network fails, and that it works again. The tick asks for it once a minute.

No state is stored: the status of a minute before follows from the same pulses. A minute is examined once it can no
longer change, and again in the two minutes after, so that a missed tick leaves nothing untold; an event that was sent
before is recognised by its id. Only agencies that the network failed within the last two hours are told; all others may
ask.
"""

from collections.abc import Iterable, Iterator

from chalicelib import clock, ids
from chalicelib.aws.queues import Task
from chalicelib.channels import pulses, statuses
from chalicelib.channels.pulses import Pulse
from chalicelib.channels.statuses import Failures, Standing
from chalicelib.events import lane
from chalicelib.events.events import Event

TYPE = "network.status_changed"
_SETTLES, _AGAIN = 2, 3  # minutes


def tasks(now: int) -> list[Task]:
    """The tasks to send the events for status changes up to now (ms)."""
    last = now // clock.MINUTE - _SETTLES
    return list(event_tasks(pulses.between(last - _AGAIN - statuses.WINDOW, last), last))


def event_tasks(known: Iterable[Pulse], last: int) -> Iterator[Task]:
    """The tasks to send the events that follow from these pulses, up to minute `last`."""
    for network, failed in statuses.failures(known).items():
        for agency in sorted({agency for whom in failed.values() for agency in whom}):
            for event in _changes(network, failed, agency, last):
                yield from lane.tasks(agency, [event], event.at)


def _changes(network: str, failed: Failures, agency: str, last: int) -> Iterator[Event]:
    own = {minute for minute, whom in failed.items() if agency in whom}
    bad = statuses.bad_minutes(failed, agency)
    for minute in range(last - _AGAIN + 1, last + 1):
        if not _is_concerned(own, minute):
            continue
        before = statuses.at(bad, minute - 1) if _is_concerned(own, minute - 1) else Standing()
        after = statuses.at(bad, minute)
        if after.status != before.status:
            yield _event(agency, network, after, minute)


def _is_concerned(own: set[int], minute: int) -> bool:
    """True if the network failed the agency within the last two hours; before that it was told of nothing."""
    return any(minute - statuses.WINDOW < failure <= minute for failure in own)


def _event(agency: str, network: str, standing: Standing, minute: int) -> Event:
    id = ids.digest(agency, network, str(minute), standing.status, length=20)
    at = (minute + 1) * clock.MINUTE
    since = (minute if standing.since is None else standing.since) * clock.MINUTE
    return Event(f"evt_{id}", TYPE, at, "", network, facts={"status": standing.status, "since": since})
