"""Conditions against a second opinion, which knows of no tables of fields and operators: it reads as a person does."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import errors, trees
from chalicelib.access.actors import Actor
from chalicelib.api import schema
from chalicelib.inbox import conversations
from chalicelib.search import conditions, schemas
from chalicelib.store.models.inbox import Conversation
from tests.support.hostile import MOST_MS, cpu_ms

NOW = 1_800_000_000_000
MINUTE, HOUR = 60_000, 3_600_000
BRANDS, PEOPLE = ("brd_a", "brd_b", "brd_c"), ("mbr_me", "mbr_other", "tem_mine", "tem_other")
VIEWER = Actor("agc_a", "mbr_me", "Me", teams=("tem_mine",))
SCHEMA = conditions.schema()
Tree = Mapping[str, Any]


def field(name: str, *values: Any) -> st.SearchStrategy[Tree]:
    """Is it one of them, or any of several."""
    some = st.sampled_from(values)
    return st.fixed_dictionaries({"field": st.just(name), "is": some | st.lists(some, min_size=1, max_size=3)})


def asks(name: str, question: str, *values: Any) -> st.SearchStrategy[Tree]:
    return st.sampled_from([{"field": name, question: value} for value in values])


AGES = ("30s", "10m", "2h", "3d")
LEAVES = st.one_of(
    field("status", *conversations.STATUSES),
    field("brand", *BRANDS),
    field("surface", "dm", "comment"),
    field("assignee", None, "me", "my_teams", *PEOPLE),
    field("priority", "normal", "urgent"),
    field("waiting", True, False),
    field("paid", True, False),
    field("direction", "in", "out"),
    field("attributes.plan", None, True, 1, 0, "gold"),
    field("unread", 0, 1, 2),
    asks("unread", "over", 0, 1),
    asks("labels", "has", "vip", ["vip", "order"]),
    asks("participants", "has", "me", ["mbr_other"]),
    asks("window", "closes_within", *AGES),
    asks("clock.resolution", "reached", 50, 80, 100),
    *(
        asks(name, question, *AGES)
        for name in ("last_activity", "created", "waiting_since")
        for question in ("older_than", "newer_than")
    ),
)


def trees_of(leaves: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    return st.recursive(
        leaves,
        lambda trees: st.builds(
            lambda word, branches: {word: branches},
            st.sampled_from(("all", "any", "none")),
            st.lists(trees, min_size=1, max_size=3),
        ),
        max_leaves=8,
    )


TREES = trees_of(LEAVES)
PLACES = trees_of(field("status", *conversations.STATUSES) | field("brand", *BRANDS))
MOMENTS = st.sampled_from([NOW - ago for ago in (0, 30_000, 10 * MINUTE, 2 * HOUR, 3 * HOUR, 23 * HOUR, 100 * HOUR)])


@st.composite
def any_conversation(draw: st.DrawFn) -> Conversation:
    conversation = Conversation(
        "agc_a#cnv_a", "conversation", brand=draw(st.sampled_from(BRANDS)), channel="chn_a",
        network="messenger", surface=draw(st.sampled_from(["dm", "comment"])),
        status=draw(st.sampled_from(conversations.STATUSES)), assignee=draw(st.sampled_from([None, *PEOPLE])),
        priority=draw(st.sampled_from([None, "normal", "urgent"])),
        labels=draw(st.none() | st.lists(st.sampled_from(["vip", "order", "me"]))),
        attributes=draw(st.none() | st.fixed_dictionaries({"plan": st.sampled_from([None, True, 1, 0, "gold"])})),
        unread=draw(st.integers(0, 3)),
        last_message=draw(st.sampled_from([None, {"direction": "in"}, {"direction": "out"}])),
        last_at=draw(MOMENTS), last_in_at=draw(MOMENTS), created_at=draw(MOMENTS),
        waiting_since=draw(st.none() | MOMENTS),
        clocks=draw(st.sampled_from([None, {}, {"resolution": [NOW, 80]}])),
    )  # fmt: skip
    conversation.participants = draw(st.none() | st.lists(st.sampled_from(["mbr_me", "mbr_other"])))
    return conversation


def meant(tree: Tree, it: Conversation) -> bool:  # noqa: C901, PLR0911 - a case for each thing that can be asked
    match tree:
        case {"all": branches}:
            return sum(meant(branch, it) for branch in branches) == len(branches)
        case {"any": branches}:
            return sum(meant(branch, it) for branch in branches) > 0
        case {"none": branches}:
            return sum(meant(branch, it) for branch in branches) == 0
        case {"field": "labels", "has": wanted}:
            return bool(set(it.labels or []) & set([wanted] if isinstance(wanted, str) else wanted))
        case {"field": "participants", "has": wanted}:
            return ("mbr_me" if wanted == "me" else "mbr_other") in (it.participants or [])
        case {"field": "unread", "over": few}:
            return int(it.unread) in range(few + 1, 10)
        case {"field": "window", "closes_within": span}:
            return it.surface == "dm" and 0 < it.last_in_at + 24 * HOUR - NOW <= length(span)
        case {"field": "clock.resolution", "reached": percent}:
            return bool(it.clocks) and percent <= 80
        case {"field": name, "older_than": span}:
            return (since := moment(name, it)) is not None and NOW - since >= length(span)
        case {"field": name, "newer_than": span}:
            return (since := moment(name, it)) is not None and NOW - since < length(span)
    wanted = tree["is"] if isinstance(tree["is"], list) else [tree["is"]]
    if tree["field"] == "assignee":
        wanted = [{"me": "mbr_me", "my_teams": "tem_mine"}.get(who, who) for who in wanted]
    return repr(value(tree["field"], it)) in map(repr, wanted)


def length(span: str) -> int:
    return {"30s": MINUTE // 2, "10m": 10 * MINUTE, "2h": 2 * HOUR, "3d": 72 * HOUR}[span]


def moment(name: str, it: Conversation) -> Any:
    return {"last_activity": it.last_at, "created": it.created_at, "waiting_since": it.waiting_since}[name]


def value(name: str, it: Conversation) -> Any:
    computed = {
        "priority": it.priority or "normal",
        "direction": it.last_message["direction"] if it.last_message else None,
        "waiting": it.waiting_since is not None,
        "paid": bool(it.paid),
        "attributes.plan": it.attributes["plan"] if it.attributes else None,
    }
    return computed[name] if name in computed else getattr(it, name)


@given(TREES, any_conversation())
def test_condition_means_what_it_says(tree: Tree, it: Conversation) -> None:
    assert conditions.compile(tree, VIEWER)(it, NOW) == meant(tree, it)


@given(TREES, any_conversation())
def test_what_matches_is_in_the_statuses_and_brands_that_can(tree: Tree, it: Conversation) -> None:
    if meant(tree, it):
        assert it.status in conditions.statuses(tree)
        assert it.brand in conditions.brands(tree, BRANDS)
        assert (it.brand, it.status) in conditions.places(tree, BRANDS)


@given(PLACES, any_conversation())
def test_everything_at_its_places_matches_a_tree_that_asks_for_nothing_else(tree: Tree, it: Conversation) -> None:
    assert meant(tree, it) == ((it.brand, it.status) in conditions.places(tree, BRANDS))


@given(TREES.filter(lambda tree: str(tree).count("field") <= 8))
def test_what_a_person_means_fits_the_schema(tree: Tree) -> None:
    depth = deepest(tree)
    if depth <= trees.LEVELS:
        schema.check(SCHEMA, tree)
    else:
        with pytest.raises(errors.Invalid):
            schema.check(SCHEMA, tree)


def deepest(tree: Tree) -> int:
    return 1 if "field" in tree else 1 + max(deepest(branch) for [branches] in [tree.values()] for branch in branches)


OPEN, OURS = {"field": "status", "is": "open"}, {"field": "brand", "is": ["brd_a"]}
VIP = {"field": "labels", "has": "vip"}


@pytest.mark.parametrize(
    ("tree", "statuses"),
    [
        (OPEN, ("open",)),
        (VIP, conversations.STATUSES),
        ({"none": [OPEN]}, ("pending", "snoozed", "resolved")),
        ({"none": [{"all": [OPEN, VIP]}]}, conversations.STATUSES),
        ({"any": [OPEN, {"field": "status", "is": ["resolved"]}]}, ("open", "resolved")),
        ({"all": [OPEN, {"field": "status", "is": "pending"}]}, ()),
    ],
)
def test_only_statuses_that_can_match_are_read(tree: Tree, statuses: tuple[str, ...]) -> None:
    assert conditions.statuses(tree) == statuses


def test_only_brands_that_can_match_are_read() -> None:
    assert conditions.brands({"all": [OURS, OPEN]}, BRANDS) == ("brd_a",)
    assert conditions.brands({"none": [OURS]}, BRANDS) == ("brd_b", "brd_c")


@pytest.mark.parametrize(
    ("tree", "where"),
    [
        ({}, ""),
        ([], ""),
        ({"all": []}, "all"),
        ({"all": [OPEN], "any": [OPEN]}, ""),
        ({"most": [OPEN]}, "most"),
        ({"field": "mood", "is": "good"}, "field"),
        ({"field": "status"}, ""),
        ({"field": "status", "is": "opne"}, "is"),
        ({"field": "status", "over": 1}, "over"),
        ({"field": "unread", "is": 0, "over": 1}, ""),
        ({"field": "unread", "over": "many"}, "over"),
        ({"field": "created", "older_than": "2 days"}, "older_than"),
        ({"field": "created", "older_than": "0s"}, "older_than"),
        ({"field": "attributes", "is": 1}, "field"),
        ({"field": "attributes.Plan", "is": 1}, "field"),
        ({"field": "clock.lunch", "reached": 80}, "field"),
        ({"all": [OPEN, {"none": [VIP, {"field": "unread", "over": -1}]}]}, "all.1.none.1.over"),
        ({"all": [{"all": [{"all": [{"all": [OPEN]}]}]}]}, "all.0.all.0.all.0.all"),
        ({"all": [{"field": "labels", "is": "vip"}]}, "all.0.is"),
    ],
)
def test_what_cannot_be_asked_is_refused_where_it_stands(tree: Tree, where: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        schema.check(SCHEMA, tree)
    assert refused.value.field == where


def test_who_asks_a_field_what_it_does_not_take_is_told_what_it_takes() -> None:
    for tree, operators in (({"field": "labels", "is": "vip"}, "has"), ({"field": "unread"}, "is, over")):
        with pytest.raises(errors.Invalid) as refused:
            schema.check(SCHEMA, {"all": [tree]})
        assert refused.value.detail == f"`{tree['field']}` takes one of these: {operators}."


def test_condition_has_fifty_leaves_at_most() -> None:
    conditions.check({"all": [{"any": [OPEN] * 25}, {"none": [OPEN] * 25}]})
    for large in ({"all": [{"any": [OPEN] * 25}, {"none": [OPEN] * 26}]}, {"field": "network", "is": ["a" * 200] * 50}):
        with pytest.raises(errors.Invalid):
            conditions.check(large)


LEAF = {"field": "clock.first_response", "reached": 1}  # of the field that is looked at last
HOSTILE = {
    "many leaves": {"all": [{"any": [{"none": [LEAF] * 50}] * 50}] * 4},
    "many groups": {"all": [{"all": [{"all": [{"all": []}] * 50}] * 50}] * 50},
    "as many as are taken": {"all": [{"all": [{"all": [{"field": "brand", "is": ["brd_0"] * 50}]}]}] * 50},
    "empty": {"all": [{"all": [{}] * 50_000}]},
    "lists": {"all": [[[[]]]] * 20_000},
}


# S5
@pytest.mark.parametrize("shape", HOSTILE)
def test_hostile_tree_costs_little(shape: str) -> None:
    def judge() -> None:
        with suppress(errors.Invalid):
            schema.check(schemas.CONDITION, HOSTILE[shape])

    judge()
    assert cpu_ms(judge) < MOST_MS
