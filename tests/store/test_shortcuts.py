"""Items are read and written as botocore and PynamoDB read and write them, whatever they hold; only faster."""

import io
import json
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, cast

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError, ParamValidationError
from botocore.session import Session
from hypothesis import given
from hypothesis import strategies as st
from pynamodb.exceptions import AttributeDeserializationError, AttributeNullError
from pynamodb.models import Model

from chalicelib.store import shortcuts
from chalicelib.store.items import Item
from tests.support import botocore_sessions
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
Case = tuple[type[Item], Mapping[str, Any]]
OTHERS = st.dictionaries(TEXTS, TYPED, max_size=2)


@st.composite
def stored(draw: st.DrawFn) -> Case:
    """A model, and an item as DynamoDB might answer it: with some of its attributes, at times of another type."""
    model = draw(st.sampled_from(MODELS))
    attributes = model.get_attributes().values()
    fitting = {attribute.attr_name: typed(attribute.attr_type) for attribute in attributes}
    some = draw(st.fixed_dictionaries({}, optional=fitting))
    return model, {**draw(OTHERS), **some, **(draw(st.fixed_dictionaries({}, optional={"version": TYPED})))}


def read(reader: Any, data: Mapping[str, Any]) -> tuple[Any, ...]:
    """What comes of it: the class and values of the item, or that an error of the store's `readable` was raised."""
    try:
        item = reader(data)
    except (AttributeDeserializationError, ValueError):  # where two are wrong, either may be met first
        return ("cannot be read", {})
    return type(item), item.attribute_values


@given(stored())
def test_an_item_is_read_as_pynamodb_reads_it(case: Case) -> None:
    model, data = case
    theirs = vars(Model)["from_raw_data"].__func__
    assert read(model.from_raw_data, data) == read(lambda data: theirs(model, data), data)


def written(writer: Any, item: Item) -> Any:
    try:
        return writer(item, null_check=True)
    except AttributeNullError as error:
        return str(error)


@given(stored(), st.data())
def test_an_item_is_written_as_pynamodb_writes_it(case: Case, data: st.DataObject) -> None:
    model, attributes = case
    outcome, values = read(model.from_raw_data, attributes)
    item = model(**(values if outcome is model else {}))
    for name in data.draw(st.sets(st.sampled_from(sorted(model.get_attributes())), max_size=3)):
        setattr(item, name, None)
    assert written(model.serialize, item) == written(Model.serialize, item)


def by_pynamodb(model: type[Item], values: Mapping[str, Any]) -> Item:
    item = model.__new__(model)
    Model.__init__(item, **values)
    return item


@given(stored(), st.sets(st.sampled_from(["pk", "sk", "unknown"])))
def test_an_item_is_made_as_pynamodb_makes_it(case: Case, names: set[str]) -> None:
    model, data = case
    outcome, values = read(model.from_raw_data, data)
    given_values = {**(values if outcome is model else {}), **dict.fromkeys(names, "x")}
    ours = read(lambda values: model(**values), given_values)
    assert ours == read(lambda values: by_pynamodb(model, values), given_values)


def test_no_default_is_for_new_items_only() -> None:
    assert [model for model in MODELS if any(kind.default_for_new for kind in model.get_attributes().values())] == []


def test_no_attribute_holds_bytes_which_json_has_not() -> None:
    kinds = {attribute.attr_type for model in MODELS for attribute in model.get_attributes().values()}
    assert kinds <= VALUES.keys()


Sent = tuple[str, bytes]


def client(session: Session, status: int, answer: object, sent: list[Sent]) -> Any:
    """A client whose requests are kept in `sent`, and get this answer."""
    session.set_credentials("key", "secret")
    made = session.create_client("dynamodb", region_name="eu-west-1")

    def send(request: Any, **_: object) -> AWSResponse:
        sent.append((request.url, request.body))
        raw: Any = io.BytesIO(json.dumps(answer).encode())
        raw.stream = lambda **_: iter([raw.read()])
        return AWSResponse(request.url, status, {}, raw)

    made.meta.events.register("before-send.dynamodb", send)
    return made


def answered(operation: str, status: int, answer: object, *, faster: bool) -> Any:
    """What a client makes of DynamoDB's answer, without the metadata; or the error that it raises."""
    session = botocore_sessions.fresh()
    if faster:
        shortcuts.read(session)
    asking = client(session, status, answer, [])
    try:
        result = getattr(asking, operation)(**PARAMETERS[operation])
    except ClientError as error:
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


def requests(*, faster: bool) -> list[Sent]:
    sent: list[Sent] = []
    asking = client(botocore_sessions.fresh(), 200, {}, sent)
    if faster:
        shortcuts.write(asking)
    put = {"Put": {"TableName": "t", "Item": ITEM, "ConditionExpression": "attribute_not_exists (pk)"}}
    delete = {"Delete": {"TableName": "t", "Key": KEY}}
    for _ in range(2):
        asking.transact_write_items(TransactItems=[put, delete], ClientRequestToken="1")
        asking.put_item(TableName="t", Item=ITEM)
        asking.get_item(TableName="t", Key=KEY, ConsistentRead=True)
        asking.batch_get_item(**PARAMETERS["batch_get_item"])
        asking.query(**PARAMETERS["query"])
    return sent


def test_a_client_sends_what_it_would_send_without_shortcuts() -> None:
    assert requests(faster=True) == requests(faster=False)


def test_botocore_walks_through_the_first_request_of_an_operation_only() -> None:
    """It would refuse what it does not know."""
    asking = client(botocore_sessions.fresh(), 200, {}, [])
    shortcuts.write(asking)
    with pytest.raises(ParamValidationError):
        asking.get_item(TableName="t", Key={"pk": {"Unknown": 1}})
    asking.get_item(TableName="t", Key=KEY)
    asking.get_item(TableName="t", Key={"pk": {"Unknown": 1}})


def test_another_botocore_does_without_the_shortcuts() -> None:
    shortcuts.write(cast(Any, SimpleNamespace(_serializer=None)))
