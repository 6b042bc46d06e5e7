"""The codes of operations are those that the source leads to: past what is caught, in methods, and before the view."""

from collections.abc import Iterator
from functools import cache

import pytest

from chalicelib.api import http
from local.reference import codes, never, reachable

pytestmark = pytest.mark.slow


@cache
def told() -> dict[str, set[str]]:
    http.load()
    return {
        route.view.__name__: {f"{status} {code}" for status, group in reachable.codes(route).items() for code in group}
        for route in http.ROUTES
    }


@pytest.mark.parametrize(
    ("operation", "refusal"),
    [
        ("replay_webhook_events", "409 endpoint_disabled"),  # raised by what the view calls
        ("cancel_subscription", "409 stripe_refused"),  # by what a with statement is given
        ("move_rule", "403 people_only"),  # by a method of the actor
        ("submit_reply", "422 cannot_template"),  # by what gives one objection after the other
        ("like_message", "422 cannot_like"),  # one of a family
        ("sign_up", "403 people_only"),  # before the view, as it is for newcomers
        ("create_view", "422 bad_condition"),  # before the view, by the schema of the body
        ("change_contact", "422 empty"),
        ("create_rule", "404 not_found"),  # the code of the class
    ],
)
def test_code_is_found_however_it_is_raised(operation: str, refusal: str) -> None:
    assert refusal in told()[operation]


@pytest.mark.parametrize(
    ("operation", "refusal"),
    [
        ("list_conversations", "409 leased"),  # only asked for, to say what can be done
        ("check_reply", "422 cannot_template"),  # told in the answer
        ("list_teams", "403 people_only"),  # named in a type only
        ("move_rule", "422 unknown_clause"),  # a parameter has the name of a function that raises it
        ("change_conversations", "412 precondition_failed"),  # caught for each of them
    ],
)
def test_code_is_not_found_where_it_does_not_come_out(operation: str, refusal: str) -> None:
    assert refusal not in told()[operation]


def impossible() -> Iterator[tuple[str, str]]:
    for operation, group in never.codes().items():
        yield from ((operation, code) for code in sorted(group))


def test_what_never_comes_is_something_that_the_source_leads_to() -> None:
    by_operation = {operation: {refusal.split()[1] for refusal in refusals} for operation, refusals in told().items()}
    assert [(operation, code) for operation, code in impossible() if code not in by_operation[operation]] == []


def test_file_has_what_the_source_leads_to() -> None:
    assert codes.PLACE.read_text() == codes.written(codes.of(http.ROUTES))
