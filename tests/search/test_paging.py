"""Walks through an inbox of sixty conversations: whoever goes on as told meets each that matches once, and no other."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib import ids
from chalicelib.access.actors import Actor, Grant
from chalicelib.inbox import conversations, windows
from chalicelib.search import conditions, results, searches
from chalicelib.store import counters, fence, keys, table
from chalicelib.store.models.inbox import Conversation
from tests.search.test_conditions import NOW, TREES, VIEWER, Tree, field
from tests.support.calls import at
from tests.support.stack import Stack

MINUTE = 60_000
BRANDS = ("brd_a", "brd_b")
FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
Inbox = tuple[Actor, list[Conversation]]


@pytest.fixture(scope="module")
def inbox(stack: Stack) -> Inbox:
    """An agency's, and somebody who sees what is nobody's in one brand and everything in the other."""
    agency = ids.new("agc")
    grants = (
        Grant("all", frozenset(["inbox.view_all"]), frozenset(["brd_a"])),
        Grant("some", frozenset(["inbox.view_unassigned"]), frozenset(["brd_b"])),
    )
    with fence.within(agency):
        every = [made(agency, n) for n in range(60)]
    return Actor(agency, VIEWER.member, "Me", grants=grants, teams=VIEWER.teams), every


@pytest.fixture(autouse=True)
def at_work(inbox: Inbox) -> Iterator[None]:
    with fence.within(inbox[0].agency):
        yield


def made(agency: str, n: int) -> Conversation:
    """All different, and each property often enough."""
    id, at = f"cnv_{n:020d}", NOW - (n // 2) * 37 * MINUTE
    brand, status = BRANDS[n % 2], conversations.STATUSES[n % 7 % 4]
    conversation = Conversation(
        keys.within(agency, id), keys.CONVERSATION, brand=brand, status=status, channel="chn_a",
        network="messenger", surface="dm" if n % 3 else "comment", thread=id, unread=n % 4,
        labels=["vip"] if n % 5 else None, attributes={"plan": (1, "gold", None)[n % 3]},
        assignee=(None, "mbr_me", "tem_mine", "mbr_other")[n // 2 % 4],
        last_message={"direction": "in" if n % 3 else "out"}, waiting_since=at if n % 3 else None,
        last_at=at, last_in_at=at, created_at=at, updated_at=at,
        inbox=keys.inbox(agency, brand, status), activity=keys.activity(at, id),
    )  # fmt: skip
    said, conversation.last_message = conversation.last_message, None
    table.put(conversation)  # a conversation with a message would be taken from these assignees, who are nobody
    conversation.last_message = said
    table.transact(table.putting(conversation), *counters.move(agency, brand, id, None, status).writes)
    return conversation


def pages(asked: searches.Search, order: str, limit: int) -> list[list[Conversation]]:
    """All there are, a page after the other."""
    listing: list[list[Conversation]] = []
    cursor = None
    for turn in count():
        assert turn < 100
        part = results.page_of(asked, order, limit, cursor, NOW)
        listing.append(part.items)
        cursor = part.next
        if cursor is None:
            return listing
    raise AssertionError


@FEW
@given(TREES, st.sampled_from(results.ORDERS), st.sampled_from([2, 7, 100]), st.sampled_from([5, 23, 1000]))
def test_page_after_page_gives_every_match_once(
    inbox: Inbox, tree: Tree, order: str, limit: int, examined: int
) -> None:
    actor, every = inbox
    test = conditions.compile(tree, actor)
    wanted = [
        conversation.id
        for conversation in every
        if test(conversation, NOW) and conversations.visible(actor, conversation)
    ]
    listing = pages(searches.of_condition(actor, BRANDS, tree, examined), order, limit)
    assert sorted(conversation.id for page in listing for conversation in page) == sorted(wanted)
    assert max(map(len, listing)) <= limit
    assert results.counts(actor, [searches.of_condition(actor, BRANDS, tree)], NOW) == [
        {"count": len(wanted), "more": False}
    ]


EVERYTHING = {"any": [{"field": "waiting", "is": [True, False]}]}


@pytest.mark.parametrize("limit", [3, 100])
def test_newest_and_oldest_go_by_activity(inbox: Inbox, limit: int) -> None:
    actor, every = inbox
    seen = [conversation for conversation in every if conversations.visible(actor, conversation)]
    oldest = [conversation.id for conversation in sorted(seen, key=lambda conversation: conversation.activity or "")]
    for order, wanted in (("oldest", oldest), ("newest", oldest[::-1])):
        listing = pages(searches.of_condition(actor, BRANDS, EVERYTHING), order, limit)
        assert [conversation.id for page in listing for conversation in page] == wanted


@pytest.mark.parametrize("order", ["newest", "oldest"])
@pytest.mark.parametrize("tree", [EVERYTHING, {"field": "labels", "has": "vip"}], ids=["all", "some"])
def test_pages_lead_back_the_way_they_came(inbox: Inbox, tree: Tree, order: str) -> None:
    actor, _ = inbox
    asked = searches.of_condition(actor, BRANDS, tree)
    there = [results.page_of(asked, order, 7, None, NOW)]
    while there[-1].next:
        there.append(results.page_of(asked, order, 7, there[-1].next, NOW))
    back, pages_back = there[-1], [there[-1]]
    while back.previous:
        back = results.page_of(asked, order, 7, back.previous, NOW)
        pages_back.append(back)
    ids = [[conversation.id for conversation in page.items] for page in there]
    assert len(ids) > 2
    assert [[conversation.id for conversation in page.items] for page in reversed(pages_back)] == ids


@pytest.mark.parametrize("limit", [3, 100])
def test_what_closes_first_comes_first_and_what_does_not_close_last(inbox: Inbox, limit: int) -> None:
    actor, every = inbox
    times = {conversation.id: windows.closes_at(conversation) for conversation in every}
    listing = pages(searches.of_condition(actor, BRANDS, EVERYTHING), "window", limit)
    closes = [times[conversation.id] or 0 for page in listing for conversation in page]
    ahead = [at for at in closes if at > NOW]
    assert len(ahead) > 10
    assert closes[: len(ahead)] == sorted(ahead)


def test_counting_ends_somewhere_and_says_so(inbox: Inbox) -> None:
    actor, every = inbox
    asked_at_once = [
        searches.of_condition(actor, BRANDS, {"field": "status", "is": status}) for status in ("open", "resolved")
    ]
    there = sum(conversation.status == "open" and conversations.visible(actor, conversation) for conversation in every)
    assert results.counts(actor, asked_at_once[:1], NOW, examined=60) == [{"count": there, "more": False}]
    assert [answer["more"] for answer in results.counts(actor, asked_at_once, NOW, examined=5)] == [True, True]
    assert all(answer["count"] <= 5 for answer in results.counts(actor, asked_at_once, NOW, examined=5))


def somebody(agency: str, *permissions: str) -> Actor:
    return Actor(agency, VIEWER.member, "Me", grants=(Grant("all", frozenset(permissions)),), teams=VIEWER.teams)


PLAIN = st.recursive(
    field("status", *conversations.STATUSES) | field("brand", *BRANDS),
    lambda trees: st.dictionaries(
        st.sampled_from(["all", "any", "none"]), st.lists(trees, min_size=1), min_size=1, max_size=1
    ),
    max_leaves=5,
)


@FEW
@given(PLAIN, st.sampled_from(["inbox.view_all", "inbox.view_assigned"]))
def test_plain_search_is_counted_exactly_for_whoever_sees_all(inbox: Inbox, tree: Tree, permission: str) -> None:
    actor, every = somebody(inbox[0].agency, permission), inbox[1]
    asked = searches.of_condition(actor, BRANDS, tree)
    seen = [conversation for conversation in every if asked.finds(conversation, NOW)]
    examined = 3 if permission == "inbox.view_all" else 1000
    assert results.counts(actor, [asked] * 2, NOW, examined=examined) == [{"count": len(seen), "more": False}] * 2


def test_search_that_asks_for_more_is_counted_as_far_as_it_is_looked_through(inbox: Inbox) -> None:
    actor = somebody(inbox[0].agency, "inbox.view_all")
    plain, other = (
        searches.of_condition(actor, BRANDS, tree) for tree in ({"field": "status", "is": "open"}, EVERYTHING)
    )
    answers = results.counts(actor, [other, plain, other], NOW, examined=3)
    assert [answer["more"] for answer in answers] == [True, False, True]
    assert (answers[0]["count"], answers[1]["count"]) == (
        3,
        sum(conversation.status == "open" for conversation in inbox[1]),
    )


@contextmanager
def asked_of_the_index() -> Iterator[list[str]]:
    """The partitions that are asked inside."""
    asked: list[str] = []

    def note(params: Any, **_: Any) -> None:
        if "IndexName" in params:
            [partition] = [value["S"] for value in params["ExpressionAttributeValues"].values() if "agc" in value["S"]]
            asked.append(partition)

    with at("before-parameter-build.dynamodb.Query", note):
        yield asked


@pytest.mark.parametrize("order", results.ORDERS)
def test_brands_without_anything_are_not_asked(inbox: Inbox, order: str) -> None:
    actor = somebody(inbox[0].agency, "inbox.view_all")
    many = [*BRANDS, *(f"brd_{n}" for n in range(250))]
    is_open = searches.of_condition(actor, many, {"field": "status", "is": "open"})
    with asked_of_the_index() as asked:
        listing = pages(is_open, order, 5)
    assert set(asked) == {keys.inbox(actor.agency, brand, "open") for brand in BRANDS}
    wanted = [conversation.id for conversation in inbox[1] if conversation.status == "open"]
    assert sorted(conversation.id for page in listing for conversation in page) == sorted(wanted)
    assert sum(map(len, listing)) > 10


@pytest.mark.parametrize("nonsense", [{"last_at": {"S": "yesterday"}}, {"labels": {"S": "[vip"}}])
def test_what_cannot_be_read_keeps_nobody_from_the_rest(stack: Stack, inbox: Inbox, nonsense: Any) -> None:
    actor, every = inbox
    spoilt = next(conversation for conversation in every if conversations.visible(actor, conversation))
    [(name, value)] = nonsense.items()
    stack.client("dynamodb").update_item(
        TableName=stack.platform.outputs["Table"], Key={"pk": {"S": spoilt.pk}, "sk": {"S": spoilt.sk}},
        UpdateExpression="SET #name = :value", ExpressionAttributeNames={"#name": name},
        ExpressionAttributeValues={":value": value},
    )  # fmt: skip
    listing = pages(searches.of_condition(actor, BRANDS, EVERYTHING), "newest", 100)
    table.put(spoilt)
    left = {conversation.id for conversation in every if conversations.visible(actor, conversation)} - {spoilt.id}
    assert {conversation.id for page in listing for conversation in page} == left
