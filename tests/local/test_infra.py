"""The one table of functions and queues: what is made from it is fresh, and what it cannot say twice holds."""

import json

import pytest

from chalicelib.store import keys
from chalicelib.transport import hooks
from local import deploy, infra, policies
from local.environment import ROOT

TABLE = infra.table()
MADE = infra.files(TABLE)
QUEUE = {"tries": 3, "late_seconds": 60, "late": "Late.", "dead": "Dead."}


@pytest.mark.parametrize("path", MADE)
def test_what_is_made_from_the_table_is_fresh(path: str) -> None:
    assert (ROOT / path).read_text() == MADE[path], "make infra writes it anew"


def test_nothing_else_lies_where_it_is_made() -> None:
    there = {str(path.relative_to(ROOT)) for folder in (".chalice", "infra/made") for path in (ROOT / folder).iterdir()}
    assert {path for path in there if "deploy" not in path} == set(MADE)


def test_every_queue_has_one_function_that_takes_from_it() -> None:
    taken = [function["takes"] for function in TABLE["functions"].values() if "takes" in function]
    assert sorted(taken) == sorted(TABLE["queues"])


def test_stream_brings_what_changes_are_routed_by() -> None:
    patterns = str(TABLE["functions"]["on_change"]["stream"])
    for key in (keys.ENTRIES, keys.MESSAGES, keys.CHANNELS, keys.CONVERSATION, keys.CONTACT):
        assert f"'{key}" in patterns


def test_a_new_queue_is_a_line_in_the_table() -> None:
    given = {
        "functions": {"on_news": {"resource": "OnNews", "timeout": 9, "reserved": 5, "takes": "news"}},
        "queues": {"news": {**QUEUE, "fifo": True}},
    }
    made = infra.wiring(given["functions"], given["queues"])
    queue = made["Resources"]["NewsQueue"]["Properties"]
    assert (queue["VisibilityTimeout"], queue["FifoQueue"], queue["RedrivePolicy"]["maxReceiveCount"]) == (60, True, 3)
    assert made["Outputs"].keys() == {"NewsQueue", "NewsDeadQueue"}
    assert made["Globals"]["Function"]["Environment"]["Variables"] == {"NEWS_QUEUE": {"Ref": "NewsQueue"}}


def test_every_function_has_a_share_and_lambda_keeps_its_hundred() -> None:
    shares = [function["reserved"] for function in TABLE["functions"].values()]
    assert min(shares) > 0
    assert sum(shares) <= deploy.CONCURRENCY_FOR_SHARES - 100


def test_networks_post_to_a_function_and_a_gateway_of_their_own() -> None:
    function = TABLE["functions"]["on_hook"]
    made = infra.wiring({"on_hook": function}, {})["Resources"]
    routes = [
        resource["Properties"] for resource in made.values() if resource.get("Type") == "AWS::ApiGatewayV2::Route"
    ]
    assert {route["RouteKey"].partition(" ")[0] for route in routes} == set(hooks.VERBS)
    assert len(routes) == 2 * len(function["serves"])
    assert {json.dumps(route["ApiId"]) for route in routes} == {'{"Ref": "Hooks"}'}


def test_sockets_have_a_gateway_of_their_own_that_asks_one_function() -> None:
    function = TABLE["functions"]["on_socket"]
    made = infra.wiring({"on_socket": function}, {})["Resources"]
    routes = [
        resource["Properties"] for resource in made.values() if resource.get("Type") == "AWS::ApiGatewayV2::Route"
    ]
    assert [route["RouteKey"] for route in routes] == ["$connect", "$disconnect", "$default"]
    assert {json.dumps(route["ApiId"]) for route in routes} == {'{"Ref": "Sockets"}'}
    assert {route["Target"]["Fn::Sub"] for route in routes} == {"integrations/${OnSocketIntegration}"}


def test_whoever_touches_the_table_is_kept_from_the_audit() -> None:
    without, with_table = ([*policies.statements(function)] for function in ({}, {"table": {"agency": "put"}}))
    assert [statement["Effect"] for statement in without] == ["Allow"]
    assert [statement["Effect"] for statement in with_table] == ["Allow", "Allow", "Deny"]


@pytest.mark.parametrize("words", ["write", "get,put", "Get"])
def test_a_right_there_is_not_is_refused(words: str) -> None:
    with pytest.raises(KeyError):
        list(policies.statements({"table": {"agency": words}}))
