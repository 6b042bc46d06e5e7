"""Requests of signed-in members, as API Gateway hands them to the app."""

import json
from collections.abc import Mapping
from typing import Any

import jwt


def of(token: str, verb: str, pattern: str, parts: Mapping[str, str] | None = None, body: Any = None) -> Any:
    """The event of a request to the address with these parts, let in by the authorizer."""
    claims = jwt.decode(token, options={"verify_signature": False})
    headers = {
        "accept": "application/json", "authorization": f"Bearer {token}", "content-type": "application/json",
    }  # fmt: skip
    context = {
        "httpMethod": verb, "resourcePath": pattern, "path": pattern, "requestId": "bench", "stage": "api",
        "authorizer": {"sub": claims["sub"], "since": str(claims["auth_time"] * 1000)},
        "identity": {"sourceIp": "192.0.2.1"}, "domainName": "api.example",
    }  # fmt: skip
    return {
        "resource": pattern, "path": pattern, "httpMethod": verb, "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "multiValueQueryStringParameters": None, "pathParameters": parts, "stageVariables": None,
        "body": None if body is None else json.dumps(body), "isBase64Encoded": False,
        "requestContext": context,
    }  # fmt: skip
