"""Follows the events of an agency over the socket, and posts them to an address of one's own, as endpoints get them.

The socket is quick and the log complete: what was missed is read from `GET /events`, from the cursor known last.
"""

import base64
import json
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import websocket
from palabre_client import Problem
from standardwebhooks import Webhook

from palabre_cli.session import Session

Json = dict[str, Any]
_SILENCE = 60.0  # after so many seconds without a frame one asks whether anything was missed
_LONGEST_PAUSE = 60.0
_KNOWN = 2000
_PASSING = (429, 502, 503, 504)


class Done(Exception):
    """As many events came as were wanted."""


@dataclass
class Listener:
    """`cursor` is where to go on from; `filters` are those of `GET /events`. Each event is shown once."""

    session: Session
    show: Callable[[Json], None]
    filters: Json
    cursor: str = "now"
    note: Callable[[str], object] = lambda said: None
    sequence: int = 0
    known: OrderedDict[str, None] = field(default_factory=OrderedDict)

    def follow(self) -> None:
        """For ever, or until `show` raises. Between two sockets the log is read."""
        failures = 0
        while True:
            try:
                self.read_on()
                for frame in self._frames():
                    self._hear(frame)
                    failures = 0
            except (websocket.WebSocketException, OSError, httpx.HTTPError) as failure:
                failures += 1
                self.note(f"The socket ended ({type(failure).__name__}); what is missed is read from the log.")
            except Problem as problem:
                if problem.status not in _PASSING:
                    raise
                failures += 1
            if failures:
                # Nothing tells when it is worth trying again: so longer each time, and not all programs at once.
                time.sleep(min(_LONGEST_PAUSE, 2.0**failures) * secrets.randbelow(1000) / 1000)

    def read_on(self) -> None:
        """Shows what the log has behind the cursor."""
        while True:
            try:
                page = self.session.ask("GET", "/events", after=self.cursor, **self.filters)
            except Problem as problem:
                if problem.code != "resync_required":
                    raise
                self.cursor = problem.details["cursor"]
                continue
            self._take(page["items"], page["cursor"])
            if not page["more"]:
                return

    def _frames(self) -> Iterator[Json]:
        """What one socket says, until it is to be left."""
        given = self.session.ask("POST", "/socket-tickets")
        socket = websocket.create_connection(
            f"{given['url']}?ticket={given['ticket']}", timeout=_SILENCE, suppress_origin=True
        )
        try:
            plural = {"brand": "brands", "type": "types"}
            wanted = {plural[name]: value.split(",") for name, value in self.filters.items()}
            socket.send(json.dumps({"do": "listen", **wanted}))
            while True:
                try:
                    text = socket.recv()
                except websocket.WebSocketTimeoutException:
                    socket.send(json.dumps({"do": "ping"}))
                    continue
                if not text:
                    return
                frame: Json = json.loads(text)
                yield frame
                if frame["type"] == "closing":
                    raise websocket.WebSocketConnectionClosedException(frame["code"])
                if frame["type"] == "reconnect":
                    return
        finally:
            socket.close()

    def _hear(self, frame: Json) -> None:
        if frame["type"] == "events":
            self._take(frame["events"], frame["cursor"])
        if frame["type"] == "listening":
            self.note("Listening.")
        missed = frame["type"] == "pong" and frame["sequence"] > self.sequence
        if missed or frame["type"] in ("listening", "behind"):
            self.read_on()
        self.sequence = max(self.sequence, frame.get("sequence", 0))

    def _take(self, events: list[Json], cursor: str) -> None:
        for event in events:
            if event["id"] not in self.known:
                self.known[event["id"]] = None
                self.show(event)
        while len(self.known) > _KNOWN:
            self.known.popitem(last=False)
        self.cursor = cursor


@dataclass(frozen=True)
class Forwarder:
    """Posts events to an address, signed with the secret as Standard Webhooks says."""

    address: str
    secret: str

    def post(self, event: Json) -> int:
        """The status of the answer; 0 if there was none."""
        body = json.dumps({"type": event["type"], "timestamp": event["at"], "data": event}, separators=(",", ":"))
        now = datetime.now(UTC)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": event["id"],
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(self.secret).sign(event["id"], now, body),
        }
        try:
            return httpx.post(self.address, content=body.encode(), headers=headers, timeout=15).status_code
        except httpx.HTTPError:
            return 0


def new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
