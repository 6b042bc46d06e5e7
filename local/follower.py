"""A terminal that follows events over a socket, can be unplugged, and then continues where it was."""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from local.day import Day
from local.listener import Closed, Listener, Refused

Json = Mapping[str, Any]


class Follower:
    """Keeps the ids of all events it got, in order and each once; `show` is called with each event."""

    def __init__(self, day: Day, show: Callable[[Json], None]) -> None:
        self._day, self._show = day, show
        self._cursor = str(day.get("/events", after="now", detail="thin")["cursor"])
        self._start = self._cursor
        self.told: dict[str, Json] = {}
        self._listener: Listener | None = None
        self._thread: threading.Thread | None = None

    def plug(self) -> int:
        """Opens the socket and reads the missed events; gives their number."""
        ticket = self._day.post("owner", "/socket-tickets", {})
        self._listener = Listener(f"{ticket['url']}?ticket={ticket['ticket']}")
        self._listener.asks({"do": "listen"}, "listening")
        missed = self._catch_up()
        self._thread = threading.Thread(target=self._follow, args=(self._listener,), daemon=True)
        self._thread.start()
        return missed

    def unplug(self) -> None:
        """Cuts the connection without closing it."""
        if self._listener and self._thread:
            self._listener.cuts()
            self._thread.join()

    def lacks(self) -> Sequence[str]:
        """The ids of events in the log since the beginning that it did not get."""
        events, _ = self._read(self._start, detail="thin", limit=1000)
        return [event["id"] for event in events if event["id"] not in self.told]

    def _follow(self, listener: Listener) -> None:
        try:
            while True:
                frame = listener.next_frame()
                if frame["type"] == "events":
                    self._take(frame["events"])
                    self._cursor = frame["cursor"]
                elif frame["type"] == "behind":
                    self._catch_up()
        except (Closed, Refused, OSError):
            return

    def _catch_up(self) -> int:
        events, self._cursor = self._read(self._cursor)
        return self._take(events)

    def _read(self, cursor: str, **query: Any) -> tuple[list[Json], str]:
        """All events after the cursor, and the cursor at the end of the log."""
        events: list[Json] = []
        while True:
            page = self._day.get("/events", after=cursor, **{"limit": 200, **query})
            events, cursor = events + page["items"], page["cursor"]
            if not page["more"]:
                return events, cursor

    def _take(self, events: Sequence[Json]) -> int:
        new = [event for event in events if event["id"] not in self.told]
        for event in new:
            self.told[event["id"]] = event
            self._show(event)
        return len(new)
