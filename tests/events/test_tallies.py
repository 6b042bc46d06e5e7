"""What the stream tells of conversations, summed up, is what is there: whatever comes twice, late or in pieces."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.access import permissions
from chalicelib.access.actors import Actor, Grant
from chalicelib.events import tallies
from chalicelib.events.events import Event
from chalicelib.inbox import conversations
from chalicelib.store.models.inbox import Conversation

Image = Mapping[str, Any]
Changes = Sequence[tuple[str, Image]]
ERASED: Image = {}
ANA, BEN, NIGHTS = "mbr_ana", "mbr_ben", "tem_nights"
BRANDS = {"cnv_1": "brd_1", "cnv_2": "brd_1", "cnv_3": "brd_2"}
NAMES = st.sampled_from(list(BRANDS))


def told(number: int, brand: str, deltas: Mapping[str, int]) -> Event:
    """The event as the lane has it."""
    return Event(f"evt_{number}", "counters.changed", number, brand, brand, deltas=deltas)


def image(**more: Any) -> Image:
    """A conversation of the inbox as the stream shows it."""
    fields = {"status": "open", "inbox": "there", **more}
    return Conversation("agc_1#cnv_1", "conversation", **fields).serialize(null_check=False)


IMAGES = st.builds(
    image,
    status=st.sampled_from(conversations.STATUSES),
    assignee=st.sampled_from([None, ANA, BEN, NIGHTS]),
    unread=st.integers(0, 2),
    waiting_since=st.sampled_from([None, 1]),
    inbox=st.sampled_from(["there", "there", None]),
)
CHANGES = st.lists(st.tuples(NAMES, st.one_of(IMAGES, st.just(ERASED))), max_size=30)


def lived(changes: Changes) -> tuple[list[Event], Mapping[str, Image]]:
    """What is told of these changes, one after the other, and what is there in the end."""
    there: dict[str, Image] = {}
    events = []
    for id, (name, new) in enumerate(changes):
        brand = BRANDS[name]
        events.append(told(id, brand, tallies.deltas(there.get(name, {}), new)))
        there[name] = {**new, "brand": {"S": brand}} if new else new
    return events, there


def looked_at(there: Mapping[str, Image]) -> Mapping[tuple[str, str], Counter[str]]:
    """How much is there, by a look at each conversation."""
    by_place: dict[tuple[str, str], Counter[str]] = {}
    for raw in filter(None, there.values()):
        conversation = Conversation.from_raw_data(raw)
        if not conversation.inbox or conversation.status == "resolved":
            continue
        states = {"unread": conversation.unread > 0, "waiting": conversation.waiting_since is not None}
        of_brand = {**states, "unassigned": not conversation.assignee}
        by_place.setdefault((conversation.brand, ""), Counter()).update(
            name for name, is_so in of_brand.items() if is_so
        )
        if conversation.assignee:
            of_assignee = {**states, "assigned": True}
            place = by_place.setdefault((conversation.brand, conversation.assignee), Counter())
            place.update(name for name, is_so in of_assignee.items() if is_so)
    return {place: +counts for place, counts in by_place.items() if +counts}


def summed(events: Sequence[Event]) -> Mapping[tuple[str, str], Counter[str]]:
    return {place: Counter(numbers) for place, counts in tallies.sums(events).items() if (numbers := nonzero(counts))}


def nonzero(counts: Mapping[str, int]) -> Mapping[str, int]:
    return {name: number for name, number in counts.items() if number}


@given(CHANGES)
def test_sum_of_all_changes_is_what_is_there(changes: Changes) -> None:
    events, there = lived(changes)
    assert summed(events) == looked_at(there)


@given(CHANGES)
def test_changes_also_sum_up_to_how_many_are_in_each_status(changes: Changes) -> None:
    events, there = lived(changes)
    counter = Counter[str]()
    for event in events:
        counter.update(
            {name: number for name, number in (event.deltas or {}).items() if name in conversations.STATUSES}
        )
    listed = (raw for raw in there.values() if "inbox" in raw)
    assert nonzero(counter) == Counter(raw["status"]["S"] for raw in listed)


@given(CHANGES, st.data())
def test_lane_that_is_told_twice_late_and_in_pieces_sums_up_the_same(changes: Changes, data: st.DataObject) -> None:
    events, there = lived(changes)
    lane = data.draw(
        st.permutations([*events, *data.draw(st.lists(st.sampled_from(events)) if events else st.just([]))])
    )
    appended: list[Event] = []
    while lane:
        batch, lane = lane[: (size := data.draw(st.integers(1, 9)))], lane[size:]
        known = {event.id for event in appended}
        appended += {event.id: event for event in batch if event.id not in known}.values()
    assert summed(appended) == looked_at(there)


def test_one_change_writes_three_places_at_most() -> None:
    reassigned = tallies.deltas(image(assignee=ANA, unread=1), image(assignee=BEN, waiting_since=1))
    assert len(tallies.sums([told(1, "brd_1", reassigned)])) == 3


def test_message_that_makes_no_difference_is_no_event() -> None:
    assert tallies.deltas(image(unread=1, waiting_since=5), image(unread=2, waiting_since=5, version=2)) == {}


@pytest.mark.parametrize(
    ("old", "new", "deltas"),
    [
        ({}, image(unread=1, waiting_since=1), {"open": 1, "unread": 1, "waiting": 1, "unassigned": 1}),
        ({}, image(inbox=None), {}),
        (image(), image(assignee=ANA), {"unassigned": -1, f"{ANA}/assigned": 1}),
        (image(), image(status="resolved", unread=1), {"open": -1, "resolved": 1, "unassigned": -1}),
        (image(assignee=ANA, unread=3), image(assignee=ANA), {"unread": -1, f"{ANA}/unread": -1}),
        (image(status="resolved", unread=2), {}, {"resolved": -1}),
        (image(waiting_since=1), {**image(), "waiting_since": {"NULL": True}}, {"waiting": -1}),
    ],
    ids=["begins", "is empty", "is assigned", "is resolved", "is read", "is erased", "waits no more"],
)  # fmt: skip
def test_conversation_counts_for_what_it_is(old: Any, new: Any, deltas: Mapping[str, int]) -> None:
    assert tallies.deltas(old, new) == deltas


def test_place_that_came_back_to_where_it_was_is_still_known_to_have_moved() -> None:
    there_and_back = [told(1, "brd_1", {"unread": 1}), told(2, "brd_1", {"unread": -1})]
    assert tallies.sums(there_and_back) == {("brd_1", ""): {"unread": 0}}


def actor(*held: str, teams: Sequence[str] = ()) -> Actor:
    return Actor("agc_1", ANA, "Ana", grants=(Grant("role", frozenset(held)),), teams=tuple(teams))


def kinds() -> Iterator[tuple[tuple[str, ...], set[str]]]:
    """Some of the permissions to see, and what somebody with these and in a team sees of the deltas below."""
    theirs = {f"{ANA}/unread", f"{NIGHTS}/unread"}
    for number in range(8):
        held = tuple(name for place, name in enumerate(permissions.VIEW) if number & 1 << place)
        seen = theirs if "inbox.view_assigned" in held else set()
        seen = seen | ({"unassigned"} if "inbox.view_unassigned" in held else set())
        yield held, {"open", "unread", "unassigned", f"{BEN}/unread", *theirs} if "inbox.view_all" in held else seen


@pytest.mark.parametrize(("held", "seen"), list(kinds()))
def test_nobody_is_told_a_number_of_what_they_do_not_see(held: tuple[str, ...], seen: set[str]) -> None:
    every = dict.fromkeys(["open", "unread", "unassigned", *(f"{who}/unread" for who in (ANA, BEN, NIGHTS))], 1)
    assert set(tallies.shown(actor(*held, teams=[NIGHTS]), "brd_1", every)) == seen


def test_number_of_a_brand_not_worked_for_is_told_to_nobody() -> None:
    elsewhere = Actor("agc_1", ANA, "Ana", grants=(Grant("role", frozenset(permissions.VIEW), frozenset({"brd_2"})),))
    assert tallies.shown(elsewhere, "brd_1", {"unread": 1, "unassigned": 1, f"{ANA}/unread": 1}) == {}
