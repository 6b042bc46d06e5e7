"""Requests of signed-in members, as API Gateway hands them to the app."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import jwt


def of(token: str, verb: str, pattern: str, parts: Mapping[str, str] | None = None, body: Any = None) -> Any:
    """The event of a request to the address with these parts, let in by the authorizer."""
    claims = jwt.decode(token, options={"verify_signature": False})
    return by(claims["sub"], claims["auth_time"] * 1000, verb, pattern, token=token, parts=parts, body=body)


def by(
    subject: str,
    since: int,
    verb: str,
    pattern: str,
    *,
    token: str = "",
    parts: Mapping[str, str] | None = None,
    query: Mapping[str, Sequence[str]] | None = None,
    body: Any = None,
) -> Any:
    """The same for somebody who is signed in since then (ms)."""
    headers = {
        "accept": "application/json", "authorization": f"Bearer {token}", "content-type": "application/json",
    }  # fmt: skip
    context = {
        "httpMethod": verb, "resourcePath": pattern, "path": pattern, "requestId": "bench", "stage": "api",
        "authorizer": {"sub": subject, "since": str(since)},
        "identity": {"sourceIp": "192.0.2.1"}, "domainName": "api.example",
    }  # fmt: skip
    return {
        "resource": pattern, "path": pattern, "httpMethod": verb, "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "multiValueQueryStringParameters": query, "pathParameters": parts, "stageVariables": None,
        "body": None if body is None else json.dumps(body), "isBase64Encoded": False,
        "requestContext": context,
    }  # fmt: skip
