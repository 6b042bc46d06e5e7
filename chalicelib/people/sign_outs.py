"""What a person can do with their own sessions: list them, end one, or end all, in all their agencies.

Each step may be repeated. If the process dies in between, the person can repeat the call.
"""

from collections.abc import Iterator

from chalicelib import clock, errors
from chalicelib.access import audit, memberships, sessions
from chalicelib.access.actors import Actor
from chalicelib.aws import users
from chalicelib.store import fence, lookups, table
from chalicelib.store.models.people import Membership, Session


def visible(subject: str, now: int) -> list[Session]:
    """The person's sessions that may still be used, the one seen last first."""
    alive = [
        session for session in sessions.every(subject) if session.ended_at is None and sessions.ends_at(session) > now
    ]
    return sorted(alive, key=lambda session: session.seen_at, reverse=True)


def end(subject: str, id: str, now: int) -> None:
    """Refuses the session from now on. Raises NotFound unless it is the person's, Conflict like
    `memberships.end_session`.
    """
    session = sessions.find(subject, id)
    if session is None:
        raise errors.NotFound
    sessions.end(subject, id, now)  # first: whoever joins an agency from now on brings along that it is over
    for membership in _memberships(subject):
        with fence.within(membership.agency):
            memberships.end_session(membership.agency, subject, id, sessions.ends_at(session), now)
            audit.note(_actor(membership), "session.end", membership.member, now)


def end_all(subject: str, now: int) -> None:
    """From now on refuses all sessions that began before, even if the pool still lets them be refreshed."""
    before = (now // clock.SECOND + 1) * clock.SECOND  # tokens tell seconds
    for session in sessions.every(subject):
        sessions.end(subject, session.id, now)
    for membership in _memberships(subject):
        with fence.within(membership.agency):
            table.transact(
                memberships.sign_out(membership.agency, subject, before),
                audit.entry(_actor(membership), "member.sign_out", membership.member, now),
            )
    users.sign_out(subject)


def _memberships(subject: str) -> Iterator[Membership]:
    return table.query(Membership, lookups.user(subject), "agc_", consistent=True)


def _actor(membership: Membership) -> Actor:
    return Actor(membership.agency, membership.member, membership.name)
