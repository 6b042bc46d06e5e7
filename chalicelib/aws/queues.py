"""The SQS queues. Bodies are ASCII JSON, as SQS refuses some characters that strangers send."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from chalicelib import settings

_LONGEST_WAIT_SECONDS = 12 * 3600


@cache
def _client() -> Any:
    import boto3
    from botocore.config import Config

    # The user agent is set for speed: otherwise botocore builds a long one, twice for each call.
    config = Config(
        user_agent="palabre", connect_timeout=2, read_timeout=5, retries={"mode": "standard", "max_attempts": 3}
    )
    return boto3.client("sqs", region_name=settings.get().region, config=config)


def send(queue: str, body: Mapping[str, Any], *, group: str = "", once: str = "", delay: int = 0) -> None:
    """Sends a message to a queue of infra/functions.yaml; `delay` is in seconds.

    For a FIFO queue, messages of a `group` stay in order, and one `once` is delivered once only.
    """
    options: dict[str, Any] = {"MessageGroupId": group} if group else {}
    if once:
        options["MessageDeduplicationId"] = once
    if delay:
        options["DelaySeconds"] = delay
    _client().send_message(QueueUrl=settings.get().queues[queue], MessageBody=_text(body), **options)


def size(body: Mapping[str, Any]) -> int:
    """How many bytes a message with this body has."""
    return len(_text(body))


def _text(body: Mapping[str, Any]) -> str:
    return json.dumps(body, separators=(",", ":"))


def postpone(queue: str, receipt: str, seconds: int) -> None:
    """Makes a received message come back after so many seconds (at most 12 h); its group waits behind it."""
    _client().change_message_visibility(
        QueueUrl=settings.get().queues[queue],
        ReceiptHandle=receipt,
        VisibilityTimeout=max(0, min(seconds, _LONGEST_WAIT_SECONDS)),
    )
