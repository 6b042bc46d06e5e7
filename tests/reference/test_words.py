"""The API's document has words for everything, and no words for what is not there."""

import json
from typing import Any

import pytest

from chalicelib.api import http, openapi
from local import docs
from local.reference import rights, words
from local.reference.words import Words

PAGE = {"type": "object", "properties": {"items": {}, "next": {}}}
THING = {"type": "object", "properties": {"id": {}, "of": {"properties": {"name": {"description": "said here"}}}}}


@pytest.fixture(scope="module")
def spec() -> Any:
    return json.loads(docs.openapi_page())


@pytest.fixture(scope="module")
def plain() -> Any:
    """The document before it has words."""
    return openapi.document(http.ROUTES, "0")


def a_document(**schemas: Any) -> Any:
    return {"info": {}, "paths": {}, "components": {"schemas": schemas}}


def some(common: dict[str, str] | None = None, **schemas: Any) -> Words:
    shared = {"page": "A page.", "parameters": {}, "properties": common or {}}
    return Words("Hello.", shared, {"things": {"tag": "Things.", "schemas": schemas}})


def test_everything_has_words(spec: Any) -> None:
    assert words.silent(spec) == []


def test_no_words_are_left_over(spec: Any) -> None:
    assert words.left_over(spec, words.read()) == []


def test_words_of_a_component_win_over_what_its_schema_says_and_that_over_what_is_common() -> None:
    own = {"description": "A thing.", "properties": {"of.name": "said by it"}}
    document = words.merged(a_document(Thing=THING), (), some({"id": "Its id.", "name": "common"}, Thing=own))
    [thing] = document["components"]["schemas"].values()
    assert thing["description"] == "A thing."
    assert thing["properties"]["id"]["description"] == "Its id."
    assert thing["properties"]["of"]["properties"]["name"]["description"] == "said by it"
    document = words.merged(a_document(Thing=THING), (), some({"name": "common"}))
    assert document["components"]["schemas"]["Thing"]["properties"]["of"]["properties"]["name"] == {
        "description": "said here"
    }


def test_a_page_needs_no_words_of_its_own() -> None:
    document = words.merged(a_document(ThingPage=PAGE), (), some())
    assert document["components"]["schemas"]["ThingPage"]["description"] == "A page."


def test_what_has_no_words_is_told_and_so_are_words_of_nothing() -> None:
    document = words.merged(a_document(Thing=THING), (), some({"id": "Its id."}))
    assert words.silent(document) == ["property Thing of", "schema Thing"]
    strange = some({"gone": "x"}, Gone={"description": "x"}, Thing={"properties": {"gone": "x"}})
    document = words.merged(a_document(Thing=THING), (), strange)
    assert words.left_over(document, strange) == ["common: gone", "things", "things: Gone", "things: Thing.gone"]


def test_an_operation_ends_with_who_may_do_it(plain: Any) -> None:
    sentences = {route.view.__name__: rights.sentence(route) for route in http.ROUTES}
    assert sentences["show_sign_in"] == "Needs no token."
    assert sentences["show_me"] == "Needs no permission. An app needs no scope for it."
    assert sentences["list_agencies"] == (
        "For everybody who is signed in, in an agency or in none; not for keys and apps."
    )
    assert sentences["create_role"].startswith("Needs `role.manage` for all brands. An app needs the scope `admin`.")
    assert (
        "`inbox.view_assigned` or `inbox.view_unassigned` for the brand that it is about"
        in sentences["list_conversations"]
    )
    assert {name for name, text in sentences.items() if "Not for apps." in text} == rights.NOT_FOR_APPS
    document = words.merged(plain, http.ROUTES, words.read())
    assert document["paths"]["/me"]["get"]["description"].endswith(sentences["show_me"])
