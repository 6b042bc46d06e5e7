"""DynamoDB and queues of the emulator are quicker than they were, and none of their answers is another."""

import json
import time
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ministack.services import dynamodb, sqs

from local import quicker

PIECES = st.sampled_from(
    ["#n", "name", ":v", "=", "<>", "BETWEEN", "AND", "NOT", "(", ")", "begins_with(", ",", "attribute_exists(", "."]
)
_slow = {name: getattr(dynamodb, name) for name in quicker.QUICKER}
_slow_queues = {name: getattr(sqs, name) for name in quicker.QUICKER_QUEUES}


def _theirs(text: str, value: str) -> object:
    try:
        return dynamodb._evaluate_condition(text, {"name": {"S": value}}, {":v": {"S": "b"}}, {"#n": "name"})
    except ValueError as refusal:
        return str(refusal)


@given(st.lists(PIECES, max_size=9).map(" ".join), st.sampled_from("abc"))
def test_answers_are_the_same(text: str, value: str) -> None:
    slowly = _theirs(text, value)
    with pytest.MonkeyPatch.context() as restored:
        for name, function in _slow.items():
            restored.setattr(dynamodb, name, function)
        for name, function in _slow_queues.items():
            restored.setattr(sqs, name, function)
        quicker.make_quicker()
        assert [_theirs(text, value), _theirs(text, value)] == [slowly, slowly]


def test_installed_version_reads_conditions_where_this_expects_it() -> None:
    assert {*quicker.QUICKER, *quicker.PARTS} <= set(vars(dynamodb))
    assert set(quicker.QUICKER_QUEUES) <= set(vars(sqs))


KEYS = st.fixed_dictionaries(
    {},
    optional={
        name: st.sampled_from("abc").map(lambda text: {"S": text}) | st.just({"N": "1"}) for name in ("pk", "sk")
    },
)
GIVEN = st.fixed_dictionaries({f":{name}": st.sampled_from("abc").map(lambda text: {"S": text}) for name in "plh"})
OURS = ["#0 = :0", "(#0 = :0 AND #1 > :1)", "(#0 = :0 AND #1 BETWEEN :1 AND :2)", "(#0 = :0 AND begins_with (#1, :1))"]
PLACES = [
    "#s BETWEEN :l AND :h", "#s < :l", "#s <= :l", "#s > :l", "#s >= :l", "#s = :l", "begins_with(#s, :l)",
    "begins_with (#s, :l)",
]  # fmt: skip
CONDITIONS = ["#p = :p", *(f"#p = :p AND {place}" for place in PLACES)]
TEXTS = [
    *CONDITIONS,
    "pk = :p AND sk BETWEEN :l AND :h", "(#p = :p AND #s BETWEEN :l AND :h)", "(#p = :p AND #s > :l)", "pk = :p",
    "(#p = :p AND begins_with (#s, :l))", "(#p = :p AND begins_with (#s, :l)", "#p = :p)", "#p = :p AND (#s > :l)",
    "pk = :p AND sk BETWEEN :l AND :x", "pk = :p AND #x BETWEEN :l AND :h", "pk = :p AND sk <> :l", "pk > :p",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
@given(KEYS, GIVEN, st.sampled_from(["KeyConditionExpression", "FilterExpression"]))
def test_items_of_a_query_are_the_same(
    text: str, item: Mapping[str, Any], values: Mapping[str, Any], slot: str
) -> None:
    def answer(evaluate: Any) -> object:
        try:
            return evaluate(text, item, values, {"#p": "pk", "#s": "sk"}, slot)
        except ValueError as refusal:
            return str(refusal)

    slowly = dynamodb._evaluate_condition
    assert answer(quicker.by_keys(slowly)) == answer(slowly)


TABLE = {
    "TableName": "t", "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "in", "at")],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "inbox", "Projection": {"ProjectionType": "ALL"},
            "KeySchema": [{"AttributeName": "in", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
        }
    ],
}  # fmt: skip
# Many in one partition, at few places of the index, so that pages end among those of one place.
KEY = {"pk": st.sampled_from("aab"), "sk": st.sampled_from("abcdef"), "in": st.just("a"), "at": st.sampled_from("bd")}
STORED = st.fixed_dictionaries(KEY) | st.fixed_dictionaries({name: KEY[name] for name in ("pk", "sk", "in")})
QUERIES = st.fixed_dictionaries(
    {
        "index": st.booleans(), "text": st.just("#p = :p") | st.sampled_from(CONDITIONS),
        "Limit": st.integers(1, 3) | st.just(100),
        "values": st.tuples(st.just("a"), *[st.sampled_from("abdef")] * 2), "ScanIndexForward": st.booleans(),
    },
    optional={"first": st.fixed_dictionaries(KEY)},
)  # fmt: skip


@given(st.lists(STORED, min_size=8, max_size=20), QUERIES)
def test_pages_of_a_query_are_the_same(stored: list[dict[str, str]], asked: dict[str, Any]) -> None:
    name = f"t{uuid4()}"
    dynamodb._create_table({**TABLE, "TableName": name})
    for item in stored:
        dynamodb._put_item({"TableName": name, "Item": _typed(item)})
    query = _query(name, asked)
    assert _pages(quicker.by_stretch(_slow["_query"]), query) == _pages(_slow["_query"], query)


DEEDS = st.lists(st.tuples(STORED, st.sampled_from(["put", "put", "delete", "ask"])), min_size=8, max_size=25)


@given(DEEDS, QUERIES)
def test_pages_are_the_same_while_items_come_and_go(deeds: list[tuple[dict[str, str], str]], asked: Any) -> None:
    name = f"t{uuid4()}"
    dynamodb._create_table({**TABLE, "TableName": name})
    with pytest.MonkeyPatch.context() as restored:
        for known, function in _slow.items():
            restored.setattr(dynamodb, known, function)
        quicker.make_quicker()
        for item, deed in [*deeds, ({}, "ask")]:
            key = {place: value for place, value in _typed(item).items() if place in ("pk", "sk")}
            if deed == "put":
                dynamodb._put_item({"TableName": name, "Item": _typed(item)})
            elif deed == "delete":
                dynamodb._delete_item({"TableName": name, "Key": key})
            else:
                query = _query(name, asked)
                assert _pages(dynamodb._query, query) == _pages(_slow["_query"], query)


def _typed(item: Mapping[str, str]) -> dict[str, Any]:
    return {key: {"S": value} for key, value in item.items()}


def _query(name: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """With the values that its text has alone; it may begin after an item that is not there."""
    partition, place = ("in", "at") if asked["index"] else ("pk", "sk")
    values = dict(zip("plh", asked["values"], strict=True))
    return {
        "TableName": name, "KeyConditionExpression": asked["text"],
        "ExpressionAttributeNames": {"#p": partition, **({"#s": place} if "#s" in asked["text"] else {})},
        "ExpressionAttributeValues": {f":{key}": {"S": values[key]} for key in values if f":{key}" in asked["text"]},
        **({"IndexName": "inbox"} if asked["index"] else {}),
        **({"ExclusiveStartKey": _typed(asked["first"])} if "first" in asked else {}),
        **{key: value for key, value in asked.items() if key in ("Limit", "ScanIndexForward") and value != 100},
    }  # fmt: skip


def _pages(ask: Any, query: Mapping[str, Any]) -> list[Any]:
    """All answers, each from where the one before ended."""
    status, _, body = ask(query)
    last = json.loads(body).get("LastEvaluatedKey")
    rest = _pages(ask, {**query, "ExclusiveStartKey": last}) if last else []
    return [(status, body), *rest]


TEXT_OR_NULL = st.sampled_from([{"S": "x"}, {"NULL": True}])
VALUES = TEXT_OR_NULL | st.fixed_dictionaries(
    {}, optional={"L": st.lists(TEXT_OR_NULL, max_size=2), "M": st.dictionaries(st.sampled_from("ab"), TEXT_OR_NULL)}
)
ALIASES = st.dictionaries(st.sampled_from(["#0", "#1", "#2"]), st.sampled_from(["a", "b", "c", "a.b", "a[0]"]))
ASKED = st.lists(st.sampled_from(["#0", "#1", "#2", "a", "#0.b", "#1[0]"]), min_size=1, max_size=3).map(", ".join)


@given(st.dictionaries(st.sampled_from("abc"), VALUES), ASKED, ALIASES)
def test_parts_of_an_item_are_the_same(item: Mapping[str, Any], text: str, names: Mapping[str, str]) -> None:
    def answer(project: Any, overlap: Any) -> object:
        try:
            return overlap(text, names), project(item, text, names)
        except ValueError as refusal:
            return str(refusal)

    slow = _slow["_project_item"], _slow["_projection_overlap_error"]
    assert answer(quicker.by_names(slow[0]), quicker.by_names_overlap(slow[1])) == answer(*slow)


@pytest.mark.parametrize("text", OURS)
def test_our_queries_are_among_those_that_are_quicker(text: str) -> None:
    names, values = {"#0": "pk", "#1": "sk"}, {":0": {"S": "a"}, ":1": {"S": "b"}, ":2": {"S": "c"}}
    assert quicker.stretch(text, values, names) is not None


@given(st.lists(st.sampled_from([-300, -1, 60, 300]), unique=True).map(sorted))
def test_ids_that_a_queue_forgets_are_the_same(seconds: list[int]) -> None:
    """None of them expires while it is asked."""
    now = time.time()
    slow, quick = ({"dedup_cache": {f"{at}": {"expire": now + at} for at in seconds}} for _ in range(2))
    _slow_queues["_prune_dedup"](slow)
    quicker.from_the_oldest(_slow_queues["_prune_dedup"])(quick)
    assert quick == slow
