"""What is posted to a hook: a request in payload format 2.0, as HTTP APIs and function URLs hand it to Lambda."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from chalice.app import Response

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Request:
    """What somebody asked of a hook. Names of headers are in lower case, `parts` are those of the address.

    `context` is what errors and log lines are made with.
    """

    method: str
    parts: Mapping[str, str]
    headers: Mapping[str, str]
    query: Mapping[str, str]
    context: Mapping[str, str]
    raw: bytes

    @property
    def content_type(self) -> str:
        """Without its parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def read(event: Json) -> Request:
    """The request, with its body byte for byte as posted, because signatures are over these bytes.

    The gateway hands a body of a textual content type as text, any other in base 64.
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
    """The answer, in the same format."""
    return {"statusCode": response.status_code, "headers": response.headers, "body": response.body}
