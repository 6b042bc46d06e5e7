"""Whether the document says that a body is needed, against what becomes of a request without one."""

from contextlib import suppress

import pytest

from chalicelib import errors
from chalicelib.api import http, openapi, schema
from tests.support.routes import ROUTES

TAKING = [route for route in ROUTES if route.body is not None]


@pytest.mark.parametrize("route", TAKING, ids=lambda route: route.view.__name__)
def test_body_is_needed_where_an_empty_one_is_refused(route: http.Route) -> None:
    [operation] = openapi.document([route], "1")["paths"][route.path].values()
    is_needed = True
    with suppress(errors.Invalid):
        schema.check(route.body or {}, {})
        is_needed = False
    assert operation["requestBody"]["required"] is is_needed


def test_an_answer_without_anything_in_it_is_empty() -> None:
    [answer] = [route for route in TAKING if route.view.__name__ == "draft_reply"]
    with pytest.raises(errors.Invalid) as refused:
        schema.check(answer.body or {}, {})
    assert refused.value.code == "empty"
