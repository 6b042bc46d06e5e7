"""A request to a hook, in payload format 2.0, which HTTP APIs and function URLs pass to Lambda."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from chalice.app import Response

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Request:
    """A request to a hook. Header names are in lower case; `parts` are the parameters of the path.

    `context` holds the path's pattern and the request id, for errors and log lines.
    """

    method: str
    parts: Mapping[str, str]
    headers: Mapping[str, str]
    query: Mapping[str, str]
    context: Mapping[str, str]
    raw: bytes

    @property
    def content_type(self) -> str:
        """In lower case, without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def read(event: Json) -> Request:
    """The request. Its body is kept byte for byte as posted, because signatures are made over these bytes.

    The gateway passes a body of a textual content type as text, any other as base 64.
    """
    method, _, path = event["routeKey"].partition(" ")
    body = event.get("body") or ""
    return Request(
        method,
        event.get("pathParameters") or {},
        headers={name.lower(): value for name, value in event["headers"].items()},
        query=dict(parse_qsl(event["rawQueryString"], keep_blank_values=True)),
        context={"resourcePath": path, "requestId": event["requestContext"]["requestId"]},
        raw=base64.b64decode(body) if event["isBase64Encoded"] else body.encode("utf-8", "replace"),
    )


def answer(response: Response) -> Json:
    """The response in payload format 2.0."""
    return {"statusCode": response.status_code, "headers": response.headers, "body": response.body}
