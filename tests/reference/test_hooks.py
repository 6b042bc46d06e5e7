"""The document tells what is posted to webhook endpoints."""

import json
from itertools import pairwise
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chalicelib.events import catalogue
from chalicelib.webhooks import targets
from local import docs


@pytest.fixture(scope="module")
def spec() -> Any:
    return json.loads(docs.openapi_page())


def validator(spec: Any, body: Any) -> Draft202012Validator:
    return Draft202012Validator({**body["schema"], "components": spec["components"]})


def test_every_event_that_endpoints_are_told_of_is_there(spec: Any) -> None:
    assert set(spec["webhooks"]) == set(catalogue.TYPES) & set(targets.types())


def test_examples_of_what_is_posted_are_of_their_schema(spec: Any) -> None:
    bodies = [hook["post"]["requestBody"]["content"]["application/json"] for hook in spec["webhooks"].values()]
    given = [body for body in bodies if "example" in body]
    assert len(given) > len(bodies) / 2
    for body in given:
        validator(spec, body).validate(body["example"])


def test_what_is_posted_of_one_type_is_not_of_the_schema_of_another(spec: Any) -> None:
    bodies = [hook["post"]["requestBody"]["content"]["application/json"] for hook in spec["webhooks"].values()]
    given = [body for body in bodies if "example" in body]
    for body, other in pairwise(given):
        data, type = other["example"]["data"], body["example"]["type"]
        assert not validator(spec, body).is_valid(other["example"])
        assert not validator(spec, body).is_valid({**body["example"], "data": data})
        assert validator(spec, body).is_valid({**body["example"], "data": {**data, "type": type}})
