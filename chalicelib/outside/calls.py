"""One request to a place that a stranger chose, and its answer. Redirects are not followed, and nothing is unpacked."""

import socket
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import cast

from chalicelib.outside import connections
from chalicelib.outside.addresses import Place, Refused
from chalicelib.outside.connections import Deadline, InTime, Unreached, Way

LARGEST_HEADERS = 64 << 10
_PIECE_BYTES = 1 << 16


@dataclass(frozen=True)
class Answer:
    """An answer: the first bytes of the body as they were sent, and whether that is all of it.

    Header names are in lower case; of a header that comes twice the first value counts.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    is_whole: bool = True


def call(
    place: Place,
    verb: str,
    headers: Mapping[str, str],
    body: bytes | None = None,
    *,
    seconds: float,
    largest: int,
    way: Way = connections.OUT,
) -> Answer:
    """Makes one request, within that many seconds in all, and reads at most `largest` bytes of the answer's body.

    Raises Refused if the place must not be called after all, Unreached if no whole answer came.
    """
    deadline = Deadline(seconds)
    try:
        with connections.connect(place, deadline, way) as connection:
            _ask(connection, place, verb, headers, body, deadline)
            return _read(connection, verb, deadline, largest)
    except TimeoutError as error:
        raise Unreached("timeout") from error
    except ConnectionError as error:
        raise Unreached("connection") from error
    except (connections.TooMuch, HTTPException) as error:
        raise Unreached("answer") from error
    except OSError as error:
        raise Unreached("connection") from error
    except ValueError as error:
        raise error if isinstance(error, Refused) else Unreached("answer") from error


def _ask(
    connection: socket.socket,
    place: Place,
    verb: str,
    headers: Mapping[str, str],
    body: bytes | None,
    deadline: Deadline,
) -> None:
    request = HTTPConnection("outside")
    request.sock = connection
    request.putrequest(verb, place.path, skip_host=True, skip_accept_encoding=True)
    length = {} if body is None else {"Content-Length": str(len(body))}
    ours = {"Host": place.authority, "Accept-Encoding": "identity", "Connection": "close", **length}
    for name, value in {**headers, **ours}.items():
        request.putheader(name, value)
    connection.settimeout(deadline.left())
    with suppress(BrokenPipeError, ConnectionResetError):  # who does not want all of it may have answered already
        request.endheaders(body)


def _read(connection: socket.socket, verb: str, deadline: Deadline, largest: int) -> Answer:
    source = InTime(connection, deadline, LARGEST_HEADERS)
    with closing(HTTPResponse(cast(socket.socket, source), method=verb)) as answer:  # it uses `makefile` only
        answer.begin()
        source.left = 2 * (largest + _PIECE_BYTES)  # a body that comes in pieces has their lengths around them
        body = bytearray()
        while len(body) <= largest and (piece := answer.read1(_PIECE_BYTES)):
            body += piece
        is_whole = len(body) <= largest
        if is_whole and answer.length:
            raise Unreached("connection")
        headers = {name.lower(): value for name, value in reversed(answer.getheaders())}
        return Answer(answer.status, headers, bytes(body[:largest]), is_whole)
