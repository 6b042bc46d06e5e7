"""The addresses below /v1/billing: who may use them, and that there is nothing while nobody has to pay."""

import pytest

from chalicelib import errors
from chalicelib.access import permissions
from chalicelib.access.actors import Actor, Grant
from chalicelib.api import http
from tests.support.routes import ROUTES
from tests.support.smallest_bodies import example
from tests.support.stack import Stack

BILLING = [route for route in ROUTES if route.path.startswith("/billing")]
USAGE = "/billing/usage"  # what was said is counted whether or not it is paid for
FOR_EVERYBODY = {"/billing/state", "/billing/plans"}


def name_of(route: http.Route) -> str:
    return f"{route.verb} {route.path}"


@pytest.mark.parametrize("route", [route for route in BILLING if not route.path.startswith(USAGE)], ids=name_of)
def test_there_is_nothing_while_nobody_has_to_pay(stack: Stack, route: http.Route) -> None:
    body = example(route.body) if route.body else None
    assert stack.ours.owner.call(route.verb, route.path, body).problem == (404, "billing_off")


@pytest.mark.parametrize("route", [route for route in BILLING if route.body], ids=name_of)
def test_unknown_properties_are_refused(stack: Stack, route: http.Route) -> None:
    body = {**example(route.body or {}), "surprise": 1}
    assert stack.ours.owner.call(route.verb, route.path, body).problem == (422, "invalid")


@pytest.mark.parametrize("route", BILLING, ids=name_of)
def test_who_does_not_manage_billing_sees_no_amounts_of_theirs_and_changes_nothing(route: http.Route) -> None:
    """BI-35."""
    assert route.permissions == (() if route.path in FOR_EVERYBODY else ("billing.manage",))


def test_only_owners_manage_billing_until_a_role_is_given_it() -> None:
    """BI-35."""
    assert [name for name, held in permissions.TEMPLATES.items() if "billing.manage" in held] == ["owner"]


def test_nobody_manages_the_billing_of_one_brand() -> None:
    """BI-35."""
    grants = (Grant("own", frozenset({"billing.manage"}), frozenset({"brd_1"})),)
    with pytest.raises(errors.Forbidden):
        Actor("agc_1", "mbr_1", "Ana", grants=grants).at(("billing.manage",))
