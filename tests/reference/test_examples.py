"""Examples of operations are calls that tests made: they fit the schemas, show no secret, and are found anew."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chalicelib.api import http
from local import docs
from local.reference import examples, trees
from tests.support import recorded, shapes, stand_ins
from tests.support.routes import ROUTES

KEPT = examples.read()
BY_ID = {route.view.__name__: route for route in ROUTES}
# What a test's machine, a key or a token looks like.
STRANGE = re.compile(r"localhost|127\.0\.0\.1|X-Amz|Signature=|pal_(full|part)_(?!example)|whsec_(?!example)|eyJ")


@pytest.fixture(scope="module")
def spec() -> Any:
    return json.loads(docs.openapi_page())


def test_every_example_is_of_an_operation() -> None:
    assert sorted(set(KEPT) - set(BY_ID)) == []


@pytest.mark.parametrize("id", sorted(KEPT))
def test_an_example_fits_the_schemas_of_its_operation(id: str) -> None:
    example, route = KEPT[id], BY_ID[id]
    assert example["status"] == route.status
    faults = [*_faults(route.answer, example["answer"])]
    faults += _faults(route.body, example["body"]) if route.body is not None and "body" in example else []
    for name, value in example.get("query", {}).items():
        faults += _faults(route.query[name], value)
    assert faults == []


def _faults(schema: Mapping[str, Any], value: Any) -> list[str]:
    return [f"{list(error.path)}: {error.message[:200]}" for error in Draft202012Validator(schema).iter_errors(value)]


def test_an_example_shows_nothing_of_the_machine_and_no_secret() -> None:
    strange = {id: [text for text in stand_ins.texts(example) if STRANGE.search(text)] for id, example in KEPT.items()}
    assert {id: texts for id, texts in strange.items() if texts} == {}


def test_examples_are_in_the_document(spec: Any) -> None:
    shown = [operation for operation in trees.operations(spec) if operation["operationId"] in KEPT]
    assert len(shown) == len(KEPT)
    for operation in shown:
        example = KEPT[operation["operationId"]]
        answer = operation["responses"][str(example["status"])]["content"]["application/json"]
        assert answer["example"] == example["answer"]
        if "body" in example:
            assert operation["requestBody"]["content"]["application/json"]["example"] == example["body"]


@pytest.mark.parametrize("id", sorted(KEPT))
def test_the_same_call_of_another_run_is_like_the_example(id: str) -> None:
    """Else nothing ever is, unless a run writes it again."""
    assert recorded.is_like(KEPT[id], {"body": None, **_of_another_day(KEPT[id])})


def _of_another_day(value: Any) -> Any:
    if isinstance(value, dict):
        return {_of_another_day(name): _of_another_day(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_of_another_day(part) for part in value]
    if not isinstance(value, str):
        return value
    value = re.sub(r"\d{4}-\d\d-\d\d", "2027-01-31", value)
    return re.sub(r"_01kb2xexample\d+", "_01kb7z9q4m2x", re.sub(r"\d{9,}", lambda match: str(int(match[0]) + 4), value))


def test_an_example_that_nothing_was_like_fails_a_whole_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WRITE_EXAMPLES", raising=False)
    seen = {json.dumps([id]) for id in BY_ID if id != "show_me"}
    assert recorded.bad_examples(seen, whole=False) == []
    assert recorded.bad_examples(seen, whole=True) == [
        f"Nothing that happened is like the example of show_me, or there is none; {recorded.AGAIN}."
    ]


def test_what_shows_more_is_the_better_example_unless_it_is_long() -> None:
    poor, rich = ({"status": 200, "answer": answer} for answer in ({"a": None}, {"a": 1, "b": [{"c": "x"}]}))
    long = {"status": 200, "answer": {"a": 1, "b": "x" * recorded.MOST_BYTES, "c": 2}}
    next_page = {**rich, "query": {"cursor": "x", "limit": 1}}
    failed = {"status": 200, "answer": {"a": 1, "b": 2, "items": [{"ok": False, "code": "x"}]}}
    assert recorded.rank(long) < recorded.rank(poor) < recorded.rank(rich)
    assert max(recorded.rank(next_page), recorded.rank(failed)) < recorded.rank(poor)


def test_an_example_has_its_call_with_stand_ins_and_few_items() -> None:
    route = BY_ID["list_brands"]
    brands = [{"id": f"brd_{'0' * 10}{number}", "name": f"Brand 10000000{number}"} for number in range(1, 6)]
    call = {"query": {"limit": 5}, "body": None, "status": 200, "answer": {"items": brands, "next": None}}
    made = recorded.example(route, call, stand_ins.NOON)
    assert made["query"] == {"limit": 5}
    assert [brand["id"] for brand in made["answer"]["items"]] == ["brd_01kb2xexample1", "brd_01kb2xexample2"]
    assert "body" not in made
    assert http.ROUTES


def test_shapes_are_names_and_types() -> None:
    example = {"items": [{"id": "1", "at": None}], "next": None}
    assert shapes.fits(example, {"items": [{"id": "2", "at": "x"}, {"id": "3", "at": None}], "next": None})
    assert not shapes.fits(example, {"items": [{"id": 2, "at": None}], "next": None})
    assert not shapes.fits(example, {"items": [], "next": None})
    assert not shapes.fits(example, {"items": [{"id": "2", "at": None}], "next": None, "more": 1})
    assert not shapes.fits(1, True)
    assert shapes.fits(1, 1.5)
    assert shapes.fits({"it_100000001": 1, "it_100000002": ""}, {"it_300000007": "", "it_300000008": 2})
    assert not shapes.fits({"it_100000001": 1}, {"it_300000007": ""})
    assert not shapes.fits({"it_100000001": 1}, {"at_300000007": 1})
    assert shapes.fits({"2026-11-29": 1}, {"2026-11-30": 3})
    assert shapes.richness({"a": [{"b": 1}, {"b": 2, "c": ""}], "d": None}) == 1
