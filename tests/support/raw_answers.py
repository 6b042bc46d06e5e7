"""AWS's answers as they came. botocore looks at every value of an answer, which takes longer than to get it."""

import json
from typing import Any


def as_json(client: Any, service: str, operation: str) -> Any:
    """The client, which reads answers of that operation as JSON alone; none that has bytes in it."""
    client.meta.events.register(f"before-parse.{service}.{operation}", _take)
    return client


def _take(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: object) -> None:
    if response_dict["status_code"] < 300:
        customized_response_dict.update(json.loads(response_dict["body"]))
        response_dict["body"] = b"{}"
