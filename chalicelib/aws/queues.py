"""The queues: what is put there survives us. Bodies are ASCII JSON, so every character a stranger sends may pass."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from chalicelib import settings


@cache
def _client() -> Any:

    # The name is for speed: botocore makes up a long one for every call, twice.
    config = Config(
        user_agent="palabre", connect_timeout=2, read_timeout=5, retries={"mode": "standard", "max_attempts": 3}
    )
    return boto3.client("sqs", region_name=settings.get().region, config=config)


def send(queue: str, body: Mapping[str, Any], *, group: str = "", once: str = "", delay: int = 0) -> None:
    """Put a body on the queue at that address; in order within `group`, and once per `once`, where it is a FIFO one."""
    options: dict[str, Any] = {"MessageGroupId": group} if group else {}
    if once:
        options["MessageDeduplicationId"] = once
    if delay:
        options["DelaySeconds"] = delay
    _client().send_message(QueueUrl=queue, MessageBody=json.dumps(body, separators=(",", ":")), **options)


def postpone(queue: str, receipt: str, seconds: int) -> None:
    """Let a received message, and its group behind it, come back only after so many seconds (at most 12 h)."""
    _client().change_message_visibility(
        QueueUrl=queue, ReceiptHandle=receipt, VisibilityTimeout=max(0, min(seconds, 43_200))
    )
