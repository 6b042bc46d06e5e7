"""What the table leaves out of a search matches in no case, and nothing that matches is left out."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import pytest

from chalicelib import ids
from chalicelib.access.actors import Actor, Grant
from chalicelib.search import conditions, narrowing, results, searches
from chalicelib.store import fence, keys, table
from chalicelib.store.models.inbox import Conversation
from chalicelib.trees import Tree
from tests.search.test_conditions import NOW
from tests.support.calls import at
from tests.support.stack import Stack

BRAND = "brd_a"
WAYS: Mapping[str, tuple[Any, ...]] = {
    "assignee": (None, "mbr_me", "tem_mine", "mbr_other"), "priority": (None, "normal", "high"), "unread": (0, 2),
    "waiting_since": (None, NOW), "labels": (None, ["vip", "vip2"], ["vip2", "ça"]),
    "paid": (None, True),
}  # fmt: skip
LEAVES: list[Tree] = [
    {"field": "assignee", "is": None},
    {"field": "assignee", "is": ["me", None]},
    {"field": "assignee", "is": ["my_teams"]},
    {"field": "priority", "is": "normal"},
    {"field": "priority", "is": ["low", "high"]},
    {"field": "unread", "is": 0},
    {"field": "unread", "is": [2, 3]},
    {"field": "waiting", "is": False},
    {"field": "waiting", "is": [True, False]},
    {"field": "paid", "is": True},
    {"field": "paid", "is": [False]},
    {"field": "labels", "has": "vip"},
    {"field": "labels", "has": ["ça", "vi"]},
    {"field": "participants", "has": "me"},
    {"field": "channel", "is": "chn_b"},
    {"field": "network", "is": "messenger"},
    {"field": "surface", "is": ["comment"]},
]
LATE = {"field": "waiting_since", "older_than": "1h"}  # which the table is not asked
TREES = [
    *LEAVES,
    {"all": [LEAVES[0], LATE, LEAVES[9]]},
    {"any": [LEAVES[1], LEAVES[4]]},
    {"any": [LEAVES[1], LATE]},
    {"none": [LEAVES[0], LEAVES[4]]},
    {"all": [{"none": [LEAVES[3]]}, LEAVES[5]]},
]


@pytest.fixture(scope="module")
def everything(stack: Stack) -> tuple[Actor, list[Conversation]]:
    """One of each kind; whoever looks sees all of them."""
    agency = ids.new("agc")
    with fence.within(agency):
        every = [
            made(agency, n, dict(zip(WAYS, values, strict=True))) for n, values in enumerate(product(*WAYS.values()))
        ]
    grants = (Grant("all", frozenset(["inbox.view_all"])),)
    return Actor(agency, "mbr_me", "Me", grants=grants, teams=("tem_mine",)), every


@pytest.fixture(autouse=True)
def at_work(everything: tuple[Actor, list[Conversation]]) -> Iterator[None]:
    with fence.within(everything[0].agency):
        yield


def made(agency: str, n: int, way: Mapping[str, Any]) -> Conversation:
    id = f"cnv_{n:020d}"
    conversation = Conversation(
        keys.within(agency, id), keys.CONVERSATION, brand=BRAND, channel=("chn_a", "chn_b")[n % 2], network="messenger",
        surface=("dm", "comment")[n % 3 // 2], thread=id, participants=[None, ["mbr_me", "mbr_you"]][n % 2],
        last_at=n, created_at=n, updated_at=n, inbox=keys.inbox(agency, BRAND, "open"), activity=keys.activity(n, id),
        **way,
    )  # fmt: skip
    table.put(conversation)
    return conversation


def shown(actor: Actor, tree: Tree, order: str, examined: int) -> list[str]:
    """The ids of all that a member meets who goes on page after page."""
    search = searches.of_condition(actor, [BRAND], tree, examined)
    every, cursor = list[list[Conversation]](), None
    while cursor or not every:
        part = results.page_of(search, order, 10, cursor, NOW)
        every.append(part.items)
        cursor = part.next
    return [conversation.id for items in every for conversation in items]


@pytest.mark.parametrize("tree", TREES, ids=str)
@pytest.mark.parametrize(("order", "examined"), [("newest", 1000), ("oldest", 30)])
def test_search_finds_what_a_look_at_each_conversation_finds(
    everything: tuple[Actor, list[Conversation]], tree: Tree, order: str, examined: int
) -> None:
    actor, every = everything
    test = conditions.compile(tree, actor)
    wanted = [conversation.id for conversation in every if test(conversation, NOW)]
    assert shown(actor, tree, order, examined) == (wanted if order == "oldest" else wanted[::-1])
    [count] = results.counts(actor, [searches.of_condition(actor, [BRAND], tree)], NOW)
    assert count == {"count": len(wanted), "more": False}


@pytest.mark.parametrize("leaf", LEAVES, ids=str)
def test_table_sends_what_matches_and_nothing_else(everything: tuple[Actor, list[Conversation]], leaf: Tree) -> None:
    actor, every = everything
    test, where = conditions.compile(leaf, actor), narrowing.of(leaf, actor)
    assert where is not None
    walked = searches.walk(actor.agency, {(BRAND, "open")}, 50, where=where)
    sent = [conversation for conversation in walked if isinstance(conversation, Conversation)]
    assert {conversation.id for conversation in sent} == {
        conversation.id for conversation in every if test(conversation, NOW)
    }


@pytest.mark.parametrize("tree", [LATE, {"none": [LEAVES[0]]}, {"any": [LEAVES[0], LATE]}], ids=str)
def test_table_is_not_asked_what_it_cannot_tell(tree: Tree) -> None:
    assert narrowing.of(tree, Actor("agc_1", "mbr_me", "Me")) is None


def test_so_many_values_that_they_are_too_long_for_the_table_are_tested_here(
    everything: tuple[Actor, list[Conversation]],
) -> None:
    actor, _ = everything
    leaf = {"field": "labels", "has": [f"{n:050d}" for n in range(narrowing.MOST_VALUES)]}
    assert shown(actor, leaf, "newest", 1000) == []
    assert narrowing.of({"any": [leaf, LEAVES[0]]}, actor) is None


def test_page_looks_at_so_many_conversations_whoever_leaves_them_out(
    everything: tuple[Actor, list[Conversation]],
) -> None:
    actor, every = everything
    read: list[int] = []
    search = searches.of_condition(actor, [BRAND], {"field": "labels", "has": "nobody's"}, examined=50)
    with at("after-call.dynamodb.Query", lambda parsed, **_: read.append(parsed["ScannedCount"])):
        part = results.page_of(search, "newest", 10, None, NOW)
    assert part.items == []
    assert part.next
    assert 50 <= sum(read) < len(every)


def test_what_none_of_several_searches_finds_is_left_out_for_all_of_them(
    everything: tuple[Actor, list[Conversation]],
) -> None:
    actor, every = everything
    trees: list[Tree] = [LEAVES[4], LEAVES[6], LEAVES[11]]
    asked = [searches.of_condition(actor, [BRAND], tree) for tree in trees]
    alone = [results.counts(actor, [search], NOW)[0] for search in asked]
    sent: list[int] = []
    with at("after-call.dynamodb.Query", lambda parsed, **_: sent.append(parsed["Count"])):
        assert results.counts(actor, asked, NOW) == alone
    assert sum(sent) < len(every)


def test_searches_are_not_joined_if_one_of_them_leaves_nothing_out_or_they_are_too_long() -> None:
    viewer = Actor("agc_1", "mbr_me", "Me")
    single, many = (narrowing.of({"field": "labels", "has": [f"{n}" for n in range(most)]}, viewer) for most in (1, 40))
    assert narrowing.either([single, many]) is not None
    assert narrowing.either([single, None]) is None
    assert narrowing.either([many, many]) is None
    assert narrowing.either([]) is None
