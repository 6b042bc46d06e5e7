"""DynamoDB's answers to reads as the JSON that they are.

botocore walks through every value of every attribute of an answer to give back what was there before: more time than
all the rest of a read. Where its events should no longer be emitted, its own reading takes place, with the same result.
"""

import json
from collections.abc import Mapping
from typing import Any

from botocore.session import Session

READS = ("GetItem", "Query", "BatchGetItem")


def pass_through(session: Session) -> None:
    """Let clients of the session take answers to reads as they are. No attribute may hold bytes: JSON has none."""
    for operation in READS:
        session.register(f"before-parse.dynamodb.{operation}", take)


def take(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: object) -> None:
    """Puts the answer where botocore's handlers put theirs, and leaves botocore an empty one to read."""
    if response_dict["status_code"] >= 300:
        return  # an error: botocore knows how to read those
    answer: Mapping[str, Any] = json.loads(response_dict["body"])
    customized_response_dict.update((name, value) for name, value in answer.items() if value is not None)
    response_dict["body"] = b"{}"
