"""What is written down is true: pages made from the code are fresh, valid and complete, and links lead somewhere."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from chalicelib import networks
from chalicelib.api import http, openapi, schema
from chalicelib.brands import schemas as brands_schemas
from chalicelib.brands import settings
from local import docs, operations
from local.environment import ROOT
from tests.support import answer_contract

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("chalicelib/networks/*/README.md")])
DECISIONS = sorted(ROOT.glob("docs/decisions/*.md"))


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


@pytest.fixture(scope="module")
def spec() -> Any:
    return json.loads(docs.openapi_page())


def test_each_operation_is_found_in_the_module_that_declares_it() -> None:
    assert (ROOT / operations.FILE).read_text() == operations.text(), "make docs writes it anew"


@pytest.mark.parametrize("name", docs.PAGES)
def test_generated_page_is_fresh(name: str) -> None:
    assert (docs.DOCS / name).read_text() == docs.PAGES[name](), "make docs writes it anew"


def test_settings_in_the_guide_are_taken() -> None:
    [given] = re.findall(r"```json\n(.*?)```", (docs.DOCS / "working.md").read_text(), re.DOTALL)
    schema.check(brands_schemas.SETTINGS, json.loads(given))
    settings.check(json.loads(given))


@pytest.mark.slow
def test_openapi_document_is_valid(spec: Any) -> None:
    validate(spec)


def test_every_route_is_described_in_a_sentence() -> None:
    docs = {route.view.__name__: (route.view.__doc__ or "").strip() for route in http.ROUTES}
    assert [name for name, text in docs.items() if not text.endswith((".", "?"))] == []


def test_every_route_is_in_the_document_once(spec: Any) -> None:
    routes = [(verb.upper(), path) for path, verbs in spec["paths"].items() for verb in verbs]
    assert sorted(routes) == sorted((route.verb, route.path) for route in http.ROUTES)
    operations = [operation["operationId"] for verbs in spec["paths"].values() for operation in verbs.values()]
    assert len(set(operations)) == len(operations)


def test_a_route_says_that_it_honours_if_match_and_does() -> None:
    asks = {route.view.__name__: "matches" in route.view.__code__.co_names for route in http.ROUTES}
    assert asks == {route.view.__name__: route.versioned for route in http.ROUTES}


def test_two_schemas_of_one_name_are_no_document() -> None:
    [first, second] = [route for route in http.ROUTES if route.body][:2]
    twice = [replace(first, body=schema.body("Twice")), replace(second, body=schema.body("Twice", ("more",), more={}))]
    with pytest.raises(ValueError, match="Twice"):
        openapi.document(twice, "0")


def test_every_schema_with_properties_has_a_name(spec: Any) -> None:
    named = set(spec["components"]["schemas"])
    bodies = [route.body for route in http.ROUTES if route.body] + [route.answer for route in http.ROUTES]
    assert [body for body in bodies if body.get("title") not in named] == []


def test_every_post_takes_an_idempotency_key(spec: Any) -> None:
    key = {"$ref": "#/components/parameters/IdempotencyKey"}
    posts = [verbs["post"] for verbs in spec["paths"].values() if "post" in verbs]
    assert posts
    assert all(key in post["parameters"] for post in posts)


def test_what_honours_if_match_says_so_and_what_can_be_matched_has_an_etag(spec: Any) -> None:
    header = {"$ref": "#/components/parameters/IfMatch"}
    operations = {
        operation["operationId"]: operation for verbs in spec["paths"].values() for operation in verbs.values()
    }
    honour = {name for name, operation in operations.items() if header in operation["parameters"]}
    assert {"change_brand", "archive_brand", "remove_role", "remove_team", "remove_member", "edit_reply"} <= honour
    assert all("412" in operations[name]["responses"] for name in honour)
    assert "ETag" in operations["show_brand"]["responses"]["200"]["headers"]
    usual = {"RateLimit", "RateLimit-Policy", "Request-Id"}
    assert set(operations["list_brands"]["responses"]["200"]["headers"]) == {*usual, "ETag"}
    assert set(operations["change_conversations"]["responses"]["200"]["headers"]) == {*usual, "Idempotent-Replayed"}
    assert "304" in operations["list_brands"]["responses"]


def test_what_problems_tell_more_is_described(spec: Any) -> None:
    assert set(answer_contract.PROBLEM["properties"]) == set(spec["components"]["schemas"]["Problem"]["properties"])


def test_what_is_refused_is_a_problem(spec: Any) -> None:
    for verbs in spec["paths"].values():
        for operation in verbs.values():
            refused = [answer for status, answer in operation["responses"].items() if status >= "400"]
            assert {answer["$ref"].rpartition("/")[0] for answer in refused} == {"#/components/responses"}
    assert all("application/problem+json" in answer["content"] for answer in spec["components"]["responses"].values())


def test_every_network_tells_its_users_about_itself() -> None:
    page = docs.networks_page()
    for key in networks.names():
        network = networks.get(key)
        assert network is not None
        assert (f"## {network.name}\n" in page) == (key != "example")


@pytest.mark.parametrize("name", names(PAGES))
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text())
    local = [link for link in links if not link.startswith("http")]
    assert [link for link in local if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("name", names(DECISIONS))
def test_decision_says_context_options_choice_and_why(name: str) -> None:
    text = (ROOT / name).read_text()
    assert [word for word in ("**Context.**", "**Options.**", "**Choice.**", "**Why.**") if word not in text] == []
    assert len(text.splitlines()) <= 20


def test_make_help_lists_every_target() -> None:
    text = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)[0].split())
    assert set(re.findall(r"^([a-z]+):.*## ", text, re.MULTILINE)) == targets


def test_tools_are_pinned_to_the_last_digit() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = [line.partition("#")[0].strip() for line in (ROOT / name).read_text().splitlines()]
        loose = [line for line in lines if line and "==" not in line and not line.startswith("-r ")]
        assert loose == []
