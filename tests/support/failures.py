"""What functions failed on, as their logs tell it."""

import json
from collections.abc import Iterator

from botocore.exceptions import BotoCoreError, ClientError

from local.cloud import Platform

_ERROR = '"ERROR"'


def since(platform: Platform, start: int) -> Iterator[str]:
    """A line for each failure that a function logged from `start` (ms) on: where, what, and of which type.

    Raises nothing: who asks has a failure of their own to tell of.
    """
    logs = platform.client("logs")
    try:
        for group in logs.describe_log_groups()["logGroups"]:
            name = group["logGroupName"]
            events = logs.filter_log_events(logGroupName=name, startTime=start, filterPattern=_ERROR)["events"]
            yield from (f"{name} {_told(event['message'])}" for event in events)
    except (BotoCoreError, ClientError) as error:
        yield f"The logs cannot be read: {type(error).__name__}"


def _told(line: str) -> str:
    try:
        said = json.loads(line)
        return f"{said['message']}: {said['error']} at {said['where']}"
    except (ValueError, KeyError, TypeError):
        return line.strip()
