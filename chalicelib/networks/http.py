"""All calls to the networks' APIs. A failure before anything was written is `Unreachable`, after it `Unknown`.

Nothing is retried and no redirect is followed: only the caller knows whether a repeat is safe.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

import urllib3

from chalicelib import settings
from chalicelib.networks import base

LARGEST_ANSWER_BYTES = 1 << 20
UNKNOWN_TYPE = "application/octet-stream"


@dataclass(frozen=True)
class Response:
    """A network's answer; `json` is {} when the body is not a JSON object."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Mapping[str, Any] = field(default_factory=dict)


@cache
def _pool() -> urllib3.PoolManager:
    return urllib3.PoolManager(maxsize=10, retries=False, timeout=urllib3.Timeout(connect=2, read=6, total=8))


def call(
    network: str,
    method: str,
    host: str,
    path: str,
    *,
    token: str = "",
    query: Mapping[str, str] | None = None,
    body: Mapping[str, Any] | None = None,
    files: Mapping[str, base.Loaded] | None = None,
) -> Response:
    """Calls `https://{host}{path}`, or the address the settings give that network; Bearer `token`, JSON `body`.

    With `files`, all goes as a form (multipart/form-data), in which what is no text is JSON.

    Raises Unreachable when nothing can have been written, Unknown when it may have been.
    """
    headers = {"Accept": "application/json", "User-Agent": "palabre"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    content = None
    if files:
        content, headers["Content-Type"] = _form(body or {}, files)
    elif body is not None:
        content, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
    url = address(network, host) + path + (f"?{urlencode(query)}" if query else "")
    try:
        answer = _pool().request(method, url, headers=headers, body=content, redirect=False, preload_content=False)
        raw = answer.read(LARGEST_ANSWER_BYTES, decode_content=True)
        answer.release_conn()
    except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError) as refused:
        raise base.Unreachable("The network cannot be reached.", code="connect") from refused
    except urllib3.exceptions.HTTPError as cut:
        outcome = base.Unreachable if method == "GET" else base.Unknown
        raise outcome("The network did not answer in time.", code="timeout") from cut
    return Response(answer.status, answer.headers, _object(raw))


def _form(body: Mapping[str, Any], files: Mapping[str, base.Loaded]) -> tuple[bytes, str]:
    fields: list[tuple[str, Any]] = [
        (name, value if isinstance(value, str) else json.dumps(value)) for name, value in body.items()
    ]
    fields += [(name, (file.name or "file", file.content, file.mime or UNKNOWN_TYPE)) for name, file in files.items()]
    return urllib3.encode_multipart_formdata(fields)


def address(network: str, host: str) -> str:
    """`https://{host}`, unless the settings give the network another address, such as that of its double."""
    return settings.get().address(network, host)


def _object(raw: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
