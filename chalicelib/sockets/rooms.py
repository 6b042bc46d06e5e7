"""Rooms: an agency's sockets are divided into rooms. Each room is handled by one call of `on_push` at a time.

A room is recorded after a socket entered, and deleted only if nobody enters meanwhile: so a room with a socket is
always recorded. The number of its sockets is only approximate, and is corrected whenever the room is read.
"""

from collections.abc import Iterator, Sequence

from chalicelib import clock, errors
from chalicelib.aws.queues import Task
from chalicelib.events.lane import Segment
from chalicelib.store import keys, table
from chalicelib.store.models.sockets import Located, Room, Socket

FULL, MOST_ROOMS = 500, 20  # so that one agency never takes all that may push at once
LIFE = 2 * clock.HOUR + 10 * clock.MINUTE  # the gateway ends a socket after two hours, and not always tells


def locate(id: str) -> Located | None:
    """The room of the socket; None if it is in none. Call it while working for no agency."""
    return table.get(Located, keys.socket(id), keys.SOCKET)


def find(place: Located, id: str) -> Socket | None:
    return table.get(Socket, keys.room(place.agency, place.room), keys.socket(id))


def with_space(agency: str, id: str, now: int) -> int:
    """The number of a room with space for the socket; the room in which it is already, if there is one.

    Raises Forbidden if another agency has a socket with that id, TooMany if all rooms are full.
    """
    before = locate(id)
    if before:
        if before.agency != agency:
            raise errors.Forbidden
        return before.room
    rooms = {room.number: room.sockets for room in _rooms(agency, now)}
    numbers = [number for number in range(MOST_ROOMS) if rooms.get(number, 0) < FULL]
    if not numbers:
        raise errors.TooMany(f"An agency has at most {MOST_ROOMS * FULL} sockets at once.", code="too_many_sockets")
    return next((number for number in numbers if number in rooms), numbers[0])


def enter(agency: str, number: int, socket: Socket) -> None:
    """Puts the socket into the room. Raises Forbidden if another agency has a socket with that id."""
    located = Located(keys.socket(socket.id), keys.SOCKET, agency=agency, room=number, expires=socket.expires)
    if not table.put(located, Located.pk.does_not_exist() | (Located.agency == agency)):
        raise errors.Forbidden
    socket.pk, socket.sk = keys.room(agency, number), keys.socket(socket.id)
    table.put(socket)
    room = Room(keys.within(agency, keys.ALL_ROOMS), keys.room_number(number))
    counted = [Room.sockets.add(1), Room.joins.add(1), Room.expires.set(socket.expires), Room.number.set(number)]
    table.update(room, counted)


def leave(agency: str, socket: Socket) -> None:
    """Takes the socket out of its room. A repeat does nothing."""
    table.delete(Socket(socket.pk, socket.sk))
    table.delete(Located(keys.socket(socket.id), keys.SOCKET), Located.agency == agency)


def _rooms(agency: str, now: int) -> Iterator[Room]:
    rooms = table.query(Room, keys.within(agency, keys.ALL_ROOMS), keys.ROOMS, consistent=True)
    return (room for room in rooms if room.expires > now // clock.SECOND)


def sockets_in(agency: str, number: int, now: int) -> list[Socket]:
    """The sockets in the room that may still be open."""
    room = table.get(
        Room, keys.within(agency, keys.ALL_ROOMS), keys.room_number(number)
    )  # before its sockets: see _note
    every = table.query(Socket, keys.room(agency, number), keys.SOCKETS, consistent=True)
    sockets = [socket for socket in every if socket.expires > now // clock.SECOND]
    if room and room.sockets != len(sockets):
        _note(room, len(sockets))
    return sockets


def _note(room: Room, count: int) -> None:
    """Stores the number of sockets in the room, or deletes an empty one, unless a socket entered meanwhile."""
    nobody_came = Room.joins == room.joins
    if count:
        table.update(Room(room.pk, room.sk), [Room.sockets.set(count)], nobody_came)
    else:
        table.delete(Room(room.pk, room.sk), nobody_came)


def tasks(agency: str, segments: Sequence[Segment], now: int) -> list[Task]:
    """The tasks to send these segments to all sockets of the agency, one per room.

    If the same segments are announced again, the tasks are the same.
    """
    if not segments:
        return []
    first, last = segments[0].number, segments[-1].number
    return [_task(agency, room.number, first, last) for room in _rooms(agency, now)]


def _task(agency: str, room: int, first: int, last: int) -> Task:
    body = {"agency": agency, "room": room, "first": first, "last": last}
    return Task("push", body, group=f"{agency}#{room}", once=f"{agency}#{room}#{first}-{last}")
