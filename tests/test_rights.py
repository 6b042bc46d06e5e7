"""What functions ask of AWS, beside what they may: the check that follows every run with a stack, tried on its own."""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from local.environment import NOWHERE, ROOT, tools
from tests.support import aws_calls, rights

TABLE, QUEUE, NAMES = "table-1", "https://queue/1", {"table-1": "Table", "bucket-1": "Bucket", "https://queue/1": "Q"}


def line(function: str, action: str, resource: str, **context: list[str]) -> str:
    given = {key.replace("_", ":", 1): values for key, values in context.items()}
    return json.dumps(
        {"function": f"palabre-local-{function}-1A2B", "action": action, "resource": resource, "context": given}
    )


def keyed(action: str, pk: str) -> dict[str, Any]:
    return {action: {"TableName": TABLE, "Key": {"pk": {"S": pk}, "sk": {"S": "x"}}}}


def test_what_a_policy_permits_is_no_fault() -> None:
    fine = line("Tick", "dynamodb:Query", "Table", dynamodb_LeadingKeys=["due#1"])
    assert rights.faults([fine], False) == []


@pytest.mark.parametrize(
    "call",
    [
        line("Tick", "dynamodb:PutItem", "Table", dynamodb_LeadingKeys=["due#1"]),
        line("Tick", "dynamodb:Query", "Table", dynamodb_LeadingKeys=["agc_1"]),
        line("Tick", "dynamodb:Query", "Table"),
        line("OnHook", "s3:PutObject", "Bucket/media/1"),
        line("OnHook", "sqs:SendMessage", "OutboxQueue"),
        line("OnFiles", "s3:ListBucket", "Bucket"),
        line("APIHandler", "kms:Decrypt", "Key"),
        line("APIHandler", "ses:SendEmail", "identity/1", ses_FromAddress=["somebody@else.example"]),
        line("OnHook", "dynamodb:UpdateTable", "unknown"),
    ],
)
def test_what_a_policy_does_not_permit_fails_any_run(call: str) -> None:
    (fault,) = rights.faults([call], False)
    asked = json.loads(call)
    assert all(part in fault for part in ("AWS would deny", asked["action"], asked["resource"]))


def test_right_that_nobody_used_fails_a_whole_run_only() -> None:
    used = line("Tick", "sqs:SendMessage", "FollowupQueue")
    assert rights.faults([used], False) == []
    faults = rights.faults([used], True)
    assert any("Tick dynamodb:Query Table due#*" in fault for fault in faults)
    assert not any("Tick sqs:SendMessage FollowupQueue" in fault for fault in faults)


def test_reasons_are_for_rights_that_are_held() -> None:
    held = {f"{function} {right}" for function in rights.POLICIES for right in rights._rights(function)}
    assert set(rights.UNUSED) - held == set()


def test_each_write_of_a_transaction_is_asked_for_by_itself() -> None:
    writes = [keyed("Update", "agc_7#cnv_1"), keyed("Delete", "due#3"), keyed("ConditionCheck", "agc_7#audit")]
    asked = aws_calls.needed("dynamodb", "TransactWriteItems", {"TransactItems": writes}, NAMES)
    assert [(call["action"], call["context"]["dynamodb:LeadingKeys"]) for call in asked] == [
        ("dynamodb:UpdateItem", ["agc_1#1"]),
        ("dynamodb:DeleteItem", ["due#1"]),
        ("dynamodb:ConditionCheckItem", ["agc_1#audit"]),
    ]


def test_list_is_asked_for_by_the_key_of_what_is_listed() -> None:
    query = {
        "TableName": TABLE, "IndexName": "inbox", "KeyConditionExpression": "(#0 = :0 AND begins_with (#1, :1))",
        "ExpressionAttributeNames": {"#0": "inbox", "#1": "activity"},
        "ExpressionAttributeValues": {":0": {"S": "agc_7#brd_1#open"}, ":1": {"S": "1"}},
    }  # fmt: skip
    (asked,) = aws_calls.needed("dynamodb", "Query", query, NAMES)
    assert asked["resource"] == "Table/index/inbox"
    assert asked["context"] == {"dynamodb:LeadingKeys": ["agc_1#1"]}


@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [
        ("dynamodb", "Scan", {"TableName": TABLE}),
        ("s3", "CreateBucket", {"Bucket": "bucket-1", "Key": "media/1"}),
        ("sqs", "PurgeQueue", {"QueueUrl": QUEUE}),
        ("sts", "GetCallerIdentity", {}),
    ],
)
def test_what_is_not_known_is_permitted_to_nobody(service: str, operation: str, params: Any) -> None:
    for call in aws_calls.needed(service, operation, params, NAMES):
        for function in rights.POLICIES:
            assert rights.denied([rights._call(json.dumps({"function": f"a-{function}-b", **call}))])


def test_template_has_a_name_for_all_that_functions_are_told_of() -> None:
    variables = {name: name for name in NOWHERE} | {
        "FOLLOWUP_QUEUE": "https://queue/2",
        "MAIL_FROM": "us@agency.example",
    }
    known = aws_calls.names(variables)
    assert {known[name] for name in ("TABLE", "BUCKET", "ANCHORS", "KEY", "USER_POOL", "https://queue/2")} == {
        "Table", "Bucket", "Anchors", "Key", "UserPool", "FollowupQueue",
    }  # fmt: skip
    assert known["us@agency.example"] == "MailFrom"


class Nothing(BaseHTTPRequestHandler):
    """An S3 in which nothing is."""

    def do_GET(self) -> None:
        body = b"<Error><Code>NoSuchKey</Code></Error>"
        self.send_response(404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.mark.slow
def test_function_writes_down_what_it_asks_and_what_it_learns(tmp_path: Path) -> None:
    code = "from chalicelib.aws import storage; print([storage.get('inbound/1/2') for _ in range(2)])"
    with HTTPServer(("127.0.0.1", 0), Nothing) as s3:
        threading.Thread(target=s3.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        function = {
            "AWS_LAMBDA_FUNCTION_NAME": "palabre-local-OnInbound-1A2B", "LAMBDA_TASK_ROOT": str(ROOT),
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{s3.server_address[1]}",
        }  # fmt: skip
        env = {**tools(), **NOWHERE, "BUCKET": "bucket-1", **rights.recording(tmp_path), **function}
        done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
        s3.shutdown()
    assert (done.stdout, done.stderr) == ("[None, None]\n", "")
    [file] = tmp_path.iterdir()
    get, learn = map(json.loads, file.read_text().splitlines())
    assert (get["action"], get["resource"]) == ("s3:GetObject", "Bucket/inbound/1")
    assert (learn["action"], learn["resource"], learn["context"]) == ("s3:ListBucket", "Bucket", {})
