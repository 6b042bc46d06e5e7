"""What takes the short way into the emulator is answered as what goes the long one, and all else goes the long one."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from ministack import app

from local import short_way

SIGNED = "AWS4-HMAC-SHA256 Credential=test/20261130/eu-west-1/{}/aws4_request, SignedHeaders=host, Signature=0"
TABLE = {
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
}  # fmt: skip
ITEM, KEY = {"pk": {"S": "a"}, "text": {"S": "ünïcode"}}, {"pk": {"S": "a"}}
IS_NEW = {"ConditionExpression": "attribute_not_exists(pk)"}
# What is asked of a table, one after the other.
CALLS: Mapping[str, Mapping[str, Any]] = {
    "item that is put": {"PutItem": {"Item": ITEM}},
    "item that is there": {"GetItem": {"Key": KEY}},
    "item that is not there": {"GetItem": {"Key": {"pk": {"S": "b"}}}},
    "condition that is not met": {"PutItem": {"Item": ITEM, **IS_NEW}},
    "query": {"Query": {"KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": {"S": "a"}}}},
    "key of another type": {"GetItem": {"Key": {"pk": {"N": "1"}}}},
    "what there is not": {"Nothing": {}},
    "table that is gone": {"DeleteTable": {}},
    "item of no table": {"GetItem": {"Key": KEY}},
}  # fmt: skip


def asked(served: Any, target: str, body: bytes, **more: str) -> tuple[int, dict[str, str], bytes]:
    """The answer, without what is another each time."""
    service = "sqs" if "SQS" in target else "dynamodb"
    headers = {"host": "here", "x-amz-target": target, "authorization": SIGNED.format(service), **more}
    scope = {
        "type": "http", "method": "POST", "path": "/", "raw_path": b"/", "query_string": b"", "client": ("::1", 1),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    messages, answered = (
        [{"type": "http.request", "body": part, "more_body": True} for part in (body[:9], body[9:])],
        [],
    )

    async def receive() -> Any:
        return messages.pop(0) if messages else {"type": "http.request"}

    async def send(message: Any) -> None:
        answered.append(message)

    asyncio.run(served(scope, receive, send))
    answer_headers = {name.decode().lower(): value.decode() for name, value in answered[0]["headers"]}
    kept = {name: answer_headers.get(name, "") for name in ("content-type", "content-length", "x-amz-crc32")}
    return answered[0]["status"], kept, b"".join(message.get("body", b"") for message in answered[1:])


def story(served: Any, table: str) -> list[Any]:
    made = asked(served, "DynamoDB_20120810.CreateTable", json.dumps({"TableName": table, **TABLE}).encode())
    assert made[0] == 200
    answers = []
    for [(action, call)] in (named_call.items() for named_call in CALLS.values()):
        body = json.dumps({"TableName": table, **call}).encode()
        answers.append(asked(served, f"DynamoDB_20120810.{action}", body))
    return answers


def test_answers_of_a_table_are_the_same() -> None:
    name = f"t-{uuid4()}"
    long, short = story(app.app, name), story(short_way.into(app.app), name)
    for what, first, other in zip(CALLS, long, short, strict=True):
        if what != "table that is gone":  # which tells when it was made
            assert first == other, what
    assert [answer[0] for answer in short] == [200, 200, 200, 400, 200, 400, 400, 200, 400]


@pytest.mark.parametrize("target", ["DynamoDB_20120810.GetItem", "AmazonSQS.SendMessage", "AmazonSQS.Nothing"])
def test_call_that_cannot_be_read_is_refused_in_the_same_words(target: str) -> None:
    assert asked(short_way.into(app.app), target, b"{") == asked(app.app, target, b"{")


def test_account_and_region_are_those_of_who_signed() -> None:
    name, target = f"q-{uuid4()}", "AmazonSQS.CreateQueue"
    there = SIGNED.format("sqs").replace("test/", "123456789012/").replace("eu-west-1", "us-west-2")
    body = json.dumps({"QueueName": name}).encode()
    made = asked(short_way.into(app.app), target, body, authorization=there)
    assert json.loads(made[2])["QueueUrl"].endswith(f"/123456789012/{name}")
    statuses = [
        asked(app.app, "AmazonSQS.GetQueueUrl", body, authorization=who)[0] for who in (there, SIGNED.format("sqs"))
    ]
    assert statuses == [200, 400]


async def long_way(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 299, "headers": []})


@pytest.mark.parametrize(
    "headers",
    [{"x-amz-target": "Logs_20140328.PutLogEvents"}, {"x-amz-target": ""}, {"content-encoding": "gzip"},
     {"transfer-encoding": "chunked"}],
)  # fmt: skip
def test_all_else_goes_the_long_way(headers: dict[str, str]) -> None:
    target = headers.pop("x-amz-target", "DynamoDB_20120810.GetItem")
    assert asked(short_way.into(long_way), target, b"{}", **headers)[0] == 299


def test_caller_who_is_gone_is_not_answered() -> None:
    sent: list[Any] = []

    async def gone() -> Any:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "path": "/", "headers": [(b"x-amz-target", b"DynamoDB_20120810.PutItem")]}
    asyncio.run(short_way.into(long_way)(scope, gone, send))
    assert sent == []


def test_installed_version_has_the_parts_that_this_uses() -> None:
    assert set(vars(app)) >= short_way.PARTS
    assert short_way.into(app.app) is not app.app
