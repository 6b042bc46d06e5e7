"""The sessions of a signed-in person: one begins when they sign in, and lives as long as its tokens are refreshed.

A session is stored in the person's own partition when we first see it, with its IP address. A session that was ended
here is refused from the next request on, because every request reads the person's memberships, which list it. If the
user pool ended it, the pool tells us; it is asked at most once a minute per session and process.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from chalicelib import clock
from chalicelib.access import actors, pool
from chalicelib.access.tokens import Caller
from chalicelib.store import fence, keys, table
from chalicelib.store.models.people import Session

LIFE = 31 * clock.DAY  # a refresh token holds for 30 days, and an access token for a day at most
LONGEST_AGENT = 200
_KEPT_SECONDS = 55.0  # with the time it takes to ask, out within a minute
_NOTED_SECONDS = 3600.0
_MOST_KEPT = 1000
_held: dict[str, float] = {}  # until when a session that held need not be asked for again
_noted: dict[str, float] = {}  # until when what is noted of a session is good enough


def verify(caller: Caller, header: str, note: Callable[[], bool]) -> bool:
    """True unless the caller's session is over. `header` is the Authorization header that the caller sent.

    Once an hour `note` is called to store that the session was seen; it gives False for a session that was ended.
    """
    now = time.monotonic()
    if _held.get(caller.session, 0.0) > now:
        return True
    if not pool.accepts(caller, header.removeprefix("Bearer ").strip()):
        return False
    if _noted.get(caller.session, 0.0) <= now:
        if not note():
            return False
        _keep(_noted, caller.session, now + _NOTED_SECONDS)
    _keep(_held, caller.session, now + _KEPT_SECONDS)
    return True


def _keep(kept: dict[str, float], session: str, until: float) -> None:
    if len(kept) > _MOST_KEPT:
        kept.clear()
    kept[session] = until


def note(caller: Caller, source: str, agent: str, now: int) -> bool:
    """Stores when the session was seen, from which IP address and with which user agent. False if it was ended."""
    seen = [
        Session.id.set(caller.session), Session.since.set(caller.since), Session.seen_at.set(now),
        Session.source.set(source), Session.agent.set(agent[:LONGEST_AGENT]),
        Session.expires.set((now + LIFE) // clock.SECOND),
    ]  # fmt: skip
    with _partition(caller.subject) as partition:
        session = Session(partition, keys.SESSIONS + caller.session)
        return table.update(session, seen, Session.ended_at.does_not_exist())


def find(subject: str, session: str) -> Session | None:
    with _partition(subject) as partition:
        return table.get(Session, partition, keys.SESSIONS + session)


def is_ended(subject: str, session: str) -> bool:
    """For calls that read no membership: true if this session was ended on its own."""
    item = find(subject, session)
    return item is not None and item.ended_at is not None


def every(subject: str) -> list[Session]:
    """Includes the sessions that were ended."""
    with _partition(subject) as partition:
        return list(table.query(Session, partition, keys.SESSIONS, consistent=True))


def end(subject: str, session: str, now: int) -> None:
    """Refuses the session from now on in calls that read no membership."""
    with _partition(subject) as partition:
        ended = [Session.ended_at.set(now)]
        table.update(Session(partition, keys.SESSIONS + session), ended, Session.pk.exists())


def still_refused(subject: str, now: int) -> frozenset[str]:
    """The ended sessions whose tokens may not have expired yet, in the form in which a Membership stores them."""
    return frozenset(
        f"{session.id}.{ends_at(session) // clock.SECOND}"
        for session in every(subject)
        if session.ended_at is not None and ends_at(session) > now
    )


@contextmanager
def _partition(subject: str) -> Iterator[str]:
    """The partition of the person's sessions. It belongs to no agency, so no agency's fence may be active around it."""
    person = actors.newcomer(subject, "").agency
    with fence.within(person):
        yield keys.within(person, "sessions")


def ends_at(session: Session) -> int:
    """When the last token of the session expires at the latest (ms)."""
    return session.since + LIFE


def view(session: Session, current: str) -> Mapping[str, Any]:
    return {
        "id": session.id,
        "source": session.source,
        "agent": session.agent,
        "current": session.id == current,
        "signed_in_at": clock.text(session.since),
        "seen_at": clock.text(session.seen_at),
    }
