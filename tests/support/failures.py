"""What functions failed on, as their logs tell it.

A test that fails shows it. At the end of a run, what only a fault of the code makes is a fault, whatever the tests saw:
a task that fails so is tried again beside them, and given up a quarter of an hour later.
"""

import json
import re
from collections.abc import Collection, Iterator

from botocore.exceptions import BotoCoreError, ClientError

from local.cloud import Platform

_ERROR = '"ERROR"'
OF_CODE = ("KeyError", "TypeError", "AttributeError", "IndexError", "NameError", "AssertionError", "Trespass")
# A job of a kind that no function knows, which tests of jobs make.
PROVOKED = {"followup_failed: KeyError at jobs.py"}
_LINE = re.compile(r"(/\S+) (\w+: (\w+) at [\w.]+):\d+")
noted: set[str] = set()


def note(platform: Platform) -> None:
    noted.update(line for line in since(platform, 0) if is_fault(line))


def is_fault(line: str) -> bool:
    """True if only a fault of the code makes such a line, or one that is none of ours."""
    match = _LINE.fullmatch(line)
    return match is None or (match[3] in OF_CODE and match[2] not in PROVOKED)


def faults(lines: Collection[str], whole: bool) -> list[str]:
    return sorted(lines)


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
