"""A client of the product's sockets that speaks to them as a browser does."""

import json
import socket
import struct
from collections.abc import Iterator, Mapping
from typing import Any, Self
from urllib.parse import urlsplit

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Ping, RejectConnection, Request, TextMessage

Json = Mapping[str, Any]
PATIENCE_SECONDS = 90.0


class Refused(Exception):
    """Raised when the gateway did not open the socket."""


class Closed(Exception):
    """Raised when the other side has closed the socket."""


class Listener:
    """An open socket. Frames that came but were not asked for are kept, in their order."""

    def __init__(self, url: str, origin: str = "") -> None:
        parts = urlsplit(url)
        self._socket = socket.create_connection((parts.hostname or "", parts.port or 80), timeout=PATIENCE_SECONDS)
        self._connection = WSConnection(ConnectionType.CLIENT)
        self._events: Iterator[Any] = self._received()
        self.kept: list[Json] = []
        self.heard: list[Json] = []
        headers = [(b"Origin", origin.encode())] if origin else []
        request = Request(host=parts.netloc, target=f"{parts.path}?{parts.query}", extra_headers=headers)
        self._socket.sendall(self._connection.send(request))
        if not isinstance(next(self._events), AcceptConnection):
            self._socket.close()
            raise Refused

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def says(self, frame: Any) -> None:
        """Sends a text as it is, anything else as JSON."""
        text = frame if isinstance(frame, str) else json.dumps(frame)
        self._socket.sendall(self._connection.send(TextMessage(text)))

    def hears(self, kind: str, **parts: Any) -> Json:
        """Waits for the first frame of that type with these parts. Raises Closed if the socket ends before."""

        def fits(frame: Json) -> bool:
            return frame["type"] == kind and all(frame.get(name) == part for name, part in parts.items())

        for number, frame in enumerate(self.kept):
            if fits(frame):
                return self.kept.pop(number)
        while True:
            frame = self.next_frame()
            if fits(frame):
                return frame
            self.kept.append(frame)

    def asks(self, frame: Any, kind: str) -> Json:
        """Sends the frame, and waits for an answer of that type."""
        self.says(frame)
        return self.hears(kind)

    def ends(self) -> list[Json]:
        """Waits for the end of the socket, and gives all frames until then."""
        try:
            while True:
                self.kept.append(self.next_frame())
        except Closed:
            return self.kept

    def cuts(self) -> None:
        """Breaks the connection without closing it, like a page that loses its network."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()

    def next_frame(self) -> Json:
        """Waits for the next frame. Raises Closed if the socket ends before."""
        text = ""
        for event in self._events:
            if isinstance(event, TextMessage):
                text += event.data
                if event.message_finished:
                    frame: Json = json.loads(text)
                    return frame
            elif isinstance(event, Ping):
                self._socket.sendall(self._connection.send(event.response()))
        raise Closed

    def _received(self) -> Iterator[Any]:
        while True:
            data = self._socket.recv(65536)
            self._connection.receive_data(data or None)
            for event in self._connection.events():
                if isinstance(event, CloseConnection):
                    return
                yield event
                if isinstance(event, RejectConnection):
                    return
            if not data:
                return
