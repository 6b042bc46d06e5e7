"""Warms the functions up: each is called with a record about nobody, so that it has loaded everything before it is
needed.
"""

import base64
import gzip
import json
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from local import double

_NOBODY = {"kind": "message", "agency": "agc_0", "pk": "agc_0#cnv_0", "sk": "message#0"}


_SHAKE = {
    "routeKey": "GET /hooks/{network}", "pathParameters": {"network": "nobody"}, "headers": {}, "rawQueryString": "",
    "requestContext": {"requestId": "warm"}, "isBase64Encoded": False,
}  # fmt: skip


_FRAME = {"requestContext": {"eventType": "MESSAGE", "connectionId": "nobody"}, "body": "", "isBase64Encoded": False}


# How many processes of a function are kept ready for a burst; of the others one.
_READY = {"OnHook": 4, "OnInbound": 2, "OnFollowup": 2}


# Whatever changes something has this one called: were it not there yet, each call would begin a process of its own.
FIRST = ("OnCall",)


def functions(cloudformation: Any, aws_lambda: Any, stack: str, *, burst: bool, only: Collection[str] = ()) -> None:
    """Calls each function that reads a queue, the stream or a log, or is a hook; with `only`, just these.

    With `burst`, some are called several times at once, so that several processes start.
    """
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    resources = [resource for page in pages for resource in page["StackResourceSummaries"]]
    names = {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in resources}
    posted = [{"network": key, "hook": "", "received_at": 0, "body": "{}"} for key in double.doubles()]
    events = {
        "OnInbound": _records(*posted),
        "OnOutbox": _records(_NOBODY),
        "OnFollowup": _records(_NOBODY),
        "OnFiles": _records(_NOBODY),
        "OnChange": {"Records": []},
        "OnCount": {"Records": []},
        "OnAudit": _records(),
        "OnHook": _SHAKE,
        "OnSocket": _FRAME,
        "OnPush": _records(),
        "OnCall": {"awslogs": {"data": base64.b64encode(gzip.compress(b'{"logEvents": []}')).decode()}},
    }
    calls = [name for name in only or events for _ in range(_READY.get(name, 1) if burst else 1)]
    with ThreadPoolExecutor(len(calls)) as pool:
        for name in calls:
            pool.submit(aws_lambda.invoke, FunctionName=names[name], Payload=json.dumps(events[name]).encode())


def _records(*bodies: Mapping[str, Any]) -> Mapping[str, Any]:
    attributes = {"ApproximateReceiveCount": "1", "MessageGroupId": "nobody"}
    return {
        "Records": [
            {"messageId": str(number), "receiptHandle": "none", "body": json.dumps(body), "attributes": attributes,
             "messageAttributes": {}, "eventSource": "aws:sqs", "eventSourceARN": "", "awsRegion": ""}
            for number, body in enumerate(bodies)
        ]
    }  # fmt: skip
