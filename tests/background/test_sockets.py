"""The functions of the sockets: what the gateway is answered, what is written down, and what comes back."""

import json
from typing import Any

import pytest

from chalicelib.background import push, socket
from tests.support.stack import Stack


def event(kind: str, **more: Any) -> dict[str, Any]:
    identity = {"sourceIp": "127.0.0.1"}
    return {"requestContext": {"eventType": kind, "connectionId": "nobody=", "identity": identity}, **more}


def announced(id: str, agency: str, room: int = 9_999) -> dict[str, Any]:
    body = {"agency": agency, "room": room, "first": 1, "last": 1}
    attributes = {"MessageGroupId": f"{agency}#{room}", "ApproximateReceiveCount": "1"}
    return {"messageId": id, "receiptHandle": id, "body": json.dumps(body), "attributes": attributes}


@pytest.mark.parametrize("query", [None, {}, {"ticket": ""}, {"other": "x"}])
@pytest.mark.parametrize("headers", [None, {}, {"Origin": "https://a.example"}])
def test_connection_without_a_ticket_is_refused(query: Any, headers: Any) -> None:
    asked = event("CONNECT", queryStringParameters=query, headers=headers)
    assert socket.handle(asked) == {"statusCode": 401}


def test_ticket_is_not_written_down(stack: Stack, caplog: pytest.LogCaptureFixture) -> None:
    asked = event("CONNECT", queryStringParameters={"ticket": "never-to-be-seen"}, headers={})
    assert socket.handle(asked) == {"statusCode": 403}
    [record] = [record for record in caplog.records if record.message == "socket"]
    assert (vars(record)["status"], vars(record)["code"]) == (403, "bad_ticket")
    assert "never-to-be-seen" not in str([vars(record) for record in caplog.records])


def test_what_fails_inside_is_a_fault_and_no_more_is_told() -> None:
    assert socket.handle(event("UNHEARD_OF")) == {"statusCode": 503}


def test_end_of_a_socket_that_never_was_is_fine(stack: Stack) -> None:
    assert socket.handle(event("DISCONNECT")) == {"statusCode": 200}


def test_room_that_cannot_be_told_comes_back_and_holds_up_no_other(stack: Stack) -> None:
    records = [announced("1", "agc_"), announced("2", stack.ours.id), announced("3", "agc_")]
    assert push.handle(records) == {"batchItemFailures": [{"itemIdentifier": "1"}, {"itemIdentifier": "3"}]}
