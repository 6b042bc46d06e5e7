"""What a screen tells of a brand: kept with the lane, told by rights, and counted anew while people work."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

import pytest

from chalicelib import clock, ids
from chalicelib.access.actors import Actor, Grant
from chalicelib.events import counts, recounts, tallies
from chalicelib.store import counters, fence, keys, table
from chalicelib.store.models.inbox import Conversation, Tally
from local import recount
from tests.events.test_tallies import told
from tests.support.calls import at
from tests.support.stack import Stack

ANA, NIGHTS = "mbr_ana", "tem_nights"
NOW = clock.now()
CALM = NOW + 2 * recounts.LAG  # by then nothing has moved for a minute
BRANDS = [f"brd_{n:02d}" for n in range(12)]
NOTHING = {"assigned": 0, "unread": 0, "waiting": 0}


@pytest.fixture
def agency(stack: Stack) -> Iterator[str]:
    """An agency of its own, inside its fence."""
    agency = ids.new("agc")
    with fence.within(agency):
        yield agency


def append(agency: str, *added: tuple[str, Mapping[str, int]]) -> None:
    """What the lane does with new events, but for the segment itself."""
    for portion in tallies.portions([told(n, *event) for n, event in enumerate(added)], 500):
        table.transact(*tallies.writes(agency, portion))


def store(agency: str, brand: str, n: int, **more: Any) -> Mapping[str, Any]:
    """Puts a conversation of the brand; gives its image."""
    id, status = f"cnv_{brand[4:]}{n:020d}", more.get("status", "open")
    fields = {
        "brand": brand, "channel": "chn_a", "network": "messenger", "surface": "dm", "thread": id, "status": status,
        "inbox": keys.inbox(agency, brand, status), "activity": keys.activity(n, id), "created_at": n, "updated_at": n,
    }  # fmt: skip
    conversation = Conversation(keys.within(agency, id), keys.CONVERSATION, **{**fields, **more})
    table.put(conversation)
    table.transact(*counters.move(agency, brand, id, None, status).writes)
    return conversation.serialize()


def begin(agency: str, brand: str) -> None:
    """Three conversations, told to the lane: unread of nobody, waiting for Ana, and resolved."""
    given: Sequence[Mapping[str, Any]] = (
        {"unread": 2},
        {"waiting_since": 1, "assignee": ANA},
        {"status": "resolved", "unread": 1},
    )
    images = [store(agency, brand, n, **more) for n, more in enumerate(given)]
    append(agency, *((brand, tallies.deltas({}, image)) for image in images))


def numbers(agency: str, brand: str) -> Mapping[str, Mapping[str, int]]:
    """What is kept of the brand, without zeros, by the assignee."""
    kept = tallies.known(agency, [brand], consistent=True)
    names = {*tallies.OF_BRAND, *tallies.OF_ASSIGNEE}
    told = {who: {name: n for name in names if (n := getattr(tally, name))} for (_, who), tally in kept.items()}
    return {who: some for who, some in told.items() if some}


RIGHT = {"": {"unread": 1, "waiting": 1, "unassigned": 1}, ANA: {"assigned": 1, "waiting": 1}}


def actor(agency: str, *held: str, brands: Sequence[str] | None = None) -> Actor:
    covered = None if brands is None else frozenset(brands)
    return Actor(agency, ANA, "Ana", grants=(Grant("role", frozenset(held), covered),), teams=(NIGHTS, "tem_days"))


def test_lane_adds_once_whoever_else_writes_there_at_that_moment(agency: str) -> None:
    with ThreadPoolExecutor(4) as together:
        told = [(BRANDS[0], {"unread": 1, f"{ANA}/unread": 1})] * 3
        doing = [together.submit(copy_context().run, append, agency, *told) for _ in range(8)]
        assert [one.result() for one in doing] == [None] * 8
    assert numbers(agency, BRANDS[0]) == {"": {"unread": 24}, ANA: {"unread": 24}}


def test_who_sees_all_is_told_all_and_what_is_theirs(agency: str) -> None:
    begin(agency, BRANDS[0])
    append(agency, (BRANDS[0], {f"{NIGHTS}/assigned": 2, "mbr_ben/assigned": 5}))
    [told] = counts.of_brands(actor(agency, "inbox.view_all"), BRANDS[:1])
    assert told == {
        "brand": BRANDS[0], "statuses": {"open": 2, "pending": 0, "snoozed": 0, "resolved": 1},
        "unread": 1, "waiting": 1, "unassigned": 1, "mine": {**NOTHING, "assigned": 1, "waiting": 1},
        "teams": [{"team": NIGHTS, **NOTHING, "assigned": 2}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("held", "unassigned", "mine", "teams"),
    [
        (["inbox.view_unassigned"], 1, None, 0),
        (["inbox.view_assigned"], None, {"assigned": 1, "unread": 0, "waiting": 1}, 1),
        (["inbox.view_assigned", "inbox.view_unassigned"], 1, {"assigned": 1, "unread": 0, "waiting": 1}, 1),
    ],
)
def test_who_sees_some_is_told_no_number_of_the_others(
    agency: str, held: list[str], unassigned: int | None, mine: Any, teams: int
) -> None:
    begin(agency, BRANDS[0])
    append(agency, (BRANDS[0], {f"{NIGHTS}/assigned": 2}))
    [told] = counts.of_brands(actor(agency, *held), BRANDS[:1])
    assert [told[name] for name in ("statuses", "unread", "waiting")] == [None] * 3
    assert (told["unassigned"], told["mine"], len(told["teams"])) == (unassigned, mine, teams)


def test_many_brands_at_once_are_told_like_each_alone(agency: str) -> None:
    for brand in BRANDS[1::2]:
        begin(agency, brand)
    everybody = actor(agency, "inbox.view_all")
    assert counts.of_brands(everybody, BRANDS) == [counts.of_brands(everybody, [brand])[0] for brand in BRANDS]
    assert [one["unread"] for one in counts.of_brands(everybody, BRANDS)] == [0, 1] * 6


@pytest.mark.parametrize("limit", [1, 5, 9, 12, 500])
def test_pages_have_each_brand_once(agency: str, limit: int) -> None:
    begin(agency, BRANDS[3])
    everybody, told, cursor = actor(agency, "inbox.view_all"), list[Any](), None
    while cursor or not told:
        page = counts.listing(everybody, BRANDS, limit, cursor)
        told, cursor = [*told, *page["items"]], page["next"]
        assert len(page["items"]) <= limit
    assert told == counts.of_brands(everybody, BRANDS)


def test_brand_not_worked_for_lends_no_number_to_others(agency: str) -> None:
    for brand in BRANDS:
        begin(agency, brand)
    some = actor(agency, "inbox.view_all", brands=BRANDS[::2])
    told = counts.of_brands(some, sorted(some.brands() or ()))
    assert [one["brand"] for one in told] == BRANDS[::2]
    assert counts.of_brands(some, []) == []


def settled(agency: str, now: int) -> Mapping[str, str]:
    """Looks at the first brand at that time, and settles: what came out, by the assignee."""
    return {who: one for (_, who), one in recounts.settle(recounts.look(agency, BRANDS[0], now)).items()}


def test_right_tally_is_proven(agency: str) -> None:
    begin(agency, BRANDS[0])
    assert settled(agency, CALM) == {"": "equal", ANA: "equal"}
    assert numbers(agency, BRANDS[0]) == RIGHT


@pytest.mark.parametrize("wrong", [{"unread": 7, "assigned": 3}, {"unread": -2}])
def test_wrong_tally_is_mended(agency: str, wrong: Mapping[str, int]) -> None:
    begin(agency, BRANDS[0])
    for who in ("", ANA, "mbr_gone"):
        table.put(Tally(*tallies.key(agency, (BRANDS[0], who)), **dict[str, Any](wrong)))
    assert settled(agency, CALM) == {"": "mended", ANA: "mended", "mbr_gone": "mended"}
    assert numbers(agency, BRANDS[0]) == RIGHT
    assert settled(agency, CALM) == {"": "equal", ANA: "equal", "mbr_gone": "equal"}


def test_tally_that_is_missing_is_made(agency: str) -> None:
    store(agency, BRANDS[0], 1, unread=1, assignee=ANA)
    assert settled(agency, CALM) == {"": "mended", ANA: "mended"}
    assert numbers(agency, BRANDS[0]) == {"": {"unread": 1}, ANA: {"assigned": 1, "unread": 1}}


def test_what_moved_just_now_is_not_judged(agency: str) -> None:
    begin(agency, BRANDS[0])
    assert settled(agency, clock.now()) == {"": "moving", ANA: "moving"}


def test_change_that_the_lane_tells_after_the_look_is_neither_lost_nor_counted_twice(agency: str) -> None:
    begin(agency, BRANDS[0])
    late: list[Any] = []

    def change(params: Any, **_: Any) -> None:
        if b"IndexName" in params["body"] and not late:
            late.append(tallies.deltas({}, store(agency, BRANDS[0], 9, unread=1, assignee="mbr_ben")))

    with at("before-call.dynamodb.Query", change):
        seen = recounts.look(agency, BRANDS[0], CALM)
    append(agency, (BRANDS[0], late[0]))
    assert recounts.settle(seen) == {
        (BRANDS[0], ""): "moving", (BRANDS[0], ANA): "equal", (BRANDS[0], "mbr_ben"): "moving",
    }  # fmt: skip
    assert numbers(agency, BRANDS[0])["mbr_ben"] == {"assigned": 1, "unread": 1}
    assert numbers(agency, BRANDS[0])[""] == {"unread": 2, "waiting": 1, "unassigned": 1}


def test_settling_again_changes_nothing(agency: str) -> None:
    begin(agency, BRANDS[0])
    table.put(Tally(*tallies.key(agency, (BRANDS[0], "")), unread=5))
    seen = recounts.look(agency, BRANDS[0], CALM)
    assert [set(recounts.settle(seen).values()) for _ in range(2)] == [{"mended", "equal"}, {"moving", "equal"}]
    assert numbers(agency, BRANDS[0]) == RIGHT


def test_recount_looks_again_at_what_moved_until_each_had_its_calm_minute(agency: str) -> None:
    begin(agency, BRANDS[0])
    table.put(Tally(*tallies.key(agency, (BRANDS[0], ANA)), unread=5))
    rests: list[int] = []

    def rest() -> None:
        rests.append(1)
        if len(rests) == 1:
            image = store(agency, BRANDS[0], 7, waiting_since=1)
            append(agency, (BRANDS[0], tallies.deltas({}, image)))

    times = iter([CALM, clock.now() + 2 * CALM])
    lines = list(recount.tallies(agency, BRANDS[:1], lambda: next(times), rest))
    assert lines == ["tallies: 0 right, 1 mended, 1 moving", "tallies: 1 right, 0 mended, 0 moving"]
    assert numbers(agency, BRANDS[0]) == {"": {"unread": 1, "waiting": 2, "unassigned": 2}, ANA: RIGHT[ANA]}
