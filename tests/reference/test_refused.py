"""Examples of refusals are what tests met: they are as the document says, show no secret, and are found anew."""

import json
from typing import Any

from jsonschema import Draft202012Validator

from local import docs
from local.reference import problem_pages, problems
from tests.reference.test_examples import STRANGE
from tests.support import refused, stand_ins

PAGES = {page.code: page for page in problems.pages()}
KEPT = problems.refused()
STALE: dict[str, Any] = {
    "type": "https://x.example/docs/problems/stale", "title": "x", "status": 409, "code": "stale",
    "request_id": "r", "detail": "d", "reasons": ["customer_wrote"],
}  # fmt: skip


def test_every_example_is_of_a_code_and_as_the_document_says() -> None:
    spec = json.loads(docs.openapi_page())
    problem = spec["components"]["schemas"]["Problem"]
    validator = Draft202012Validator({**problem, "additionalProperties": False, "components": spec["components"]})
    for code in KEPT:
        assert KEPT[code]["status"] in PAGES[code].statuses
        assert [error.message for error in validator.iter_errors(PAGES[code].example())] == []


def test_an_example_shows_nothing_of_the_machine_and_no_secret() -> None:
    strange = {
        code: [text for text in stand_ins.texts(example) if STRANGE.search(text)] for code, example in KEPT.items()
    }
    assert {code: texts for code, texts in strange.items() if texts} == {}


def test_a_page_shows_the_fields_that_come_with_its_code() -> None:
    assert PAGES["stale"].example()["reasons"] == ["customer_wrote"]
    assert {"holder", "name", "until"} == set(PAGES["leased"].example()["lease"])
    assert "customer_wrote" in problem_pages.files("page.css")["docs/problems/stale.html"]


def test_an_example_has_what_is_its_own_with_stand_ins() -> None:
    taken = {**STALE, "id": "brd_01kb3aaaaaaaaaaaa", "reasons": [str(number) for number in range(9)]}
    assert refused.example(taken, stand_ins.NOON) == {
        "status": 409, "detail": "d", "reasons": ["0", "1", "2", "3", "4"], "id": "brd_01kb2xexample1",
    }  # fmt: skip
