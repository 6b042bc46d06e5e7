"""Which keys of the table each function reaches, evaluated from the policies as packaged; and the evaluator itself."""

from collections.abc import Mapping
from typing import Any

import pytest

from local import infra
from local.policies import ITEM_ACTIONS
from tests.support.iam import Request, Unknown, allows, statements, target

Json = Mapping[str, Any]
ALL = set(ITEM_ACTIONS.values())
NEVER = {"BatchWriteItem", "DeleteTable", "PartiQLDelete", "PartiQLSelect", "Scan", "UpdateTable"}
OWN, AUDIT, USER, ROUTE, HOOK, DUE = "agc_1#cnv_1", "agc_1#audit", "user#1", "route#telegram#1", "hook#chn_1", "due#0"
LOOKUPS = (USER, ROUTE, HOOK, DUE, "ticket#1", "socket#1")
PLACES = (OWN, "agc_1", AUDIT, *LOOKUPS, "secret#1", "xagc_1")
KEPT = {"DeleteItem", "UpdateItem"}  # what nobody does to the audit
FUNCTIONS = {function["resource"]: function for function in infra.table()["functions"].values()}


def reaches(function: str) -> Mapping[str, set[str]]:
    """All that the table of functions lets it do to an item of each family."""
    written = FUNCTIONS[function].get("table", {})
    does = {family: {ITEM_ACTIONS[word] for word in words.split()} for family, words in written.items()}
    own, audit = does.get("agency", set()), does.get("audit", set())
    look_ups = {place: does.get(place.partition("#")[0], set()) for place in LOOKUPS}
    return {OWN: own, "agc_1": own, AUDIT: own - KEPT | audit, **look_ups}


def asked(action: str, *leading: str, resource: str = "Table") -> Request:
    return Request(f"dynamodb:{action}", resource, {"dynamodb:LeadingKeys": leading} if leading else {})


@pytest.mark.parametrize("function", FUNCTIONS)
def test_function_reaches_its_keys_and_no_others(function: str, resources: Json) -> None:
    granted = statements(function, resources)
    for place in PLACES:
        wanted = reaches(function).get(place, set())
        assert {action for action in ALL | NEVER if allows(granted, asked(action, place))} == wanted, place


@pytest.mark.parametrize("function", FUNCTIONS)
def test_request_that_names_no_key_is_denied(function: str, resources: Json) -> None:
    granted = statements(function, resources)
    for resource in ("Table", "Table/index/inbox"):
        assert [action for action in ALL | NEVER if allows(granted, asked(action, resource=resource))] == []


@pytest.mark.parametrize("function", FUNCTIONS)
def test_index_is_read_by_who_lists_and_written_by_nobody(function: str, resources: Json) -> None:
    granted, index = statements(function, resources), {"resource": "Table/index/inbox"}
    actions = {action for action in ALL | NEVER if allows(granted, asked(action, "agc_1#brd_1#open", **index))}
    assert actions == ({"Query"} if FUNCTIONS[function].get("index") else set())
    assert not allows(granted, asked("Query", USER, **index))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_foreign_key_is_not_smuggled_in_among_own(function: str, resources: Json) -> None:
    for action in ("BatchGetItem", "PutItem"):
        assert not allows(statements(function, resources), asked(action, OWN, "secret#1"))


@pytest.mark.parametrize("function", [name for name, rights in FUNCTIONS.items() if "table" in rights])
def test_no_function_can_change_what_the_audit_trail_says(function: str, resources: Json) -> None:
    (denied,) = [statement for statement in statements(function, resources) if statement["Effect"] == "Deny"]
    assert set(denied["Action"]) == {"dynamodb:UpdateItem", "dynamodb:DeleteItem"}
    assert denied["Condition"] == {"ForAnyValue:StringLike": {"dynamodb:LeadingKeys": ["*#audit"]}}
    everything = {**denied, "Effect": "Allow", "Action": "*", "Condition": {}}
    assert not allows([everything, denied], asked("UpdateItem", OWN, AUDIT))


TABLE = {"Fn::GetAtt": ["Table", "Arn"]}


def permit(condition: Json | None = None, effect: str = "Allow", action: str = "dynamodb:*") -> Json:
    return {"Effect": effect, "Action": action, "Resource": TABLE, "Condition": condition or {}}


def test_what_is_not_permitted_is_denied_and_a_deny_wins() -> None:
    request = asked("GetItem", OWN)
    assert not allows([], request)
    assert allows([permit()], request)
    assert not allows([permit(action="s3:*")], request)
    assert not allows([permit(), permit(effect="Deny", action="dynamodb:Get*")], request)
    assert not allows([permit()], asked("GetItem", OWN, resource="Bucket"))


@pytest.mark.parametrize(
    ("operator", "leading", "holds"),
    [
        ("ForAllValues:StringLike", ("agc_1",), True),
        ("ForAllValues:StringLike", ("agc_1", "user#1"), False),
        ("ForAllValues:StringLike", (), True),  # AWS: true of a key that is not there, hence Null beside it
        ("ForAnyValue:StringLike", ("agc_1", "user#1"), True),
        ("ForAnyValue:StringLike", (), False),
        ("StringLike", ("user#1",), False),
        ("StringEquals", ("agc_1",), False),  # the star is a star
        ("Null", ("agc_1",), False),
    ],
)
def test_conditions_hold_as_in_iam(operator: str, leading: tuple[str, ...], holds: bool) -> None:
    wanted = "true" if operator == "Null" else ["agc_*"]
    policy = [permit({operator: {"dynamodb:LeadingKeys": wanted}})]
    assert allows(policy, asked("GetItem", *leading)) == holds


def test_null_makes_all_of_none_fail() -> None:
    fenced = {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": "agc_*"},
        "Null": {"dynamodb:LeadingKeys": "false"},
    }
    assert allows([permit(fenced)], asked("Query", "agc_1"))
    assert not allows([permit(fenced)], asked("Scan"))


@pytest.mark.parametrize(
    "strange",
    [
        permit({"StringNotLike": {"dynamodb:LeadingKeys": "a"}}),
        permit({"ForMostValues:StringLike": {"dynamodb:LeadingKeys": "a"}}),
        permit({"StringEquals": {"dynamodb:LeadingKeys": "${aws:PrincipalTag/agency}"}}),
        permit(effect="Perhaps"),
        {**permit(), "NotAction": "s3:*"},
    ],
)
def test_what_the_evaluator_does_not_know_it_does_not_guess(strange: Json) -> None:
    with pytest.raises(Unknown):
        allows([strange], asked("GetItem", "agc_1"))


def test_resources_are_told_apart_however_the_template_refers_to_them() -> None:
    assert target(TABLE) == "Table"
    assert target({"Fn::GetAtt": ["Table", "StreamArn"]}) == "Table/stream"
    assert target({"Fn::Sub": "${Table.Arn}/index/inbox"}) == "Table/index/inbox"
