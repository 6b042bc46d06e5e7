"""What pages say on open sockets, and what they are answered."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.aws.gateway import Outcome
from chalicelib.events import catalogue, feed
from chalicelib.sockets import frames, rooms, sockets, watches
from chalicelib.store import fence, keys, table
from chalicelib.store.models.sockets import Watch
from tests.support.listener import Closed, Listener, listening, ticket
from tests.support.one_of_each import everything
from tests.support.people import Fan
from tests.support.smallest_bodies import unknown
from tests.support.stack import Member, Stack, number

QUIET = {"do": "listen", "networks": ["app_store"]}  # nothing happens there: nobody is at our sockets, which ends them


class Gateway:
    """Remembers what it was asked to send, and to close."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Any]] = []
        self.closed: list[str] = []

    def post(self, socket: str, frame: bytes) -> Outcome:
        self.sent.append((socket, json.loads(frame)))
        return "sent"

    def close(self, socket: str) -> None:
        self.closed.append(socket)


def opened(member: Member) -> str:
    """A socket that is open as far as we know; nobody is at its other end."""
    id = f"id{number()}="
    sockets.connect(id, ticket(member)["ticket"], "", "127.0.0.1", clock.now())
    return id


def said(id: str, *contents: Any, at: int = 0) -> list[Any]:
    """What is sent because of the frames."""
    gateway = Gateway()
    for content in contents:
        text = content if isinstance(content, str) else json.dumps(content)
        sockets.receive(id, text, gateway, at or clock.now())
    return [{**frame, "to": to} if to != id else frame for to, frame in gateway.sent] + gateway.closed


@pytest.fixture(scope="module")
def listener(stack: Stack) -> Iterator[Listener]:
    with listening(stack.ours.owner) as connection:
        yield connection


def test_ping_is_answered_with_where_the_log_ends(listener: Listener) -> None:
    assert listener.asks({"do": "ping"}, "pong").keys() == {"type", "sequence", "cursor"}


# WS-05
@pytest.mark.parametrize(
    ("do", "name", "kind", "answer"),
    [
        ("listen", "brands", "brands", "not_found"),
        ("listen", "channels", "channels", "not_found"),
        ("watch", "conversation", "conversations", "not_found"),
        ("typing", "conversation", "conversations", "not_found"),
        ("viewing", "conversation", "conversations", "not_found"),
    ],
)
def test_what_is_another_agencys_is_not_there(
    stack: Stack, listener: Listener, theirs: Any, do: str, name: str, kind: str, answer: str
) -> None:
    for id in (theirs[kind], unknown(theirs[kind][:3])):
        error = listener.asks({"do": do, name: id if name == "conversation" else [id]}, "error")
        assert error["code"] == answer


# WS-05
def test_who_does_not_work_for_a_brand_neither_listens_to_it_nor_watches(stack: Stack) -> None:
    other = stack.brand()
    hidden = everything(stack, other)
    member = stack.someone(stack.ours, "moderator", [stack.ours.brand])
    with listening(member) as listener:
        for frame in (
            {"do": "listen", "brands": [other.brand]},
            {"do": "listen", "channels": [hidden["channels"]]},
            {"do": "watch", "conversation": hidden["conversations"]},
        ):
            assert listener.asks(frame, "error")["code"] == "not_found"


# WS-06 WS-07
@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"do": "listen", "brands": ["*"]}, "invalid"),
        ({"do": "watch", "conversation": "cnv_%"}, "invalid"),
        ({"do": "publish", "to": "mbr_1"}, "unknown_word"),
    ],
)
def test_frame_that_makes_no_sense_is_answered_and_the_socket_stays_open(stack: Stack, frame: Any, code: str) -> None:
    with listening(stack.ours.owner) as listener:
        assert listener.asks(frame, "error")["code"] == code
        assert listener.asks({"do": "ping"}, "pong")


# WS-09
def test_fifth_unreadable_frame_of_a_minute_ends_the_socket(stack: Stack) -> None:
    with listening(stack.ours.owner) as listener:
        for text in ("", "null", "no json", "[" * 100):
            assert listener.asks(text, "error")["code"] == "malformed"
        assert listener.asks({"do": "ping"}, "pong")
        listener.says("{")
        assert listener.ends()[-1] == {"type": "closing", "code": "too_many"}


# WS-09
def test_unreadable_frames_of_another_minute_do_not_count(stack: Stack) -> None:
    id, minute = opened(stack.ours.owner), clock.now() // clock.MINUTE * clock.MINUTE
    assert {frame["code"] for frame in said(id, *["x"] * 4, at=minute)} == {"malformed"}
    assert {frame["code"] for frame in said(id, *["x"] * 4, at=minute + clock.MINUTE)} == {"malformed"}
    assert said(id, "x", at=minute + clock.MINUTE) == [{"type": "closing", "code": "too_many"}, id]
    assert said(id, {"do": "ping"}) == [id]  # it is nowhere by now


# WS-10
def test_frame_above_32_kb_is_answered_if_the_gateway_lets_it_through(stack: Stack) -> None:
    with listening(stack.ours.owner) as listener:
        assert listener.asks('{"do":"ping"}' + " " * frames.LARGEST_BYTES, "error")["code"] == "too_large"
        assert listener.asks({"do": "ping"}, "pong")


def test_socket_that_names_more_than_there_is_room_for_is_refused(stack: Stack) -> None:
    id, types = opened(stack.ours.owner), sorted(catalogue.TYPES)
    assert said(id, {**QUIET, "types": types})[0]["type"] == "listening"
    many = [f"brd_{'0' * 22}{number:04d}" for number in range(100)]
    assert said(id, {**QUIET, "types": types, "brands": many})[0]["code"] == "too_large"


@pytest.mark.parametrize(
    ("names", "misspelt"), [("types", "messages.received"), ("networks", "whatsap"), ("surfaces", "dms")]
)
def test_nobody_listens_to_what_there_is_not(stack: Stack, names: str, misspelt: str) -> None:
    refused = {"type": "error", "code": "unknown_reference", "field": names}
    frames = said(opened(stack.ours.owner), QUIET, {"do": "listen", names: [misspelt]}, {"do": "ping"})
    assert [frame["type"] for frame in frames] == ["listening", "error", "pong"]
    assert frames[1] == refused


# WS-11
def test_more_than_twenty_frames_in_a_second_end_the_socket(stack: Stack) -> None:
    id, now = opened(stack.ours.owner), clock.now()
    answers = said(id, *[{"do": "ping"}] * 25, at=now)
    assert [frame["type"] for frame in answers[:21]] == ["pong"] * 20 + ["closing"]
    assert set(answers[21:]) == {id}
    other = opened(stack.ours.owner)
    for second in range(2):
        assert len(said(other, *[{"do": "ping"}] * 20, at=now + second * clock.SECOND)) == 20


# WS-14
@pytest.mark.parametrize("cursor", ["garbage", "é", "x" * 1000])
def test_cursor_that_leads_nowhere_asks_the_page_to_read_its_lists_again(stack: Stack, cursor: str) -> None:
    with listening(stack.ours.owner) as listener:
        error = listener.asks({"do": "listen", "after": cursor}, "error")
        assert error["code"] == "resync_required"
        assert listener.asks({"do": "listen", "after": error["cursor"]}, "listening")


# WS-14
def test_cursor_older_than_the_log_asks_for_the_lists_too(stack: Stack) -> None:
    with listening(stack.ours.owner) as listener:
        old = feed.cursor(stack.ours.id, feed.Place(1))
        assert listener.asks({"do": "listen", "after": old}, "error")["code"] == "resync_required"


# WS-14
def test_cursor_of_another_agency_leads_nowhere(stack: Stack) -> None:
    with listening(stack.theirs.owner) as their, listening(stack.ours.owner) as our:
        foreign = their.asks({"do": "ping"}, "pong")["cursor"]
        assert our.asks({"do": "listen", "after": foreign}, "error")["code"] == "resync_required"


def test_those_who_have_the_same_conversation_open_hear_that_somebody_types(stack: Stack) -> None:
    conversation = Fan(stack.connect("telegram")).starts()["id"]
    about = {"conversation": conversation}
    with ExitStack() as open:
        typist, reader, elsewhere = (open.enter_context(listening(stack.ours.owner)) for _ in range(3))
        for listener in (typist, reader):
            assert listener.asks({"do": "watch", **about}, "watching")["conversation"] == conversation
        typist.says({"do": "typing", **about})
        heard = reader.hears("typing", **about)
        assert heard["member"] == stack.ours.owner.get("/me")["member"]
        for listener in (typist, elsewhere):
            listener.asks({"do": "ping"}, "pong")
            assert [frame for frame in listener.kept if frame["type"] == "typing"] == []


def test_presence_is_told_every_three_seconds_and_forgotten_after_six(stack: Stack) -> None:
    conversation = Fan(stack.connect("telegram")).starts()["id"]
    about, now = {"conversation": conversation}, clock.now()
    typist, reader = opened(stack.ours.owner), opened(stack.ours.owner)
    assert said(typist, {"do": "viewing", **about}, at=now)[0]["code"] == "not_watched"
    for id in (typist, reader):
        said(id, {"do": "watch", **about}, at=now)
    spans = (0, 1, 2_999, 3_000, 4_000, 6_000)
    answers = [said(typist, {"do": "typing", **about}, at=now + span) for span in spans]
    assert [len(frames) for frames in answers] == [1, 0, 0, 1, 0, 1]
    assert answers[0] == [
        {"type": "typing", **about, "member": answers[0][0]["member"], "until": clock.text(now + 6_000), "to": reader}
    ]
    said(reader, {"do": "unwatch", **about}, at=now + 7_000)
    assert said(typist, {"do": "typing", **about}, at=now + 10_000) == []


def test_others_who_watch_hear_who_answers_and_that_nobody_does_any_more(stack: Stack) -> None:
    owner, conversation = stack.ours.owner, Fan(stack.connect("telegram")).starts()["id"]
    about = {"conversation": conversation}
    writer, reader = opened(owner), opened(owner)
    assert said(writer, {"do": "lease", **about})[0]["code"] == "not_watched"
    for id in (writer, reader):
        said(id, {"do": "watch", **about})
    lease = owner.post(f"/conversations/{conversation}/lease")
    assert said(writer, {"do": "lease", **about}) == [{"type": "lease", **about, "lease": lease, "to": reader}]
    owner.delete(f"/conversations/{conversation}/lease")
    assert said(writer, {"do": "lease", **about}) == [{"type": "lease", **about, "lease": None, "to": reader}]


def test_watch_that_is_not_renewed_ends_after_a_minute_and_a_half(stack: Stack) -> None:
    conversation = Fan(stack.connect("telegram")).starts()["id"]
    about, now = {"conversation": conversation}, clock.now()
    typist, reader = opened(stack.ours.owner), opened(stack.ours.owner)
    for id in (typist, reader):
        said(id, {"do": "watch", **about}, at=now)
    later = now + watches.LIFE - clock.SECOND
    assert len(said(typist, {"do": "viewing", **about}, at=later)) == 1  # which renews their own
    assert said(typist, {"do": "viewing", **about}, at=later + 3 * clock.SECOND) == []
    assert said(reader, {"do": "viewing", **about}, at=later + 3 * clock.SECOND)[0]["code"] == "not_watched"


def test_who_may_not_see_the_conversation_any_more_hears_of_nobody_there(stack: Stack) -> None:
    conversation = Fan(stack.connect("telegram")).starts()["id"]
    about = {"conversation": conversation}
    member = stack.someone(stack.ours, "moderator", [stack.ours.brand])
    typist, reader = opened(stack.ours.owner), opened(member)
    for id in (typist, reader):
        said(id, {"do": "watch", **about})
    me = member.get("/me")["member"]
    stack.ours.owner.patch(f"/members/{me}", {"grants": [{"role": "moderator", "brands": [stack.brand().brand]}]})
    assert said(typist, {"do": "typing", **about}) == []


def test_nothing_of_presence_is_kept_but_who_watches_for_a_while(stack: Stack) -> None:
    conversation = Fan(stack.connect("telegram")).starts()["id"]
    id, now = opened(stack.ours.owner), clock.now()
    said(id, {"do": "watch", "conversation": conversation}, {"do": "typing", "conversation": conversation})
    with fence.within(stack.ours.id):
        (watch,) = table.query(Watch, keys.watch(stack.ours.id, conversation), keys.SOCKETS)
    assert watch.expires <= (clock.now() + watches.LIFE) // clock.SECOND
    assert watch.expires >= (now + watches.LIFE) // clock.SECOND


# WS-01
def test_who_was_removed_says_one_more_frame_at_most(stack: Stack) -> None:
    member = stack.someone(stack.ours, "moderator", [stack.ours.brand])
    with listening(member) as listener:
        stack.ours.owner.delete(f"/members/{member.get('/me')['member']}")
        listener.says({"do": "ping"})
        assert listener.ends()[-1] == {"type": "closing", "code": "unauthenticated"}


def test_socket_ends_with_its_token(stack: Stack) -> None:
    id = opened(stack.ours.owner)
    place = rooms.locate(id)
    assert place
    with fence.within(place.agency):
        socket = rooms.find(place, id)
    assert socket
    assert socket.until > clock.now()
    assert said(id, {"do": "ping"}, at=socket.until - 1)[0]["type"] == "pong"
    assert said(id, {"do": "ping"}, at=socket.until) == [{"type": "closing", "code": "unauthenticated"}, id]


def test_socket_that_nobody_opened_is_closed(stack: Stack) -> None:
    assert said("nobody=", {"do": "ping"}) == ["nobody="]


def test_end_of_a_socket_is_heard(stack: Stack) -> None:
    with listening(stack.ours.owner) as listener:
        listener.says("x" * 10)
        listener.hears("error")
    with pytest.raises((Closed, OSError)):
        listener.asks({"do": "ping"}, "pong")
