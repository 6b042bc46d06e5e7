"""What a screen tells of a brand: kept by the lane, told by rights, and counted anew while people work."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import pytest

from chalicelib import clock, ids
from chalicelib.access.actors import Actor, Grant
from chalicelib.events import counts, recounts, tallies
from chalicelib.store import counters, fence, keys, table
from chalicelib.store.models.inbox import Conversation, Tally
from local import recount
from tests.support.calls import at
from tests.support.stack import Stack, eventually

ANA, NIGHTS = "mbr_ana", "tem_nights"
NOW = clock.now()
CALM = NOW + clock.DAY  # by then nothing has moved for long
BRANDS = [f"brd_{n:02d}" for n in range(12)]


@pytest.fixture
def agency(stack: Stack) -> Iterator[str]:
    """An agency of its own, inside its fence."""
    agency = ids.new("agc")
    with fence.within(agency):
        yield agency


def store(agency: str, brand: str, n: int, **more: Any) -> None:
    """Puts a conversation of the brand; the stream tells of it."""
    id, status = f"cnv_{brand[4:]}{n:020d}", more.get("status", "open")
    fields = {
        "brand": brand, "channel": "chn_a", "network": "messenger", "surface": "dm", "thread": id, "status": status,
        "inbox": keys.inbox(agency, brand, status), "activity": keys.activity(n, id), "created_at": n, "updated_at": n,
    }  # fmt: skip
    table.put(Conversation(keys.within(agency, id), keys.CONVERSATION, **{**fields, **more}))
    table.transact(*counters.move(agency, brand, id, None, status).writes)


def begin(agency: str, *brands: str) -> None:
    """Three conversations of each brand, of which the lane was told."""
    for brand in brands:
        store(agency, brand, 0, unread=2)
        store(agency, brand, 1, waiting_since=1, assignee=ANA)
        store(agency, brand, 2, status="resolved", unread=1)
        store(agency, brand, 3, status="snoozed", assignee=NIGHTS)
    for brand in brands:
        eventually(partial(is_right, agency, brand))


def numbers(agency: str, brand: str) -> Mapping[str, Mapping[str, int]]:
    """What is kept of the brand, without zeros, by the assignee."""
    kept = tallies.known(agency, [brand], consistent=True)
    names = {*tallies.OF_BRAND, *tallies.OF_ASSIGNEE}
    by_assignee = {who: {name: n for name in names if (n := getattr(tally, name))} for (_, who), tally in kept.items()}
    return {who: some for who, some in by_assignee.items() if some}


RIGHT = {
    "": {"unread": 1, "waiting": 1, "unassigned": 1},
    ANA: {"assigned": 1, "waiting": 1},
    NIGHTS: {"assigned": 1},
}


def is_right(agency: str, brand: str) -> bool:
    return numbers(agency, brand) == RIGHT


def actor(agency: str, *held: str, brands: Sequence[str] | None = None) -> Actor:
    covered = None if brands is None else frozenset(brands)
    return Actor(agency, ANA, "Ana", grants=(Grant("role", frozenset(held), covered),), teams=(NIGHTS, "tem_days"))


def test_who_sees_all_is_told_all_and_what_is_theirs(agency: str) -> None:
    begin(agency, BRANDS[0])
    [answer] = counts.of_brands(actor(agency, "inbox.view_all"), BRANDS[:1])
    assert answer == {
        "brand": BRANDS[0], "statuses": {"open": 2, "pending": 0, "snoozed": 1, "resolved": 1},
        "unread": 1, "waiting": 1, "unassigned": 1, "mine": {"assigned": 1, "unread": 0, "waiting": 1},
        "teams": [{"team": NIGHTS, "assigned": 1, "unread": 0, "waiting": 0}],
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
    [answer] = counts.of_brands(actor(agency, *held), BRANDS[:1])
    assert [answer[name] for name in ("statuses", "unread", "waiting")] == [None] * 3
    assert (answer["unassigned"], answer["mine"], len(answer["teams"])) == (unassigned, mine, teams)


def test_many_brands_are_told_like_each_alone_on_pages_of_any_size(agency: str) -> None:
    begin(agency, *BRANDS[1::2])
    everybody = actor(agency, "inbox.view_all")
    each = [counts.of_brands(everybody, [brand])[0] for brand in BRANDS]
    assert [answer["unread"] for answer in each] == [0, 1] * 6
    for limit in (1, 5, 9, 12, 500):
        assert paged(everybody, limit) == each


def paged(actor: Actor, limit: int) -> list[Any]:
    rows, cursor = list[Any](), None
    while cursor or not rows:
        page = counts.listing(actor, BRANDS, limit, cursor)
        rows, cursor = [*rows, *page["items"]], page["next"]
        assert len(page["items"]) <= limit
    return rows


def test_who_works_for_no_brand_is_told_nothing(agency: str) -> None:
    assert counts.listing(actor(agency, "inbox.view_all", brands=[]), [], 500, None) == {"items": [], "next": None}


def settled(agency: str, now: int) -> Mapping[str, str]:
    """Looks at the first brand at that time, and settles: what came out, by the assignee."""
    return {who: outcome for (_, who), outcome in recounts.settle(recounts.look(agency, BRANDS[0], now)).items()}


def test_right_tally_is_proven(agency: str) -> None:
    begin(agency, BRANDS[0])
    assert settled(agency, CALM) == {"": "equal", ANA: "equal", NIGHTS: "equal"}
    assert numbers(agency, BRANDS[0]) == RIGHT


@pytest.mark.parametrize("wrong", [{"unread": 7, "assigned": 3}, {"unread": -2}])
def test_wrong_tally_is_mended(agency: str, wrong: Mapping[str, int]) -> None:
    begin(agency, BRANDS[0])
    for who in ("", ANA, "mbr_gone"):
        table.put(Tally(*tallies.key(agency, (BRANDS[0], who)), **dict[str, Any](wrong)))
    assert settled(agency, CALM) == {"": "mended", ANA: "mended", "mbr_gone": "mended", NIGHTS: "equal"}
    assert numbers(agency, BRANDS[0]) == RIGHT
    assert set(settled(agency, CALM).values()) == {"equal"}


def test_tally_that_is_missing_is_made(agency: str) -> None:
    begin(agency, BRANDS[0])
    table.delete(Tally(*tallies.key(agency, (BRANDS[0], ANA))))
    assert settled(agency, CALM)[ANA] == "mended"
    assert numbers(agency, BRANDS[0]) == RIGHT


def test_what_moved_just_now_is_not_judged(agency: str) -> None:
    begin(agency, BRANDS[0])
    assert set(settled(agency, clock.now()).values()) == {"moving"}


def test_change_while_somebody_looks_is_neither_lost_nor_counted_twice(agency: str) -> None:
    begin(agency, BRANDS[0])
    changed: list[int] = []

    def change(params: Any, **_: Any) -> None:
        if b"IndexName" in params["body"] and not changed:
            changed.append(1)
            store(agency, BRANDS[0], 9, unread=1, assignee="mbr_ben")

    with at("before-call.dynamodb.Query", change):
        seen = recounts.look(agency, BRANDS[0], CALM)
    right = {**RIGHT, "": {"unread": 2, "waiting": 1, "unassigned": 1}, "mbr_ben": {"assigned": 1, "unread": 1}}
    eventually(lambda: numbers(agency, BRANDS[0]) == right)
    outcomes = {who: outcome for (_, who), outcome in recounts.settle(seen).items()}
    assert outcomes == {"": "moving", ANA: "equal", NIGHTS: "equal", "mbr_ben": "moving"}
    assert numbers(agency, BRANDS[0]) == right


def test_settling_again_changes_nothing(agency: str) -> None:
    begin(agency, BRANDS[0])
    table.put(Tally(*tallies.key(agency, (BRANDS[0], "")), unread=5))
    seen = recounts.look(agency, BRANDS[0], CALM)
    assert [recounts.settle(seen)[BRANDS[0], ""] for _ in range(2)] == ["mended", "moving"]
    assert numbers(agency, BRANDS[0]) == RIGHT


def test_recount_looks_again_at_what_moved_until_each_had_its_calm_minute(agency: str) -> None:
    begin(agency, BRANDS[0])
    table.put(Tally(*tallies.key(agency, (BRANDS[0], ANA)), unread=5))
    right = {**RIGHT, "": {"unread": 1, "waiting": 2, "unassigned": 2}}
    rests: list[int] = []

    def rest() -> None:
        rests.append(1)
        if len(rests) == 1:
            store(agency, BRANDS[0], 7, waiting_since=1)
            eventually(lambda: numbers(agency, BRANDS[0])[""] == right[""])

    times = iter([CALM, CALM + clock.HOUR])
    lines = list(recount.tallies(agency, BRANDS[:1], lambda: next(times), rest))
    assert lines == ["tallies: 1 right, 1 mended, 1 moving", "tallies: 1 right, 0 mended, 0 moving"]
    assert numbers(agency, BRANDS[0]) == right
