"""Waking the functions up, as a busy stack's are: each gets a record that is about nobody, and loads what it needs."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from local import double

_NOBODY = {"kind": "message", "agency": "agc_0", "pk": "agc_0#cnv_0", "sk": "message#0"}


def functions(cloudformation: Any, aws_lambda: Any, stack: str) -> None:
    """Call each function that waits for a queue once."""
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    made = [one for page in pages for one in page["StackResourceSummaries"]]
    names = {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in made}
    posted = [{"network": key, "hook": "", "received_at": 0, "body": "{}"} for key in double.doubles()]
    events = {
        "OnInbound": _records(*posted),
        "OnOutbox": _records(_NOBODY),
        "OnFollowup": _records(_NOBODY),
        "OnChange": {"Records": []},
    }
    with ThreadPoolExecutor(len(events)) as pool:
        for name, event in events.items():
            pool.submit(aws_lambda.invoke, FunctionName=names[name], Payload=json.dumps(event).encode())


def _records(*bodies: Mapping[str, Any]) -> Mapping[str, Any]:
    attributes = {"ApproximateReceiveCount": "1", "MessageGroupId": "nobody"}
    return {
        "Records": [
            {"messageId": str(number), "receiptHandle": "none", "body": json.dumps(body), "attributes": attributes,
             "messageAttributes": {}, "eventSource": "aws:sqs", "eventSourceARN": "", "awsRegion": ""}
            for number, body in enumerate(bodies)
        ]
    }  # fmt: skip
