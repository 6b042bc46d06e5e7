"""An operation that is to go says so in its answers and in the document."""

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest
from chalice.app import Response

from chalicelib.api import answers, deprecations, http, openapi
from chalicelib.api.deprecations import Deprecation

ENDS = Deprecation(since="2027-01-31", until="2028-02-01")
OURS = next(route for route in http.ROUTES if route.view.__name__ == "show_sign_in")
REQUEST = SimpleNamespace(context={"domainName": "api.example.com", "stage": "api"})


def answer(route: http.Route) -> Response:
    return deprecations.answer(route, REQUEST, {}, lambda *asked: answers.success(200, {}))


@pytest.mark.usefixtures("nowhere")
def test_answers_of_what_is_to_go_say_since_when_and_until_when() -> None:
    headers = answer(replace(OURS, ends=ENDS)).headers
    assert headers["Deprecation"] == "@1801353600"
    assert headers["Sunset"] == "Tue, 01 Feb 2028 00:00:00 GMT"
    assert headers["Link"] == '<https://api.example.com/api/docs/changes>; rel="deprecation"; type="text/html"'


@pytest.mark.usefixtures("nowhere")
def test_answers_of_what_stays_say_nothing_of_that() -> None:
    assert {"Deprecation", "Sunset", "Link"} & set(answer(OURS).headers) == set()


def test_the_document_says_what_is_to_go() -> None:
    documents = [openapi.document([replace(OURS, ends=ends)], "1") for ends in (ENDS, None)]
    gone, stays = (document["paths"]["/auth"]["get"] for document in documents)
    assert (gone["deprecated"], gone["x-sunset"]) == (True, "2028-02-01")
    assert "deprecated" not in stays
    assert json.dumps(documents[0])


@pytest.mark.parametrize(("since", "until"), [("2027-01-31", "2027-12-31"), ("soon", "2028-01-31")])
def test_what_is_to_go_stays_for_twelve_months(since: str, until: str) -> None:
    with pytest.raises(ValueError, match=r"twelve months|soon"):
        Deprecation(since, until)
