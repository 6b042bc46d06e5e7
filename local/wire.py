"""Functions on this machine call the emulator's DynamoDB and SQS over a plain connection that stays open.

botocore builds, signs, checks and repeats their calls, and reads the answers, as it does on AWS. Only the sending is
replaced: urllib3 and http.client, made for any server, take as long as the call itself.
"""

import select
import socket
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

_MARKS = ("DynamoDB_20120810.", "AmazonSQS.")  # of calls that are small, and so are their answers
_CONNECT_SECONDS, _ANSWER_SECONDS = 2.0, 5.0
_PART = 1 << 16
_idle: dict[str, list[socket.socket]] = {}


class Body(NamedTuple):
    """The body of an answer, in the form that botocore reads."""

    content: bytes

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self.content


def install() -> None:
    """From now on, every client that botocore makes in this process sends these calls through this module."""
    from botocore import handlers

    hooks: list[Any] = handlers.BUILTIN_HANDLERS
    hooks.append(("before-send", answer))


def answer(request: Any, **_: object) -> Any:
    """An answer in botocore's form; None for a call that botocore sends itself. Raises botocore's connection errors."""
    from botocore import awsrequest, exceptions

    target = request.headers.get("X-Amz-Target", b"")
    target = target.decode() if isinstance(target, bytes) else target
    if not target.startswith(_MARKS) or not request.url.startswith("http://127.0.0.1:"):
        return None
    try:
        status, headers, body = ask(urlsplit(request.url).netloc, _head(request), request.body)
    except TimeoutError as late:
        raise exceptions.ReadTimeoutError(endpoint_url=request.url, error=late) from late
    except ConnectionRefusedError as refused:
        raise exceptions.EndpointConnectionError(endpoint_url=request.url, error=refused) from refused
    except (OSError, ValueError) as broken:
        raise exceptions.ConnectionClosedError(endpoint_url=request.url, request=request, error=broken) from broken
    return awsrequest.AWSResponse(request.url, status, headers, Body(body))


def _head(request: Any) -> bytes:
    place = urlsplit(request.url)
    headers = {"Host": place.netloc, **{name: _text(value) for name, value in request.headers.items()}}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{request.method} {place.path or '/'} HTTP/1.1\r\n{lines}\r\n".encode("latin-1")


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def ask(
    host: str, head: bytes, body: bytes, *, seconds: float = _ANSWER_SECONDS
) -> tuple[int, Mapping[str, str], bytes]:
    """Sends a request, and gives the answer's status, headers and body.

    Raises OSError, which is a TimeoutError if a part of the answer takes longer than that many seconds. Raises
    ValueError for an answer without a content length.
    """
    connection = _connected(host)
    try:
        connection.settimeout(seconds)
        connection.sendall(head + body)
        answer = _answered(connection)
    except BaseException:
        connection.close()
        raise
    _idle.setdefault(host, []).append(connection)
    return answer


def _connected(host: str) -> socket.socket:
    """A connection that is still open; another thread never gets the same."""
    idle = _idle.get(host, [])
    while idle:
        try:
            connection = idle.pop()
        except IndexError:
            break  # another thread took the last
        if not select.select([connection], [], [], 0)[0]:
            return connection
        connection.close()  # nobody asked anything, so what is to be read is its end
    name, _, port = host.partition(":")
    connection = socket.create_connection((name, int(port)), _CONNECT_SECONDS)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _answered(connection: socket.socket) -> tuple[int, Mapping[str, str], bytes]:
    came = b""
    while (end := came.find(b"\r\n\r\n")) < 0:
        came += _more(connection)
    first, *lines = came[:end].decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = int(headers.get("content-length", "unknown"))
    parts, left = [came[end + 4 :]], length - (len(came) - end - 4)
    while left > 0:
        parts.append(_more(connection))
        left -= len(parts[-1])
    return int(first.split(" ", 2)[1]), headers, b"".join(parts)


def _more(connection: socket.socket) -> bytes:
    part = connection.recv(_PART)
    if not part:
        raise ConnectionResetError("The server ended the connection.")
    return part
