"""Examples of refusals are what tests met: they are as the document says, show no secret, and are found anew."""

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator

from local import docs, sources
from local.environment import ROOT
from local.reference import problem_pages, problems
from tests.reference.test_details import written
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


def sentences() -> Iterator[str]:
    """Whatever the code, or a double in a network's place, can say; … stands for a value."""
    for path in (ROOT / "chalicelib").rglob("*.py"):
        for node in sources.nodes(path):
            if isinstance(node, ast.Constant | ast.JoinedStr):
                yield written(node).replace("{}", "…")


def test_an_example_has_words_that_the_code_can_give() -> None:
    known = set(sentences())
    mixed = [text for text in known if "…" in text and re.search(r"[a-z]{3}|[(]#", text)]
    forms = [re.escape(text).replace("…", ".+") for text in mixed]
    form = re.compile("|".join(forms))
    details = {code: example.get("detail", "") for code, example in KEPT.items()}
    assert {code: text for code, text in details.items() if text not in known and not form.fullmatch(text)} == {}


def test_an_example_with_words_of_the_past_is_replaced() -> None:
    rich = {"status": 409, "detail": "Old words.", "reasons": ["line"]}
    plain = {"status": 409, "detail": "New words."}
    kept = {"stale": rich, "leased": rich, "gone": rich, "banned": plain}
    met = [("stale", plain), ("leased", rich), ("leased", plain), ("banned", plain), ("banned", rich)]
    assert refused.replaced(kept, met) == {"stale": plain, "leased": rich, "gone": rich, "banned": rich}


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
