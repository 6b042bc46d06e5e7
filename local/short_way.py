"""Calls of DynamoDB and SQS take a short way into MiniStack, because most calls of the tests are of these.

It leaves out what MiniStack does for all services and these two do not need: a random id, the date, CORS, and finding
the service. Status, body, content type and checksum of an answer are the same.
"""

from collections.abc import Mapping
from functools import lru_cache
from itertools import count
from typing import Any

from ministack import app
from ministack.core import responses, router

PARTS = {"AUTH", "SERVICE_HANDLERS", "_get_reset_lock", "fix_error_content_type", "fix_success_content_type"}
_SERVICES = {"DynamoDB_20120810": "dynamodb", "AmazonSQS": "sqs"}
_LONG = {"content-encoding", "transfer-encoding", "x-amz-decoded-content-length"}  # bodies that have to be decoded
_inside = vars(app)
_numbers = count(1)


def into(served: Any) -> Any:
    """The same app with the short way; a version that lacks one of the parts is left as it is."""
    if not set(_inside) >= PARTS or _inside["AUTH"]:
        return served

    async def short(scope: Any, receive: Any, send: Any) -> None:
        headers = _headers(scope) if scope["type"] == "http" and scope["path"] == "/" else {}
        service = _SERVICES.get(headers.get("x-amz-target", "").partition(".")[0])
        if service is None or not _LONG.isdisjoint(headers) or _inside["_get_reset_lock"]().locked():
            await served(scope, receive, send)
            return
        body = await _body(receive)
        if body is not None:
            key, region = _caller(headers.get("authorization", "").partition(",")[0])
            responses.set_request_account_id(key)
            responses.set_request_region(region)
            await _answer(send, *await _asked(service, headers, body))

    return short


def _headers(scope: Any) -> Mapping[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


async def _body(receive: Any) -> bytes | None:
    """None if the caller is gone."""
    parts = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


@lru_cache
def _caller(credential: str) -> tuple[str, str]:
    """The access key with which a call is signed, and its region."""
    headers = {"authorization": credential}
    return router.extract_access_key_id(headers, {}), router.extract_region(headers, {})


async def _asked(service: str, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
    status, about, answer = await _inside["SERVICE_HANDLERS"][service]("POST", "/", headers, body, {})
    _inside["fix_error_content_type"](service, status, about)
    _inside["fix_success_content_type"](service, status, about)
    return status, about, answer if isinstance(answer, bytes) else answer.encode()


async def _answer(send: Any, status: int, about: Mapping[str, str], answer: bytes) -> None:
    lines = {**about, "content-length": str(len(answer)), "x-amzn-requestid": f"{next(_numbers):032x}"}
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in lines.items()]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": answer, "more_body": False})
