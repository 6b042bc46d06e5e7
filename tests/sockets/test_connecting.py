"""Who gets a socket: whoever holds a fresh ticket, once, from a page we expect, and not too many of them."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib import clock, errors, ids, settings
from chalicelib.access.tokens import digest_of_key
from chalicelib.sockets import rooms, seats, sockets
from chalicelib.store import fence, keys, lookups, table
from chalicelib.store.models.people import Membership
from chalicelib.store.models.sockets import Room, Seat, Socket
from local.cloud import ORIGINS
from tests.support.listener import Listener, Refused, listening, ticket
from tests.support.stack import Member, Stack, eventually, number

PAGE, HERE = ORIGINS.split(",")[0], "127.0.0.1"


@pytest.fixture(autouse=True)
def _origins(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORIGINS", ORIGINS)
    settings.get.cache_clear()


def connect(secret: str, *, id: str = "", origin: str = "", source: str = HERE, later: int = 0) -> str:
    """What the gateway would be answered, below the emulator, which tells no refusal from another."""
    try:
        sockets.connect(id or f"id{number()}=", secret, origin, source, clock.now() + later)
    except errors.Problem as problem:
        return f"{problem.status} {problem.code}"
    return "200"


def fresh(member: Member, **headers: str) -> str:
    return str(ticket(member, **headers)["ticket"])


# WS-01
@pytest.mark.parametrize(
    ("secret", "answer"),
    [("", "401 ticket_missing"), ("bad", "403 bad_ticket"), ("*", "403 bad_ticket"), ("x" * 10_000, "403 bad_ticket")],
)
def test_without_a_good_ticket_nothing_opens(stack: Stack, secret: str, answer: str) -> None:
    assert connect(secret) == answer
    with pytest.raises(Refused):
        Listener(f"{stack.sockets}?ticket={secret[:2000]}")


# WS-02
def test_ticket_opens_one_socket(stack: Stack) -> None:
    given = fresh(stack.ours.owner)
    assert [connect(given) for _ in range(2)] == ["200", "403 bad_ticket"]


# WS-02
def test_ticket_is_good_for_a_minute(stack: Stack) -> None:
    given = fresh(stack.ours.owner)
    assert connect(given, later=61 * clock.SECOND) == "403 bad_ticket"
    assert connect(given, later=58 * clock.SECOND) == "200"


# WS-02
def test_ticket_of_another_agency_opens_nothing_of_ours(stack: Stack) -> None:
    id = f"id{number()}="
    assert connect(fresh(stack.theirs.owner), id=id) == "200"
    place = rooms.locate(id)
    assert place
    assert place.agency == stack.theirs.id
    assert connect(fresh(stack.ours.owner), id=id) == "403 forbidden"


# WS-02
def test_key_for_other_addresses_opens_nothing(stack: Stack) -> None:
    body = {"name": "Screen", "grants": [{"role": "moderator", "brands": None}], "ranges": ["127.0.0.0/8"]}
    key = Member(stack.api, stack.ours.owner.post("/api-keys", body)["key"])
    assert connect(fresh(key), source="203.0.113.9") == "401 unauthenticated"
    assert connect(fresh(key)) == "200"


def test_key_that_was_not_used_for_a_while_listens_too(stack: Stack) -> None:
    body = {"name": "Screen", "grants": [{"role": "moderator", "brands": None}]}
    key = Member(stack.api, stack.ours.owner.post("/api-keys", body)["key"])
    given = ticket(key)
    subject, long_ago = digest_of_key(key.token), clock.now() - clock.DAY
    with fence.within(stack.ours.id):
        membership = Membership(lookups.user(subject), stack.ours.id)
        table.update(membership, [Membership.used_at.set(long_ago)])
    with Listener(f"{given['url']}?ticket={given['ticket']}") as listener:
        assert listener.asks({"do": "ping"}, "pong")
    with fence.within(stack.ours.id):
        used = table.get(Membership, membership.pk, membership.sk)
    assert used
    assert (used.used_at or 0) > long_ago


# WS-03
@pytest.mark.parametrize(
    ("asked_from", "origin", "answer"),
    [
        ("", "", "200"),  # a program
        ("", PAGE, "200"),  # a page whose own server asked for the ticket
        (PAGE, PAGE, "200"),
        (PAGE, "", "403 bad_origin"),
        (PAGE, ORIGINS.split(",")[1], "403 bad_origin"),
        ("https://evil.example", "https://evil.example", "403 bad_origin"),
        ("", "https://evil.example", "403 bad_origin"),
        ("", f"{PAGE}.evil.example", "403 bad_origin"),
        ("", "null", "403 bad_origin"),
    ],
)
def test_page_has_to_be_one_we_expect_and_the_one_that_asked(
    stack: Stack, asked_from: str, origin: str, answer: str
) -> None:
    given = fresh(stack.ours.owner, **({"Origin": asked_from} if asked_from else {}))
    assert connect(given, origin=origin) == answer


def test_stranger_who_guesses_wrong_does_not_spoil_the_ticket(stack: Stack) -> None:
    given = fresh(stack.ours.owner, Origin=PAGE)
    assert connect(given, origin="https://evil.example") == "403 bad_origin"
    assert connect(given, origin=PAGE) == "200"


# WS-12
def test_fifty_sockets_are_open_and_no_more(stack: Stack) -> None:
    member = stack.someone(stack.ours, "moderator", [stack.ours.brand])
    me = member.get("/me")["member"]
    now = clock.now()
    with fence.within(stack.ours.id):
        taken = [seats.take(stack.ours.id, me, f"s{count}", now, rooms.LIFE) for count in range(seats.SEATS)]
    assert sorted(taken) == list(range(50))
    assert connect(fresh(member)) == "429 too_many_sockets"
    with fence.within(stack.ours.id):
        seats.leave(stack.ours.id, me, "s7", 8)  # not theirs
        seats.leave(stack.ours.id, me, "s7", 7)
    assert [connect(fresh(member)) for _ in range(2)] == ["200", "429 too_many_sockets"]


# WS-16
def test_socket_whose_end_nobody_told_leaves_its_seat_after_two_hours_and_ten_minutes(stack: Stack) -> None:
    me, now = f"mbr_{number()}", clock.now()
    with fence.within(stack.ours.id):
        for count in range(seats.SEATS):
            seats.take(stack.ours.id, me, f"s{count}", now, rooms.LIFE)
        with pytest.raises(errors.TooMany):
            seats.take(stack.ours.id, me, "new", now + rooms.LIFE - clock.SECOND, rooms.LIFE)
        assert seats.take(stack.ours.id, me, "new", now + rooms.LIFE + clock.SECOND, rooms.LIFE) == 0


# WS-16
def test_socket_of_the_same_name_takes_the_place_of_the_one_before(stack: Stack) -> None:
    id = f"id{number()}="
    assert [connect(fresh(stack.ours.owner), id=id) for _ in range(2)] == ["200", "200"]
    place = rooms.locate(id)
    assert place
    with fence.within(place.agency):
        inside = rooms.sockets_in(place.agency, place.room, clock.now())
    assert len([socket for socket in inside if socket.id == id]) == 1


def test_socket_opens_and_leaves_nothing_when_it_ends(stack: Stack) -> None:
    member = stack.someone(stack.ours, "moderator", [stack.ours.brand])
    me = member.get("/me")["member"]
    seats_of = keys.within(stack.ours.id, me)
    with listening(member), fence.within(stack.ours.id):
        (seat,) = table.query(Seat, seats_of, keys.SEATS, consistent=True)
    assert eventually(lambda: rooms.locate(seat.socket) is None)
    with fence.within(stack.ours.id):
        assert eventually(lambda: not list(table.query(Seat, seats_of, keys.SEATS, consistent=True)))
        for room in table.query(Room, keys.within(stack.ours.id, keys.ALL_ROOMS), keys.ROOMS):
            inside = rooms.sockets_in(stack.ours.id, room.number, clock.now())
            assert seat.socket not in [socket.id for socket in inside]


@pytest.mark.parametrize("leave", [lambda actor, member: actor.delete(f"/members/{member}")])
def test_who_left_meanwhile_opens_nothing(stack: Stack, leave: Callable[[Any, str], Any]) -> None:
    member = stack.someone(stack.ours, "moderator", [stack.ours.brand])
    given = fresh(member)
    leave(stack.ours.owner, member.get("/me")["member"])
    assert connect(given) == "403 no_agency"


def test_who_was_signed_out_meanwhile_opens_nothing(stack: Stack) -> None:
    member = stack.someone(stack.ours, "moderator", [stack.ours.brand])
    given = fresh(member)
    stack.ours.owner.post(f"/members/{member.get('/me')['member']}/sign-out")
    assert connect(given) == "401 signed_out"


def test_socket_ends_with_the_token_its_ticket_was_asked_for_with() -> None:
    opened, hour = 1_000 * clock.DAY, clock.HOUR
    assert sockets.leaves_at("a", opened, opened + hour) == opened + hour - 2 * clock.MINUTE
    spread = [sockets.leaves_at(ids.new("abc"), opened, 0) - opened for _ in range(200)]
    assert hour + 45 * clock.MINUTE < min(spread) < max(spread) <= hour + 50 * clock.MINUTE
    assert len(set(spread)) > 150


def test_room_is_full_at_five_hundred_and_the_next_one_opens(stack: Stack) -> None:
    now, second = clock.now(), clock.now() // clock.SECOND + 600
    agency = ids.new("agc")
    with fence.within(agency):
        for count, places in ((rooms.FULL, 0), (rooms.FULL - 1, 1)):
            room = Room(
                keys.within(agency, keys.ALL_ROOMS),
                keys.room_number(places),
                number=places,
                sockets=count,
                expires=second,
            )
            table.put(room)
        for wanted in (1, 2):
            socket = Socket(id=f"s{number()}", member="mbr_1", subject="s", seat=0, expires=second)
            room_with_space = rooms.with_space(agency, socket.id, now)
            assert room_with_space == wanted
            rooms.enter(agency, room_with_space, socket)
            assert rooms.with_space(agency, socket.id, now) == wanted
        rooms.sockets_in(agency, 0, now)  # which is empty, in truth
        assert [room.number for room in table.query(Room, keys.within(agency, keys.ALL_ROOMS), keys.ROOMS)] == [1, 2]


# WS-12
def test_agency_with_twenty_full_rooms_opens_no_more_and_no_seat_is_lost(stack: Stack) -> None:
    agency, now = ids.new("agc"), clock.now()
    full = {"sockets": rooms.FULL, "expires": now // clock.SECOND + 600}
    with fence.within(agency):
        for count in range(rooms.MOST_ROOMS):
            assert rooms.with_space(agency, "new=", now) == count
            table.put(Room(keys.within(agency, keys.ALL_ROOMS), keys.room_number(count), number=count, **full))
        with pytest.raises(errors.TooMany):
            rooms.with_space(agency, "new=", now)
        assert rooms.with_space(agency, "new=", now + clock.HOUR) == 0
