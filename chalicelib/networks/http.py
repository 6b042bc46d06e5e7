"""All calls to the networks' APIs. A failure before anything was written is `Unreachable`, after it `Unknown`.

Nothing is retried and no redirect is followed: only the caller knows whether a repeat is safe. A host that a user named
is called only if a stranger may name that address (`outside.addresses`).
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

import urllib3

from chalicelib import settings
from chalicelib.networks import base
from chalicelib.outside import addresses, calls
from chalicelib.outside.connections import Unreached

LARGEST_ANSWER_BYTES = 1 << 20
LONGEST_SECONDS = 8.0
_MOST_DIGITS = 12
UNKNOWN_TYPE = "application/octet-stream"


@dataclass(frozen=True)
class Response:
    """A network's answer; header names match in any case. `value` is its JSON of any type, None if it is not JSON."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    value: Any = None

    @property
    def json(self) -> Mapping[str, Any]:
        return self.value if isinstance(self.value, dict) else {}

    @property
    def rows(self) -> list[Any]:
        return self.value if isinstance(self.value, list) else []


@cache
def _pool() -> urllib3.PoolManager:
    timeout = urllib3.Timeout(connect=2, read=6, total=LONGEST_SECONDS)
    return urllib3.PoolManager(maxsize=10, retries=False, timeout=timeout)


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
    form: Mapping[str, str] | None = None,
    content: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    is_named: bool = False,
) -> Response:
    """Calls `https://{host}{path}`, or the address the settings give that network; Bearer `token`, JSON `body`.

    With `files`, all goes as multipart/form-data, in which values that are no text are written as JSON. `form` is sent
    URL-encoded, `content` as it is, with a Content-Type among the `headers`. `is_named`: a user named the host.

    Raises Unreachable when nothing can have been written, Unknown when it may have been.
    """
    sent = {"Accept": "application/json", "User-Agent": "palabre"}
    if token:
        sent["Authorization"] = f"Bearer {token}"
    if files:
        content, sent["Content-Type"] = _form(body or {}, files)
    elif form is not None:
        content, sent["Content-Type"] = urlencode(form).encode(), "application/x-www-form-urlencoded"
    elif body is not None:
        content, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
    url = address(network, host) + path + (f"?{urlencode(query)}" if query else "")
    ask = _of_stranger if is_named and network not in settings.get().network_apis else _of_network
    return ask(method, url, {**sent, **(headers or {})}, content)


def counted(answer: Response, prefix: str, ends_at: int) -> list[base.Quota]:
    """The quota by the headers `{prefix}-Limit` and `{prefix}-Remaining`; empty without them."""
    most, left = (_number(answer.headers.get(f"{prefix}-{name}")) for name in ("Limit", "Remaining"))
    if most is None or left is None:
        return []
    return [base.Quota(name="calls", used=max(most - left, 0), most=most, ends_at=ends_at)]


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else None


def _of_network(method: str, url: str, headers: Mapping[str, str], content: bytes | None) -> Response:
    try:
        answer = _pool().request(method, url, headers=headers, body=content, redirect=False, preload_content=False)
        raw = answer.read(LARGEST_ANSWER_BYTES, decode_content=True)
        answer.release_conn()
    except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError) as refused:
        raise base.Unreachable("The network cannot be reached.", code="connect") from refused
    except urllib3.exceptions.HTTPError as cut:
        raise _timeout(method) from cut
    return Response(answer.status, answer.headers, _value(raw))


def _of_stranger(method: str, url: str, headers: Mapping[str, str], content: bytes | None) -> Response:
    try:
        place = addresses.receiver(url)
        answer = calls.call(place, method, headers, content, seconds=LONGEST_SECONDS, largest=LARGEST_ANSWER_BYTES)
    except addresses.Refused as refused:
        raise base.Rejected(
            "The server has no public address that can be called.", code=f"address_{refused.rule}"
        ) from refused
    except Unreached as cut:
        if cut.reason in ("name", "tls"):
            raise base.Unreachable("The server cannot be reached.", code="connect") from cut
        raise _timeout(method) from cut
    return Response(answer.status, urllib3.HTTPHeaderDict(answer.headers), _value(answer.body))


def _timeout(method: str) -> base.Outcome:
    return broken(method)("The network did not answer in time.", code="timeout")


@contextmanager
def repeatable(*, if_so: bool = True) -> Iterator[None]:
    """For calls that do no harm when made twice: raises Unreachable for Unknown, so that they are tried again."""
    try:
        yield
    except base.Unknown as unsure:
        if if_so:
            raise base.Unreachable(unsure.text, code=unsure.code) from unsure
        raise


def broken(method: str) -> type[base.Outcome]:
    """The outcome if the network fails: Unreachable for a GET. Any other method may have written, so Unknown."""
    return base.Unreachable if method == "GET" else base.Unknown


def refusal(
    method: str, answer: Response, statuses: Mapping[int, type[base.Outcome]], text: str, *, pause: float
) -> base.Outcome:
    """The outcome for an answer by its status. A status that is not in the table is a failure from 500 on, and Rejected
    below. `pause` is the wait in seconds when throttled, unless the answer names one.
    """
    kind = statuses.get(answer.status, broken(method) if answer.status >= 500 else base.Rejected)
    after = retry_after(answer, pause) if kind is base.Throttled else 0
    return kind(text, code=str(answer.status), after=after)


def retry_after(answer: Response, otherwise: float) -> float:
    """For how many seconds the network asks us to wait; `otherwise` if it does not say."""
    header = answer.headers.get("Retry-After") or ""
    return float(header) if header.isascii() and header.isdecimal() and header != "0" else otherwise


def _form(body: Mapping[str, Any], files: Mapping[str, base.Loaded]) -> tuple[bytes, str]:
    fields: list[tuple[str, Any]] = [
        (name, value if isinstance(value, str) else json.dumps(value)) for name, value in body.items()
    ]
    fields += [(name, (file.name or "file", file.content, file.mime or UNKNOWN_TYPE)) for name, file in files.items()]
    return urllib3.encode_multipart_formdata(fields)


def address(network: str, host: str) -> str:
    """`https://{host}`, unless the settings give the network another address, such as that of its double."""
    return settings.get().address(network, host)


def _value(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
