"""Answers of DynamoDB are read as botocore and PynamoDB read them, whatever they hold; only faster."""

import io
import json
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.session import Session
from hypothesis import given
from hypothesis import strategies as st
from pynamodb.models import Model

from chalicelib.store import answers
from chalicelib.store.models.item import Item
from tests.support.models import MODELS

TEXTS = st.text(max_size=20)
VALUES: Mapping[str, st.SearchStrategy[Any]] = {
    "S": TEXTS | st.sampled_from(["{}", "[1]", "null", '"x"', '{"a": {"b": [null, 1.5]}}']),
    "N": st.integers().map(str),
    "BOOL": st.booleans(),
    "SS": st.lists(TEXTS, min_size=1, unique=True),
    "NULL": st.just(True),
}


def typed(kind: str) -> st.SearchStrategy[Mapping[str, Any]]:
    """A value of that type, as DynamoDB writes it."""
    return VALUES[kind].map(lambda value: {kind: value})


TYPED = st.sampled_from(list(VALUES)).flatmap(typed)
OTHERS = st.dictionaries(TEXTS, TYPED, max_size=2)


@st.composite
def stored(draw: st.DrawFn) -> tuple[type[Item], Mapping[str, Any]]:
    """A model, and an item as DynamoDB might answer it: with some of its attributes, at times of another type."""
    model = draw(st.sampled_from(MODELS))
    attributes = model.get_attributes().values()
    fitting = {attribute.attr_name: typed(attribute.attr_type) for attribute in attributes}
    some = draw(st.fixed_dictionaries({}, optional=fitting))
    return model, {**draw(OTHERS), **some, **(draw(st.fixed_dictionaries({}, optional={"version": TYPED})))}


def read(reader: Any, data: Mapping[str, Any]) -> tuple[Any, ...]:
    """What comes of it: the class and values of the item, or the kind of error."""
    try:
        item = reader(data)
    except Exception as error:  # noqa: BLE001 - whatever it is, both have to raise it
        return ("raises", type(error))
    return type(item), item.attribute_values


@given(stored())
def test_an_item_is_read_as_pynamodb_reads_it(case: tuple[type[Item], Mapping[str, Any]]) -> None:
    model, data = case
    theirs = Model.from_raw_data.__func__  # type: ignore[attr-defined] # the function below the classmethod
    assert read(model.from_raw_data, data) == read(lambda data: theirs(model, data), data)


def test_no_attribute_holds_bytes_which_json_has_not() -> None:
    kinds = {attribute.attr_type for model in MODELS for attribute in model.get_attributes().values()}
    assert kinds <= VALUES.keys()


def answered(operation: str, status: int, answer: object, *, faster: bool) -> Any:
    """What a client makes of DynamoDB's answer, without the metadata; or the error that it raises."""
    session = Session()
    session.set_credentials("key", "secret")
    if faster:
        answers.pass_through(session)

    def send(request: Any, **_: object) -> AWSResponse:
        raw: Any = io.BytesIO(json.dumps(answer).encode())
        raw.stream = lambda **_: iter([raw.read()])
        return AWSResponse(request.url, status, {}, raw)

    client = session.create_client("dynamodb", region_name="eu-west-1")
    client.meta.events.register("before-send.dynamodb", send)
    try:
        result = getattr(client, operation)(**PARAMETERS[operation])
    except client.exceptions.ClientError as error:
        return type(error).__name__, str(error), error.response.get("Item"), error.response["Error"]
    return {name: value for name, value in result.items() if name != "ResponseMetadata"}


KEY = {"pk": {"S": "a"}, "sk": {"S": "b"}}
PARAMETERS: Mapping[str, Mapping[str, Any]] = {
    "get_item": {"TableName": "t", "Key": KEY},
    "query": {
        "TableName": "t",
        "KeyConditionExpression": "pk = :a",
        "ExpressionAttributeValues": {":a": {"S": "a"}},
    },
    "batch_get_item": {"RequestItems": {"t": {"Keys": [KEY]}}},
}
ITEM = {**KEY, "list": {"L": [{"N": "1"}, {"NULL": True}]}, "map": {"M": {"x": {"SS": ["a"]}, "é": {"BOOL": False}}}}
CAPACITY = {"TableName": "t", "CapacityUnits": 0.5}


CASES: list[tuple[str, int, object]] = [
    ("get_item", 200, {}),
    ("get_item", 200, {"Item": ITEM, "ConsumedCapacity": CAPACITY}),
    ("query", 200, {"Items": [], "Count": 0, "ScannedCount": 0, "LastEvaluatedKey": None}),
    ("query", 200, {"Items": [ITEM, ITEM], "Count": 2, "ScannedCount": 9, "LastEvaluatedKey": KEY}),
    ("batch_get_item", 200, {"Responses": {"t": [ITEM]}, "UnprocessedKeys": {}, "ConsumedCapacity": [CAPACITY]}),
    ("query", 400, {"__type": "com.amazonaws.dynamodb.v20120810#ValidationException", "message": "No."}),
    ("get_item", 400, {"__type": "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException"}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_answer_is_taken_as_botocore_takes_it(case: tuple[str, int, object]) -> None:
    assert answered(*case, faster=True) == answered(*case, faster=False)


@pytest.mark.parametrize("operation", PARAMETERS)
def test_botocore_does_not_walk_through_the_answer(operation: str) -> None:
    """It would leave out what it does not know; if this fails with a new botocore, reads work, but take longer."""
    unknown = {"Unknown": {"to": "botocore"}}
    assert answered(operation, 200, unknown, faster=True) == unknown
    assert answered(operation, 200, unknown, faster=False) == {}
