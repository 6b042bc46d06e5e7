"""Shortcuts through botocore, which looks at every value of every item on its way to DynamoDB and back.

That is not needed, because our items already have the form of DynamoDB's JSON. If a later botocore is built otherwise,
its own code does the work as before: slower, with the same result.
"""

import json
from collections.abc import Mapping
from typing import Any

from botocore.client import BaseClient
from botocore.session import Session

READS = ("GetItem", "Query", "BatchGetItem")


def read(session: Session) -> None:
    """Makes the clients of this session return DynamoDB's answers to reads unchanged.

    So none of our attributes may hold bytes: JSON has none, and only botocore would decode them.
    """
    for operation in READS:
        session.register(f"before-parse.dynamodb.{operation}", as_it_came)


def as_it_came(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: object) -> None:
    """Runs before botocore parses an answer: takes the JSON as it is, and leaves botocore an empty answer to parse."""
    if response_dict["status_code"] >= 300:
        return  # an error, which botocore reads itself
    answer: Mapping[str, Any] = json.loads(response_dict["body"])
    customized_response_dict.update((name, value) for name, value in answer.items() if value is not None)
    response_dict["body"] = b"{}"


def write(client: BaseClient) -> None:
    """Makes this client send items unchanged, and work out the address of each operation only once."""
    serializer: Any = getattr(client, "_serializer", None)
    resolver: Any = getattr(client, "_ruleset_resolver", None)
    if hasattr(serializer, "serialize_to_request"):
        client._serializer = _Serializer(serializer)  # noqa: SLF001 - there is no public way, and see above
    if hasattr(resolver, "construct_endpoint"):
        resolver.construct_endpoint = _once_per_operation(resolver.construct_endpoint)


class _Serializer:
    """Uses botocore's serializer for the first request of each operation; later requests differ only in their body."""

    def __init__(self, botocores: Any) -> None:
        self._botocores = botocores
        self._known: dict[str, dict[str, Any]] = {}

    def serialize_to_request(self, parameters: Mapping[str, Any], operation_model: Any) -> dict[str, Any]:
        known = self._known.get(operation_model.name)
        if known is None:
            request: dict[str, Any] = self._botocores.serialize_to_request(parameters, operation_model)
            self._known[operation_model.name] = {**request, "headers": dict(request["headers"])}
            return request
        return {**known, "headers": dict(known["headers"]), "body": json.dumps(parameters).encode()}


def _once_per_operation(construct: Any) -> Any:
    """Remembers the address of each operation: in DynamoDB it does not depend on the parameters of a call."""
    known: dict[str, Any] = {}

    def construct_endpoint(operation_model: Any, call_args: Any, request_context: Any) -> Any:
        if operation_model.name not in known:
            known[operation_model.name] = construct(operation_model, call_args, request_context)
        return known[operation_model.name]

    return construct_endpoint
