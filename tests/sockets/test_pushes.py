"""A room is told: those who are gone are taken out, those not reached read on, and after a death all hear it again."""

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib import clock, ids
from chalicelib.aws.gateway import Outcome
from chalicelib.events import lane
from chalicelib.events.events import Event
from chalicelib.sockets import posts, pushes, rooms
from chalicelib.store import fence, keys, lookups, table
from chalicelib.store.models.people import Membership
from chalicelib.store.models.sockets import Socket
from tests.support.calls import at
from tests.support.dying import Died
from tests.support.stack import Stack, number

GRANTS = [{"role": "owner", "brands": None}]


class Room:
    """A room of an agency of its own, and the gateway to its sockets, which answers as `answers` has it."""

    def __init__(self, agency: str) -> None:
        self.agency, self.subject = agency, f"sub{number()}"
        self.answers: Callable[[str], Outcome] = lambda _: "sent"
        self.heard: list[tuple[str, Any]] = []
        self.closed: list[str] = []
        self._lock = threading.Lock()
        person = Membership(lookups.user(self.subject), agency, agency=agency, member="mbr_1", name="A", grants=GRANTS)
        table.put(person)

    def post(self, socket: str, frame: bytes) -> Outcome:
        answer = self.answers(socket)
        with self._lock:
            self.heard.append((socket, json.loads(frame)))
        return answer

    def close(self, socket: str) -> None:
        self.closed.append(socket)

    def enters(self, id: str, **more: Any) -> None:
        now = clock.now()
        expires = (now + rooms.LIFE) // clock.SECOND
        who: dict[str, Any] = {"member": "mbr_1", "subject": self.subject, "seat": 0, "expires": expires}
        rooms.enter(self.agency, 0, Socket(id=id, wanted={}, **who, **more))

    def happens(self, count: int = 1) -> tuple[int, int]:
        """So many events are appended; gives the first and the last segment."""
        now = clock.now()
        events = [Event(ids.new("evt"), "role.changed", now, "", ids.new("rol")) for _ in range(count)]
        segments = lane.append(self.agency, events, now, now)
        return segments[0].number, segments[-1].number

    def is_told(self, segments: tuple[int, int]) -> Any:
        return pushes.push(self.agency, 0, *segments, self, clock.now())

    def frames(self, id: str) -> list[str]:
        return [frame["type"] for socket, frame in self.heard if socket == id]

    def inside(self) -> dict[str, Socket]:
        return {socket.id: socket for socket in rooms.sockets_in(self.agency, 0, clock.now())}


@pytest.fixture
def room(stack: Stack) -> Iterator[Room]:
    agency = ids.new("agc")
    with fence.within(agency):
        yield Room(agency)


def name(letter: str) -> str:
    return f"{letter}{number()}="


def test_announced_segments_are_one_task_for_each_room_that_has_sockets(room: Room) -> None:
    segments = [lane.Segment(number, 0, []) for number in (4, 5)]
    assert rooms.tasks(room.agency, segments, clock.now()) == []
    room.enters(name("a"))
    (task,) = rooms.tasks(room.agency, segments, clock.now())
    assert task.body == {"agency": room.agency, "room": 0, "first": 4, "last": 5}
    assert (task.queue, task.group) == ("push", f"{room.agency}#0")
    assert rooms.tasks(room.agency, segments, clock.now()) == [task]
    assert rooms.tasks(room.agency, [], clock.now()) == []
    assert rooms.tasks(room.agency, segments, clock.now() + rooms.LIFE + clock.SECOND) == []


def test_room_that_is_empty_is_not_told_any_more(room: Room) -> None:
    segments = room.happens()
    room.enters(id := name("a"))
    (socket,) = room.inside().values()
    rooms.leave(room.agency, socket)
    assert room.is_told(segments) == {}
    assert rooms.tasks(room.agency, [lane.Segment(1, 0, [])], clock.now()) == []
    room.enters(id)
    assert len(rooms.tasks(room.agency, [lane.Segment(1, 0, [])], clock.now())) == 1


def test_all_announced_segments_come_in_one_frame(room: Room) -> None:
    room.enters(id := name("a"))
    first, last = room.happens(2)[0], room.happens(3)[1]
    assert room.is_told((first, last)) == {"sent": 1}
    ((_, frame),) = room.heard
    assert (frame["sequence"], len(frame["events"])) == (last, 5)
    assert frame["type"] == "events"
    assert room.frames(id) == ["events"]


# WS-16
def test_socket_that_is_gone_is_taken_out(room: Room) -> None:
    live, dead = name("a"), name("b")
    for id in (live, dead):
        room.enters(id)
    room.answers = lambda socket: "gone" if socket == dead else "sent"
    assert room.is_told(room.happens()) == {"sent": 1, "gone": 1}
    assert list(room.inside()) == [live]
    assert rooms.locate(live)
    assert rooms.locate(dead) is None


def test_socket_that_is_not_reached_is_told_next_time_that_it_is_behind(room: Room) -> None:
    room.enters(id := name("a"))
    room.answers = lambda _: "failed"
    for _ in range(2):
        room.is_told(room.happens())
    assert room.inside()[id].behind
    room.answers = lambda _: "sent"
    for _ in range(2):
        room.is_told(room.happens())
    assert room.frames(id) == ["events", "behind", "behind", "events"]
    assert not room.inside()[id].behind


def test_gateway_that_hangs_holds_up_nobody_for_long(room: Room) -> None:
    sent = posts.send(room, [posts.Post(name("a"), [b"{}"]) for _ in range(30)], seconds=0)
    assert (sent, room.heard) == (["failed"] * 30, [])


# WS-19
def test_pusher_that_dies_half_way_tells_all_again_and_the_same(room: Room) -> None:
    sockets = [name("a") for _ in range(40)]
    for id in sockets:
        room.enters(id)
    segments, left = room.happens(), iter(range(20))

    def dies(id: str) -> Outcome:
        if next(left, None) is None:
            raise Died
        return "sent"

    room.answers = dies
    with pytest.raises(Died):
        room.is_told(segments)
    assert len(room.heard) == 20
    room.answers = lambda _: "sent"
    assert room.is_told(segments) == {"sent": 40}
    assert {id for id, _ in room.heard} == set(sockets)
    assert len({json.dumps(frame) for _, frame in room.heard}) == 1


def test_what_is_not_kept_any_more_is_to_be_read(room: Room) -> None:
    room.enters(id := name("a"))
    first, last = room.happens()
    room.is_told((first - 3, last))
    assert room.frames(id) == ["behind"]


def test_what_is_too_much_to_look_through_is_not_looked_through(room: Room) -> None:
    room.enters(id := name("a"))
    _, last = room.happens()
    read: list[str] = []
    with at("before-parameter-build.dynamodb.Query", lambda params, **_: read.append(str(params))):
        room.is_told((last - pushes.MOST_SEGMENTS, last))
    assert room.frames(id) == ["behind"]
    assert not [query for query in read if keys.within(room.agency, keys.EVENT_LOG) in query]


def test_old_socket_is_asked_to_leave_once(room: Room) -> None:
    room.enters(id := name("a"), leave_at=clock.now() - 1)
    for _ in range(2):
        room.is_told(room.happens())
    assert room.frames(id) == ["events", "reconnect", "events"]


def test_who_left_the_agency_is_closed_with_the_next_push_and_the_seat_is_free(room: Room) -> None:
    room.enters(id := name("a"))
    table.delete(Membership(lookups.user(room.subject), room.agency))
    room.is_told(room.happens())
    assert (room.frames(id), room.closed, room.inside()) == (["closing"], [id], {})
