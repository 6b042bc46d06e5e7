"""Shortcuts through botocore, which walks through every value of every item on its way to DynamoDB and back.

Items are JSON already, as DynamoDB takes and gives them. Where another version of botocore is built otherwise, a
shortcut is not taken: the same is done by its own code, which takes longer.
"""

import json
from collections.abc import Mapping
from typing import Any

from botocore.client import BaseClient
from botocore.session import Session

READS = ("GetItem", "Query", "BatchGetItem")


def read(session: Session) -> None:
    """Lets clients of the session take answers to reads as they are. No attribute may hold bytes: JSON has none."""
    for operation in READS:
        session.register(f"before-parse.dynamodb.{operation}", _take)


def _take(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: object) -> None:
    """Puts the answer where botocore's handlers put theirs, and leaves botocore an empty one to read."""
    if response_dict["status_code"] >= 300:
        return  # an error: botocore knows how to read those
    answer: Mapping[str, Any] = json.loads(response_dict["body"])
    customized_response_dict.update((name, value) for name, value in answer.items() if value is not None)
    response_dict["body"] = b"{}"


def write(client: BaseClient) -> None:
    """Lets the client send transactions as they are, and look up the address of each operation once."""
    serializer: Any = getattr(client, "_serializer", None)
    resolver: Any = getattr(client, "_ruleset_resolver", None)
    if hasattr(serializer, "serialize_to_request"):
        client._serializer = _Transactions(serializer)  # noqa: SLF001 - there is no public way, and see above
    if hasattr(resolver, "construct_endpoint"):
        resolver.construct_endpoint = _once_per_operation(resolver.construct_endpoint)


class _Transactions:
    """botocore's serializer, but for transactions."""

    def __init__(self, others: Any) -> None:
        self._others = others

    def serialize_to_request(self, parameters: Mapping[str, Any], operation_model: Any) -> dict[str, Any]:
        if operation_model.name != "TransactWriteItems":
            request: dict[str, Any] = self._others.serialize_to_request(parameters, operation_model)
            return request
        headers_of = self._others.serialize_to_request({"TransactItems": [{}]}, operation_model)
        return {**headers_of, "body": json.dumps(parameters).encode()}


def _once_per_operation(construct: Any) -> Any:
    """DynamoDB has one address for all operations of a region, whatever they say."""
    known: dict[str, Any] = {}

    def construct_endpoint(operation_model: Any, call_args: Any, request_context: Any) -> Any:
        if operation_model.name not in known:
            known[operation_model.name] = construct(operation_model, call_args, request_context)
        return known[operation_model.name]

    return construct_endpoint
