"""Fetches a file from an address that a stranger chose: https only, public addresses only, no redirects, limited size.

We connect to the very IP address that was checked, so a DNS name cannot point elsewhere in between. There is one
deadline for all of it, however slowly the other side's name servers answer and the other side sends.
"""

import io
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse
from threading import Thread
from typing import Any, cast
from urllib.parse import SplitResult, quote, urlsplit

from chalicelib import settings

LookUp = Callable[..., Any]  # as `socket.getaddrinfo`
LARGEST_BYTES = 25 << 20
LONGEST_SECONDS = 10.0
_LONGEST_CONNECT_SECONDS = 3.0
_PIECE_BYTES = 1 << 16
# `ipaddress` counts these as global, but they can lead inside: translation, tunnelling, documentation, multicast.
_NOT_PUBLIC = [
    ipaddress.ip_network(block)
    for block in (
        "100.64.0.0/10", "192.88.99.0/24", "224.0.0.0/4", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64",
        "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10", "ff00::/8",
    )
]  # fmt: skip


class Blocked(Exception):
    """The address must not be fetched, or the file is too large to be kept."""


class Unavailable(Exception):
    """There is no such file; another try does not help."""


class Passing(Unavailable):
    """The file could not be fetched now; another try may help."""


def is_inside(address: str) -> bool:
    """True for an IP address that is not on the public internet, also when it is written as an IPv6 address."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return not ip.is_global or any(ip in block for block in _NOT_PUBLIC if block.version == ip.version)


def get(
    url: str, headers: Mapping[str, str], seconds: float = LONGEST_SECONDS, look_up: LookUp = socket.getaddrinfo
) -> bytes:
    """Fetches the file at `url` within so many seconds. May raise Blocked or Unavailable."""
    deadline = _Deadline(seconds)
    try:
        with _connected(urlsplit(url), deadline, look_up) as connection:
            return _read(connection, urlsplit(url), headers, deadline)
    except (OSError, HTTPException) as error:
        raise Passing("connection") from error
    except ValueError as error:  # no such port, host or character can be
        raise Blocked("address") from error


class _Deadline:
    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """The seconds that are left. Raises TimeoutError if none are."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def _connected(parts: SplitResult, deadline: _Deadline, look_up: LookUp) -> socket.socket:
    host, port = parts.hostname or "", parts.port
    allowed = f"{parts.scheme}://{parts.netloc}" in settings.get().media_hosts
    plain_https = parts.scheme == "https" and not parts.username and port in (None, 443)
    if not host or not (allowed or plain_https):
        raise Blocked("address")
    address = _address(_looked_up(host, port or 443, deadline, look_up), allowed=allowed)
    connection = socket.create_connection((address, port or 443), min(deadline.left(), _LONGEST_CONNECT_SECONDS))
    if parts.scheme == "http":
        return connection
    connection.settimeout(deadline.left())
    return _context().wrap_socket(connection, server_hostname=host)


@cache
def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


def _looked_up(host: str, port: int, deadline: _Deadline, look_up: LookUp) -> list[Any]:
    """Nothing can end a look-up; one that takes too long is left behind in a thread that keeps nobody."""
    answer: Future[list[Any]] = Future()
    Thread(target=_answer, args=(answer, look_up, host, port), daemon=True).start()
    try:
        return answer.result(deadline.left())
    except OSError as error:
        raise Passing("name") from error


def _answer(answer: "Future[list[Any]]", look_up: LookUp, host: str, port: int) -> None:
    try:
        answer.set_result(look_up(host, port, type=socket.SOCK_STREAM))
    except (OSError, ValueError) as error:
        answer.set_exception(error)


def _address(entries: list[Any], *, allowed: bool) -> str:
    addresses = [str(socket_address[0]) for *_, socket_address in entries]
    if not addresses or (not allowed and any(is_inside(address) for address in addresses)):
        raise Blocked("inside")
    return addresses[0]


def _read(connection: socket.socket, parts: SplitResult, headers: Mapping[str, str], deadline: _Deadline) -> bytes:
    connection.settimeout(deadline.left())
    _ask(connection, parts, headers)
    reads_in_time = cast(socket.socket, _InTime(connection, deadline))  # of a socket, it uses `makefile` only
    answer = HTTPResponse(reads_in_time, method="GET")
    answer.begin()
    if answer.status != 200:
        may_pass = answer.status >= 500 or answer.status == 429
        raise (Passing if may_pass else Unavailable)(f"status {answer.status}")
    body = bytearray()
    while piece := answer.read1(_PIECE_BYTES):
        body += piece
        if len(body) > LARGEST_BYTES:
            raise Blocked("size")
    if answer.length:
        raise Passing("short")
    return bytes(body)


def _ask(connection: socket.socket, parts: SplitResult, headers: Mapping[str, str]) -> None:
    path = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe="/?%:@!$&'()*+,;=~-._[]")
    request = HTTPConnection(parts.hostname or "")
    request.sock = connection
    request.putrequest("GET", path, skip_host=True, skip_accept_encoding=True)
    for name, value in {**headers, "Host": parts.netloc, "Connection": "close"}.items():
        request.putheader(name, value)
    request.endheaders()


class _InTime(io.RawIOBase):
    """A connection as `HTTPResponse` reads it: before each read, the socket is given only the time that is left."""

    def __init__(self, connection: socket.socket, deadline: _Deadline) -> None:
        self._connection, self._deadline = connection, deadline

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._connection.settimeout(self._deadline.left())
        return self._connection.recv_into(buffer)
