"""What each socket of a room is sent: what it wants and its member may see, and why it ends if it does. Pure."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.access.actors import Actor, Grant
from chalicelib.access.memberships import Present
from chalicelib.events.events import Event
from chalicelib.sockets import pushes
from chalicelib.sockets.pushes import News
from chalicelib.store.models.sockets import Socket

AGENCY, NOW = "agc_1", 1_000_000
END = {"sequence": 7, "cursor": "there"}
BRANDS = ("brd_1", "brd_2")
MEMBERS = ("mbr_1", "mbr_2", "mbr_3")


def event(number: int, brand: str = "brd_1", target: str = "brd_1") -> Event:
    return Event(f"evt_{number}", "brand.changed", NOW, brand, target)


def socket(member: str = "mbr_1", **more: Any) -> Socket:
    return Socket(
        "room",
        "socket",
        id=f"of_{member}",
        member=member,
        subject=member,
        seat=0,
        expires=NOW,
        **{"wanted": {}, **more},
    )


def actor(member: str = "mbr_1", *grants: Grant) -> Actor:
    held = grants or (Grant("owner", frozenset({"inbox.view_all"})),)
    return Actor(AGENCY, member, "", grants=held, subject=member)


def rows(actor: Actor, events: Sequence[Event], wanted: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """All of them, with nothing of them but their ids."""
    return [{"id": event.id} for event in events]


def planned(*sockets: Socket, news: News | None = None, now: int = NOW, **present: Any) -> list[list[Any]]:
    """For each errand, its frames, and behind them whether the socket is closed."""
    there = {member: Present(actor(member)) for member in MEMBERS} | present
    errands = pushes.plan(sockets, there, news or News([event(1)], END), now, rows)
    return [[*map(json.loads, errand.post.frames), *(["closes"] if errand.post.closes else [])] for errand in errands]


EVENTS = {"type": "events", **END, "events": [{"id": "evt_1"}]}
BEHIND = {"type": "behind", **END}


def test_socket_hears_events_and_where_they_end() -> None:
    assert planned(socket()) == [[EVENTS]]


def test_socket_that_does_not_listen_yet_hears_nothing() -> None:
    assert planned(socket(wanted=None)) == []


def test_socket_for_which_there_is_nothing_hears_nothing() -> None:
    assert planned(socket(), news=News([], END)) == []


def test_what_is_too_much_for_a_frame_is_to_be_read() -> None:
    fits, many = ([event(number) for number in range(count)] for count in (200, 201))
    assert [frame["type"] for [frame] in planned(socket(), news=News(fits, END))] == ["events"]
    assert planned(socket(), news=News(many, END)) == [[BEHIND]]
    assert planned(socket(), news=News(None, END)) == [[BEHIND]]


# WS-10
def test_frame_is_never_longer_than_the_gateway_takes() -> None:
    for size, kind in ((200, "events"), (300, "behind")):
        long = [Event(f"evt_{number:0{size}}", "brand.changed", 0, "brd_1", "brd_1") for number in range(100)]
        (errand,) = pushes.plan([socket()], {"mbr_1": Present(actor())}, News(long, END), NOW, rows)
        assert len(errand.post.frames[0]) <= pushes.LARGEST_FRAME
        assert json.loads(errand.post.frames[0])["type"] == kind


def test_socket_that_was_not_reached_is_told_so_before_anything_else() -> None:
    assert planned(socket(behind=True)) == [[BEHIND]]


@pytest.mark.parametrize(
    ("there", "code"),
    [
        ({"mbr_1": Present(actor("mbr_2"))}, "unauthenticated"),  # left, and came back as another member
        ({"mbr_1": Present(actor(), 501)}, "signed_out"),
        ({"mbr_1": Present(actor(), ended=frozenset({"ses_1"}))}, "signed_out"),
        ({"mbr_1": Present(actor("mbr_1", Grant("role", frozenset({"contact.view"}))))}, "forbidden"),
    ],
)
def test_who_is_out_is_cut_off_and_hears_nothing_more(there: Any, code: str) -> None:
    assert planned(socket(since=500, session="ses_1"), **there) == [[{"type": "closing", "code": code}, "closes"]]


def test_who_left_the_agency_is_cut_off() -> None:
    errands = pushes.plan([socket()], {}, News([event(1)], END), NOW, rows)
    assert [errand.post.closes for errand in errands] == [True]


def test_socket_is_cut_off_when_its_token_ends() -> None:
    assert planned(socket(until=NOW + 1)) == [[EVENTS]]
    assert planned(socket(until=NOW)) == [[{"type": "closing", "code": "unauthenticated"}, "closes"]]


def test_old_socket_is_asked_to_open_another_after_it_heard() -> None:
    assert planned(socket(leave_at=NOW + 1)) == [[EVENTS]]
    assert planned(socket(leave_at=NOW)) == [[EVENTS, {"type": "reconnect"}]]
    assert planned(socket(leave_at=NOW, wanted=None)) == [[{"type": "reconnect"}]]


GRANTS = st.lists(
    st.builds(
        Grant,
        st.sampled_from(["a", "b"]),
        st.frozensets(st.sampled_from(["inbox.view_all", "inbox.view_assigned", "audit.view", "contact.view"])),
        st.none() | st.frozensets(st.sampled_from(BRANDS), min_size=1),
    ),
    min_size=1,
    max_size=3,
).map(tuple)
ACTORS = st.tuples(*[GRANTS] * len(MEMBERS)).map(
    lambda grants: {member: actor(member, *held) for member, held in zip(MEMBERS, grants, strict=True)}
)
SOCKETS = st.lists(
    st.builds(
        socket,
        st.sampled_from(MEMBERS),
        wanted=st.sampled_from([{}, {"brands": ["brd_1"]}, {"brands": ["brd_2"], "detail": "thin"}]),
    ),
    max_size=8,
)
NEWS = st.lists(st.builds(event, st.integers(1, 99), st.sampled_from(BRANDS), st.sampled_from(MEMBERS)), max_size=5)


def judged(actor: Actor, events: Sequence[Event], wanted: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """As the API does: all of brands where the actor sees all, of others what is theirs; more to who may more."""
    return [
        {"id": event.id, "shows": sorted(actor.held(event.brand)), "detail": wanted.get("detail")}
        for event in events
        if event.brand in wanted.get("brands", BRANDS)
        and (
            actor.may("inbox.view_all", brand=event.brand)
            or (event.target == actor.member and actor.may("inbox.view_assigned", brand=event.brand))
        )
    ]


# WS-20
@given(ACTORS, SOCKETS, NEWS)
def test_no_socket_ever_hears_what_another_may_see(
    actors: Mapping[str, Actor], sockets: Sequence[Socket], events: Sequence[Event]
) -> None:
    present = {member: Present(person) for member, person in actors.items()}
    errands = pushes.plan(sockets, present, News(events, END), NOW, judged)
    heard = {id(errand.socket): json.loads(errand.post.frames[0]).get("events", ()) for errand in errands}
    for listener in sockets:
        views = [name for grant in actors[listener.member].grants for name in grant.permissions if "inbox" in name]
        shown = judged(actors[listener.member], events, listener.wanted) if views else ()
        assert list(heard.get(id(listener), ())) == list(shown)


@given(ACTORS, NEWS)
def test_one_frame_is_made_for_all_who_want_and_may_see_the_same(
    actors: Mapping[str, Actor], events: Sequence[Event]
) -> None:
    asked: list[Actor] = []

    def counted(actor: Actor, events: Sequence[Event], wanted: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        asked.append(actor)
        return judged(actor, events, wanted)

    sees_all = Grant("owner", frozenset({"inbox.view_all"}))
    present = {member: Present(actor(member, sees_all)) for member in MEMBERS}
    pushes.plan([socket(member) for member in MEMBERS for _ in range(3)], present, News(events, END), NOW, counted)
    assert len(asked) == 1
