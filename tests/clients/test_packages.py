"""The packages of the clients are of the document's version, and what generators get is the whole API."""

import json
import tomllib
from typing import Any

import pytest

from local import clients
from local.reference import trees

DOCUMENT = json.loads(clients.DOCUMENT.read_text())


@pytest.fixture(scope="module")
def plain() -> Any:
    return clients.plain(DOCUMENT)


def test_packages_have_the_version_of_the_document() -> None:
    version = DOCUMENT["info"]["version"]
    for name in ("python", "cli"):
        assert tomllib.loads((clients.PLACE / name / "pyproject.toml").read_text())["project"]["version"] == version
    for package in ("typescript/package.json", "php/composer.json"):
        assert json.loads((clients.PLACE / package).read_text())["version"] == version


def test_what_generators_get_has_all_operations_and_schemas(plain: Any) -> None:
    assert set(plain["components"]["schemas"]) == set(DOCUMENT["components"]["schemas"])
    assert [one["operationId"] for one in trees.operations(plain)] == [
        one["operationId"] for one in trees.operations(DOCUMENT)
    ]


def test_what_generators_get_has_neither_webhooks_nor_links_nor_oauth(plain: Any) -> None:
    assert "webhooks" not in plain
    assert set(plain["components"]["securitySchemes"]) == {"bearer"}
    answers = [answer for one in trees.operations(plain) for answer in one["responses"].values()]
    assert [answer for answer in answers if "links" in answer] == []
    public = {one["operationId"]: one["security"] for one in trees.operations(plain)}
    assert public["show_sign_in"] == []
    assert public["show_me"] == [{"bearer": []}]


def test_a_list_beside_a_single_value_has_no_null_in_it(plain: Any) -> None:
    single, several = plain["components"]["schemas"]["Condition"]["properties"]["is"]["anyOf"]
    assert "null" in single["type"]
    assert several["items"]["type"] == ["string", "number", "boolean"]


def test_what_is_called_new_is_called_otherwise_where_that_makes_one() -> None:
    assert "NewReply=ReplyInput" in clients._renamed(clients.DOCUMENT)
