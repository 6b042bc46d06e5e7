"""Connects to a place that a stranger chose: to the very IP address that was checked, all within one deadline.

So a name cannot point elsewhere between the check and the connection, and slow name servers, handshakes or senders
cannot keep us longer than the deadline. Proxies that the process is configured with are not used.
"""

import io
import socket
import ssl
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from threading import Thread
from typing import Any

from chalicelib.outside import addresses
from chalicelib.outside.addresses import Place, Refused

LookUp = Callable[..., Any]  # as `socket.getaddrinfo`
MOST_ANSWERS = 16
_LONGEST_CONNECT_SECONDS = 3.0


class Unreached(Exception):
    """Raised when no answer came. `reason` is name, connection, tls, timeout or answer."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Deadline:
    """The time by which a call must be over, counted from now."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """The remaining seconds. Raises TimeoutError if there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


@cache
def _context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


@dataclass(frozen=True)
class Way:
    """How names are looked up, certificates checked and IP addresses judged; tests use other ways."""

    look_up: LookUp = socket.getaddrinfo
    context: Callable[[], ssl.SSLContext] = _context
    is_inside: Callable[[str], bool] = addresses.is_inside


OUT = Way()


def check(place: Place, deadline: Deadline, way: Way = OUT) -> list[tuple[str, int]]:
    """The IP addresses of the place as it is now. Raises Refused if one of them is inside, and Unreached."""
    return _checked(_looked_up(place, deadline, way.look_up), place, way)


def connect(place: Place, deadline: Deadline, way: Way = OUT) -> socket.socket:
    """A connection to the place as it is now. Raises Refused if one of its addresses is inside, and Unreached."""
    connection = _connected(check(place, deadline, way), deadline)
    if place.scheme == "http":
        return connection
    try:
        connection.settimeout(deadline.left())
        return way.context().wrap_socket(connection, server_hostname=place.host)
    except TimeoutError:
        connection.close()
        raise
    except (OSError, ValueError) as error:
        connection.close()
        raise Unreached("tls") from error


def _connected(socket_addresses: list[tuple[str, int]], deadline: Deadline) -> socket.socket:
    """A connection to the first address that accepts one, within three seconds for all of them."""
    within = Deadline(min(deadline.left(), _LONGEST_CONNECT_SECONDS))
    for address in socket_addresses:
        try:
            return socket.create_connection(address, within.left())
        except OSError as error:
            failure = error
    raise Unreached("timeout" if isinstance(failure, TimeoutError) else "connection") from failure


def _looked_up(place: Place, deadline: Deadline, look_up: LookUp) -> list[Any]:
    """A look-up cannot be interrupted; one that takes too long is left behind in a daemon thread."""
    answer: Future[list[Any]] = Future()
    Thread(target=_answer, args=(answer, look_up, place), daemon=True).start()
    try:
        return answer.result(deadline.left())
    except TimeoutError:
        raise
    except ValueError as error:  # no such name can be
        raise Refused("name") from error
    except OSError as error:
        raise Unreached("name") from error


def _answer(answer: "Future[list[Any]]", look_up: LookUp, place: Place) -> None:
    try:
        answer.set_result(look_up(place.host, place.port, type=socket.SOCK_STREAM))
    except (OSError, ValueError) as error:
        answer.set_exception(error)


def _checked(entries: list[Any], place: Place, way: Way) -> list[tuple[str, int]]:
    """The first sixteen addresses of the name. A single bad address makes all of them bad."""
    socket_addresses = [(str(entry[4][0]), int(entry[4][1])) for entry in entries[:MOST_ANSWERS]]
    if not socket_addresses:
        raise Unreached("name")
    if not place.trusted and any(way.is_inside(address) for address, _ in socket_addresses):
        raise Refused("inside")
    return socket_addresses


class TooMuch(OSError):
    """Raised when the other side sent more than it may."""


class InTime(io.RawIOBase):
    """A connection in the form that `HTTPResponse` reads: reads are limited to the remaining time and to a number of
    bytes.
    """

    def __init__(self, connection: socket.socket, deadline: Deadline, most: int) -> None:
        self._connection, self._deadline, self.left = connection, deadline, most

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self.left <= 0:
            raise TooMuch
        self._connection.settimeout(self._deadline.left())
        count = self._connection.recv_into(buffer)
        self.left -= count
        return count
