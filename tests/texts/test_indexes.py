"""What every index promises, tried on each."""

import threading
from collections.abc import Iterator
from random import Random

import pytest

from chalicelib import ids
from chalicelib.aws.domains import SignedDomain
from chalicelib.store import fence
from chalicelib.texts.indexes import AFTER_ALL, Index, Query, within
from chalicelib.texts.lines import CONTACTS, GONE, MESSAGES, Line
from chalicelib.texts.opensearch import OpenSearch
from chalicelib.texts.segments import Segments
from local import opensearch as double
from local.environment import REGION
from tests.support.stack import Stack
from tests.texts.making import BRANDS, START, WORDS, line, lines
from tests.texts.memory import Memory

HELLO = Query(("hello",))


@pytest.fixture
def agency(stack: Stack) -> Iterator[str]:
    """An agency of which nobody indexes anything."""
    agency = ids.new("agc")
    with fence.within(agency):
        yield agency


@pytest.fixture(params=["segments", "opensearch", "memory"])
def index(request: pytest.FixtureRequest) -> Iterator[Index]:
    if request.param != "opensearch":
        yield Segments() if request.param == "segments" else Memory()
        return
    with double.OpenSearch() as node:
        threading.Thread(target=node.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield OpenSearch(SignedDomain(node.url, REGION, double.KEYS), "palabre-test")
        node.shutdown()


def found(index: Index, agency: str, query: Query = HELLO, *, shelf: str = MESSAGES, most: int = 100) -> list[str]:
    """All keys, page by page."""
    keys: list[str] = []
    before: str | None = AFTER_ALL
    while before is not None:
        page = index.find(agency, shelf, query, before, most, within(60))
        keys += page.keys
        before = page.next
    return keys


def keys_of(lines: list[Line]) -> list[str]:
    return [entry.key for entry in lines]


def test_what_was_put_is_found_newest_first(index: Index, agency: str) -> None:
    made = [line(at) for at in (3, 1, 2)]
    index.put(agency, MESSAGES, made)
    assert found(index, agency) == keys_of([made[0], made[2], made[1]])


def test_putting_it_again_changes_nothing(index: Index, agency: str) -> None:
    for _ in range(3):
        index.put(agency, MESSAGES, [line(1), line(2)])
    assert len(found(index, agency)) == 2


def test_a_later_version_takes_the_place_and_a_late_repeat_loses(index: Index, agency: str) -> None:
    index.put(agency, MESSAGES, [line(1, "hello there", version=2)])
    index.put(agency, MESSAGES, [line(1, "good bye", version=5)])
    index.put(agency, MESSAGES, [line(1, "hello again", version=4)])
    assert found(index, agency) == []
    assert found(index, agency, Query(("bye",))) == [line(1).key]


def test_what_was_taken_back_is_not_found(index: Index, agency: str) -> None:
    index.put(agency, MESSAGES, [line(1), line(2)])
    index.put(agency, MESSAGES, [line(1, "", version=2)])
    assert found(index, agency) == [line(2).key]


def test_what_was_removed_is_not_found(index: Index, agency: str) -> None:
    index.put(agency, MESSAGES, [line(1), line(2), line(3)])
    index.remove(agency, MESSAGES, [line(2).key, line(9).key])
    index.remove(agency, MESSAGES, [])
    assert found(index, agency) == [line(3).key, line(1).key]


def test_who_was_erased_is_not_found_and_does_not_come_back(index: Index, agency: str) -> None:
    index.put(agency, MESSAGES, [line(1, author="ctc_ana"), line(2, author="ctc_ben")])
    index.put(agency, CONTACTS, [line(3, author="ctc_ana")])
    assert index.erase(agency, "ctc_ana") == 2
    assert index.erase(agency, "ctc_ana") == 0
    index.put(agency, MESSAGES, [line(1, author="ctc_ana", version=99)])
    assert found(index, agency) == [line(2).key]
    assert found(index, agency, shelf=CONTACTS) == []
    assert [
        entry for entry in index.every(agency, MESSAGES) if entry.version == GONE and entry.text + entry.author
    ] == []


def test_another_agency_has_an_index_of_its_own(index: Index, stack: Stack) -> None:
    ours, other = ids.new("agc"), ids.new("agc")
    with fence.within(ours):
        index.put(ours, MESSAGES, [line(1)])
    with fence.within(other):
        assert found(index, other) == []
        index.remove(other, MESSAGES, [line(1).key])
        assert index.erase(other, "ctc_ana") == 0
        index.replace(other, MESSAGES, [])
    with fence.within(ours):
        assert found(index, ours) == [line(1).key]


def test_many_lines_give_what_a_look_at_each_would(index: Index, agency: str) -> None:
    chance = Random(5)
    made = lines(400, chance)
    for start in range(0, 400, 150):
        index.put(agency, MESSAGES, made[start : start + 150])
    queries = [
        Query((WORDS[0],)),
        Query((WORDS[1], WORDS[2]), frozenset(BRANDS[:2])),
        Query((WORDS[0],), author="ctc_ben"),
        Query((WORDS[3],), frozenset(), since=START),
        Query((WORDS[0],), since=START + 100_000, until=START + 200_000),
        Query((WORDS[0],), network="other"),
    ]
    for query in queries:
        assert found(index, agency, query, most=7) == [entry.key for entry in made if query.finds(entry)]


def test_replacing_keeps_these_lines_and_nothing_else(index: Index, agency: str) -> None:
    index.put(agency, MESSAGES, [line(1), line(2)])
    index.replace(agency, MESSAGES, [[line(5), line(4)], [line(3), line(2)]])
    assert found(index, agency) == keys_of([line(5), line(4), line(3), line(2)])
    index.put(agency, MESSAGES, [line(6)])
    assert {entry.key for entry in index.every(agency, MESSAGES)} == set(keys_of([line(at) for at in range(2, 7)]))
    index.replace(agency, MESSAGES, [])
    assert found(index, agency) == []
