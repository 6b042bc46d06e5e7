"""How OpenSearch is asked: for one agency at a time, signed, and never with half an answer."""

import threading
from collections.abc import Iterator

import pytest
from botocore.credentials import Credentials

from chalicelib import errors, settings
from chalicelib.aws.domains import SignedDomain
from chalicelib.texts import choices
from chalicelib.texts.indexes import AFTER_ALL, Query, within
from chalicelib.texts.lines import CONTACTS, MESSAGES
from chalicelib.texts.opensearch import MOST_AT_ONCE, OpenSearch
from chalicelib.texts.segments import Segments
from local import opensearch as double
from local.environment import REGION
from tests.texts.making import line

HELLO = Query(("hello",))
CHOICES = {"none": {}, "segments": {"SEARCH": "segments"}}
BAD_CHOICES = {
    "no address": ({"SEARCH": "opensearch"}, KeyError),
    "another": ({"SEARCH": "sqlite", "SEARCH_URL": "http://x"}, ValueError),
}


@pytest.fixture
def node() -> Iterator[double.OpenSearch]:
    with double.OpenSearch() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def index(node: double.OpenSearch) -> OpenSearch:
    return at(node)


def at(node: double.OpenSearch, keys: Credentials = double.KEYS) -> OpenSearch:
    return OpenSearch(SignedDomain(node.url, REGION, keys), "palabre-test")


def test_every_search_is_for_one_agency_and_routed_by_it(node: double.OpenSearch, index: OpenSearch) -> None:
    index.put("agc_1", MESSAGES, [line(1)])
    index.find("agc_1", MESSAGES, HELLO, AFTER_ALL, 5, within(3))
    index.find("agc_2", CONTACTS, Query(), AFTER_ALL, 5, within(3))
    index.remove("agc_1", MESSAGES, [line(1).key])
    index.erase("agc_2", "ctc_ana")
    index.replace("agc_2", MESSAGES, [[line(2)]])
    assert list(index.every("agc_1", MESSAGES)) == []
    assert len(node.asked) >= 7
    for asked in node.asked:
        assert asked["query"]["bool"]["filter"][0] == {"term": {"agency": asked["routing"]}}
    assert {document.routing for document in node.indexes["palabre-test-messages"].documents.values()} == {
        "agc_1", "agc_2",
    }  # fmt: skip


def test_somebody_with_other_keys_is_refused(node: double.OpenSearch) -> None:
    with pytest.raises(errors.Unavailable):
        at(node, Credentials("AKIA0", "stolen")).put("agc_1", MESSAGES, [line(1)])
    assert node.indexes == {}


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_answer_that_is_none_is_told_and_nothing_is_lost(
    node: double.OpenSearch, index: OpenSearch, status: int
) -> None:
    index.put("agc_1", MESSAGES, [line(1)])
    node.fails = [status, status]
    with pytest.raises(errors.Unavailable):
        index.put("agc_1", MESSAGES, [line(2)])
    with pytest.raises(errors.Unavailable):
        index.find("agc_1", MESSAGES, HELLO, AFTER_ALL, 5, within(3))
    index.put("agc_1", MESSAGES, [line(2)])
    assert len(index.find("agc_1", MESSAGES, HELLO, AFTER_ALL, 5, within(3)).keys) == 2


def test_a_node_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(errors.Unavailable):
        OpenSearch(SignedDomain("http://127.0.0.1:9", REGION, double.KEYS), "x").put("agc_1", MESSAGES, [line(1)])


def test_an_index_that_cannot_be_made_as_we_want_it_is_not_used(node: double.OpenSearch, index: OpenSearch) -> None:
    node.fails = [400]
    with pytest.raises(errors.Unavailable):
        index.put("agc_1", MESSAGES, [line(1)])


def test_more_than_one_call_takes_goes_in_several(node: double.OpenSearch, index: OpenSearch) -> None:
    made = [line(at) for at in range(MOST_AT_ONCE + 5)]
    index.put("agc_1", MESSAGES, made)
    assert {entry.key for entry in index.every("agc_1", MESSAGES)} == {entry.key for entry in made}


@pytest.mark.parametrize("word", ["订单", "订单在", "单在"])
def test_chinese_words_are_found_by_pairs(index: OpenSearch, word: str) -> None:
    index.put("agc_1", MESSAGES, [line(1, "我的订单在哪里")])
    assert len(index.find("agc_1", MESSAGES, Query((word,)), AFTER_ALL, 5, within(3)).keys) == 1


@pytest.mark.parametrize("given", CHOICES.values(), ids=CHOICES)
def test_the_index_in_the_bucket_is_the_usual_one(
    nowhere: None, monkeypatch: pytest.MonkeyPatch, given: dict[str, str]
) -> None:
    assert isinstance(_chosen(monkeypatch, given), Segments)


def test_opensearch_is_chosen_by_a_setting(nowhere: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(_chosen(monkeypatch, {"SEARCH": "opensearch", "SEARCH_URL": "https://x.example"}), OpenSearch)


@pytest.mark.parametrize(("given", "error"), BAD_CHOICES.values(), ids=BAD_CHOICES)
def test_half_a_choice_is_refused(
    nowhere: None, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        _chosen(monkeypatch, given)


def _chosen(monkeypatch: pytest.MonkeyPatch, given: dict[str, str]) -> object:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings.get.cache_clear()
    choices.index.cache_clear()
    try:
        return choices.index()
    finally:
        choices.index.cache_clear()
