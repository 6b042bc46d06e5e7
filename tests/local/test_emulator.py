"""The emulator is quicker than it was, and none of its answers is another."""

import asyncio
import inspect
import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ministack import app
from ministack.services import dynamodb

from local import emulator

PIECES = st.sampled_from(
    ["#n", "name", ":v", "=", "<>", "BETWEEN", "AND", "NOT", "(", ")", "begins_with(", ",", "attribute_exists(", "."]
)
_slow = {name: getattr(dynamodb, name) for name in emulator.QUICKER}


def _answer(text: str, value: str) -> object:
    try:
        return dynamodb._evaluate_condition(text, {"name": {"S": value}}, {":v": {"S": "b"}}, {"#n": "name"})
    except ValueError as refusal:
        return str(refusal)


@given(st.lists(PIECES, max_size=9).map(" ".join), st.sampled_from("abc"))
def test_answers_are_the_same(text: str, value: str) -> None:
    slowly = _answer(text, value)
    with pytest.MonkeyPatch.context() as restored:
        for name, function in _slow.items():
            restored.setattr(dynamodb, name, function)
        emulator.read_texts_once()
        assert [_answer(text, value), _answer(text, value)] == [slowly, slowly]


def test_installed_version_reads_conditions_where_this_expects_it() -> None:
    assert {*emulator.QUICKER, *emulator._PARTS} <= set(vars(dynamodb))
    assert "from hypercorn.asyncio import serve as hypercorn_serve" in inspect.getsource(app.main)


KEYS = st.fixed_dictionaries(
    {},
    optional={
        name: st.sampled_from("abc").map(lambda text: {"S": text}) | st.just({"N": "1"}) for name in ("pk", "sk")
    },
)
GIVEN = st.fixed_dictionaries({f":{name}": st.sampled_from("abc").map(lambda text: {"S": text}) for name in "plh"})
TEXTS = st.sampled_from(
    [
        "pk = :p AND sk BETWEEN :l AND :h", "(#p = :p AND #s BETWEEN :l AND :h)", "pk = :p", "pk = :p AND sk = :l",
        "(#p = :p AND begins_with (#s, :l))", "pk = :p AND sk BETWEEN :l AND :x", "pk = :p AND #x BETWEEN :l AND :h",
    ]
)  # fmt: skip


@given(TEXTS, KEYS, GIVEN, st.sampled_from(["KeyConditionExpression", "FilterExpression"]))
def test_items_of_a_query_are_the_same(
    text: str, item: Mapping[str, Any], values: Mapping[str, Any], slot: str
) -> None:
    def answer(evaluate: Any) -> object:
        try:
            return evaluate(text, item, values, {"#p": "pk", "#s": "sk"}, slot)
        except ValueError as refusal:
            return str(refusal)

    slowly = dynamodb._evaluate_condition
    assert answer(emulator.by_keys(slowly)) == answer(slowly)


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
STORED = st.fixed_dictionaries(
    {name: st.sampled_from("abcd") for name in ("pk", "sk")},
    optional={name: st.sampled_from("abcd") for name in ("in", "at")},
)
QUERIES = st.fixed_dictionaries(
    {"index": st.booleans(), "values": st.tuples(*[st.sampled_from("abcd")] * 3)},
    optional={"Limit": st.integers(1, 4), "ScanIndexForward": st.booleans()},
)


@given(st.lists(STORED, max_size=12), QUERIES)
def test_pages_of_a_query_are_the_same(stored: list[dict[str, str]], asked: dict[str, Any]) -> None:
    name, (partition, place) = f"t{uuid4()}", ("in", "at") if asked["index"] else ("pk", "sk")
    dynamodb._create_table({**TABLE, "TableName": name})
    for item in stored:
        dynamodb._put_item({"TableName": name, "Item": {key: {"S": value} for key, value in item.items()}})
    query: dict[str, Any] = {
        "TableName": name, "KeyConditionExpression": "#p = :p AND #s BETWEEN :l AND :h",
        "ExpressionAttributeNames": {"#p": partition, "#s": place},
        "ExpressionAttributeValues": {f":{key}": {"S": text} for key, text in zip("plh", asked["values"], strict=True)},
        **({"IndexName": "inbox"} if asked["index"] else {}),
        **{key: value for key, value in asked.items() if key in ("Limit", "ScanIndexForward")},
    }  # fmt: skip
    assert _pages(emulator.by_stretch(_slow["_query"]), query) == _pages(_slow["_query"], query)


def _pages(ask: Any, query: Mapping[str, Any]) -> list[Any]:
    """All answers, each from where the one before ended."""
    status, _, body = ask(query)
    last = json.loads(body).get("LastEvaluatedKey")
    rest = _pages(ask, {**query, "ExclusiveStartKey": last}) if last else []
    return [(status, body), *rest]


def test_package_is_unpacked_once_for_all_who_want_it(tmp_path: Path) -> None:
    packed, places = tmp_path / "code.zip", [tmp_path / name for name in ("one", "other", "taken")]
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("app.py", "")
        package.writestr("area/module.py", "1")
    for place in places:
        place.mkdir()
    (places[2] / "here").touch()
    for place in places:
        with emulator.Package(packed) as package:
            package.extractall(place)
        assert (place / "area" / "module.py").read_text() == "1"
    assert places[0].resolve() == places[1].resolve()
    assert not places[2].is_symlink()


PATHS = {
    "/restapis/a1/api/_user_request_/v1/contacts/ext:ana@shop.example/conversations":
        "/v1/contacts/ext:.../conversations",
    "/_aws/execute-api/b2/hooks/telegram/chn_1/s3cret": "/hooks/telegram",
    "/restapis/a1/api/_user_request_/docs": "/docs",
    "/_ministack/health": "", "/palabre-bucket/media/agc_1": "",
}  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_log_has_the_places_of_ours_and_no_word_of_anybody(path: str) -> None:
    assert emulator.place_of(path) == PATHS[path]


def test_each_request_is_a_line_with_its_status_and_id() -> None:
    lines: list[str] = []

    async def served(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": [(b"Request-Id", b"r-1")]})

    async def sent(message: Any) -> None:
        assert message["status"] == 204

    for path in ("/_aws/execute-api/b2/hooks/line", "/_ministack/health"):
        scope = {"type": "http", "method": "POST", "path": path, "query_string": b"q=secret"}
        asyncio.run(emulator.told(served, lines.append)(scope, None, sent))
    assert [re.sub(r"\d+ ms", "9 ms", line) for line in lines] == ["POST /hooks/line 204 9 ms r-1"]
