"""The life of a socket: it is opened with a ticket, sends and gets frames, and ends.

The gateway does not always report an end. So whatever posts to a socket that is gone removes it, and what remains of it
expires two hours and ten minutes after it was opened.
"""

import zlib
from collections.abc import Mapping, Sequence

from chalicelib import clock, errors, log
from chalicelib.access import memberships, permissions
from chalicelib.access.actors import Actor
from chalicelib.aws.gateway import Gateway
from chalicelib.sockets import answers, frames, posts, rooms, seats, tickets
from chalicelib.store import fence, quota
from chalicelib.store.models.sockets import Socket, Ticket

LEAVES_AFTER = clock.HOUR + 50 * clock.MINUTE
_SPREAD = 5 * clock.MINUTE
_BEFORE_ITS_SESSION_ENDS = 2 * clock.MINUTE
OUT = (errors.Unauthenticated, errors.Forbidden)  # what `actor_at` raises


def connect(id: str, secret: str, origin: str, source: str, now: int) -> None:
    """Opens a socket for the member to whom the ticket was issued.

    Raises Unauthenticated without a ticket or if its session is over, Forbidden for an invalid ticket, and TooMany for
    the 51st socket of a member or the 10,001st of the agency. `source` is the IP address of the caller.
    """
    ticket = tickets.find(secret, now)
    tickets.check_origin(ticket, origin)
    if 0 < ticket.until <= now:
        raise errors.Unauthenticated
    actor = memberships.of(ticket.subject, ticket.agency, source, now, ticket.since, ticket.session)
    if actor.member != ticket.member:
        raise errors.Forbidden
    actor.at(permissions.VIEW)
    with fence.within(actor.agency):
        tickets.use(ticket)
        room = rooms.with_space(actor.agency, id, now)
        seat = seats.take(actor.agency, actor.member, id, now, rooms.LIFE)
        rooms.enter(actor.agency, room, _socket(id, ticket, seat, now))


def _socket(id: str, ticket: Ticket, seat: int, now: int) -> Socket:
    return Socket(
        id=id, member=ticket.member, subject=ticket.subject, since=ticket.since, until=ticket.until,
        session=ticket.session, seat=seat, leave_at=leaves_at(id, now, ticket.until),
        expires=(now + rooms.LIFE) // clock.SECOND,
    )  # fmt: skip


def leaves_at(id: str, opened_at: int, until: int) -> int:
    """When the page is asked to open another socket (ms): before the gateway ends this one after two hours, spread over
    five minutes; or two minutes before its session ends at `until`, if that is earlier.
    """
    old = opened_at + LEAVES_AFTER - zlib.crc32(id.encode()) % _SPREAD
    return min(old, until - _BEFORE_ITS_SESSION_ENDS) if until else old


def disconnect(id: str) -> None:
    """Removes a socket that ended. A repeat, or a call for an unknown socket, does nothing."""
    place = rooms.locate(id)
    if place:
        with fence.within(place.agency):
            socket = rooms.find(place, id)
            if socket:
                end(place.agency, socket)


def end(agency: str, socket: Socket) -> None:
    """Takes the socket out of its room, and frees its seat."""
    seats.leave(agency, socket.member, socket.id, socket.seat)
    rooms.leave(agency, socket)


def receive(id: str, text: str, gateway: Gateway, now: int) -> None:
    """Handles a frame of the socket, and sends what follows from it."""
    place = rooms.locate(id)
    if place is None:
        gateway.close(id)
        return
    with fence.within(place.agency):
        socket = rooms.find(place, id)
        if socket is None:
            gateway.close(id)
            return
        present = memberships.present(place.agency, [socket.subject], now)
        try:
            actor = actor_at(socket, present, now)
            quota.take(place.agency, f"frames#{id}", frames.MOST_A_SECOND, now, period=clock.SECOND)
            posts.send(gateway, _answer(actor, socket, text, now))
        except (*OUT, errors.TooMany) as problem:
            cut_off(place.agency, socket, problem, gateway)


def actor_at(socket: Socket, present: Mapping[str, memberships.Present], now: int) -> Actor:
    """The member at the socket, with the permissions they have now.

    Raises Unauthenticated if they may no longer use it, Forbidden if they may see no conversations at all.
    """
    person = present.get(socket.subject)
    if person is None or person.actor.member != socket.member or 0 < socket.until <= now:
        raise errors.Unauthenticated
    if person.is_over(socket.since, socket.session):
        raise memberships.signed_out()
    return person.actor.at(permissions.VIEW)


def _answer(actor: Actor, socket: Socket, text: str, now: int) -> Sequence[posts.Post]:
    """The posts that follow from the frame. Raises TooMany for the fifth unreadable frame in a minute."""
    try:
        frame = frames.read(text)
    except errors.Problem as unreadable:
        quota.take(actor.agency, f"unreadable#{socket.id}", frames.MOST_UNREADABLE, now)
        return [answers.problem(socket, unreadable)]
    try:
        return answers.handle(frame, actor, socket, now)
    except errors.Problem as problem:
        return [answers.problem(socket, problem)]


def cut_off(agency: str, socket: Socket, problem: errors.Problem, gateway: Gateway) -> None:
    """Sends the reason, and ends the socket."""
    log.line("socket_cut_off", socket=socket.id, code=problem.code)
    posts.send(gateway, [posts.closing(socket.id, problem)])
    end(agency, socket)
