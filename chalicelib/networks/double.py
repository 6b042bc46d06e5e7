"""What the networks' doubles share: calls, answers, webhooks, and how people speak on a network. Never shipped."""

import itertools
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Request:
    """A call as it arrived; `json` is {} if the body is not a JSON object. Header names are lower case.

    `search` is the query as it was written, for names that may come several times: `query` has the last of them.
    """

    network: str
    method: str
    host: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    json: Mapping[str, Any]
    raw: bytes = b""
    at: float = field(default_factory=time.time)
    search: str = ""

    @property
    def token(self) -> str:
        return self.headers.get("authorization", "").removeprefix("Bearer ").removeprefix("OAuth ").strip()

    def every(self, name: str) -> list[str]:
        return [value for key, value in parse_qsl(self.search) if key == name]


@dataclass(frozen=True)
class Answer:
    """`json` is sent as JSON; `raw`, if given, instead of it, as `content_type`."""

    status: int = 200
    json: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    content_type: str = "application/json"


class Fan(Protocol):
    """A person on the network who writes to `account`, as tests/fans.py plays them.

    `top` is the network's id of the first message they wrote, `times` (ms) when they wrote each, by its id.
    """

    id: str
    name: str
    top: str
    times: dict[str, int]

    @property
    def account(self) -> str: ...


Build = Callable[..., tuple[str, dict[str, Any]]]


@dataclass(frozen=True, kw_only=True)
class Voice:
    """Which event of EVENTS, with which fields, stands for what a person does; None for what they cannot do.

    `name(fan, number)` makes the network's id of a message. `says(fan, id, text, at)`, `edits` and `echo` alike,
    `deletes(fan, id, at)`, `reacts(fan, id, emoji, at)` (no emoji: takes it back), `shows(fan, id, is_shown, at)`, and
    `receipts[status](fan, id, at)`. `at` is in ms. `correlation` is the field for our message id in an echo.
    """

    name: Callable[[Fan, str], str]
    says: Build
    surface: str = "dm"
    edits: Build | None = None
    deletes: Build | None = None
    reacts: Build | None = None
    echo: Build | None = None
    shows: Build | None = None
    receipts: Mapping[str, Build] = field(default_factory=dict)
    correlation: str = "correlation"


class Window:
    """For how long each person's last message lets an account answer; knows only messages that this double posted."""

    def __init__(self, hours: int = 24) -> None:
        self._seconds = hours * 3600
        self._last: dict[str, float] = {}

    def opens(self, account: str, person: str, at: float) -> None:
        """The person wrote to the account at that time (seconds). A time before the known one changes nothing."""
        key = f"{account}/{person}"
        self._last[key] = max(at, self._last.get(key, 0.0))

    def is_closed(self, account: str, person: str, hours: int = 0) -> bool:
        """True if the last message is older than the window, or than `hours` if given. False for a person who never
        wrote.
        """
        last = self._last.get(f"{account}/{person}")
        return last is not None and last < time.time() - (hours * 3600 or self._seconds)


class Double(Protocol):
    """What a network's `double.py` offers.

    `CONNECTION` is what to connect an account with (`account`, `credentials`, `details`); `{n}` stands for digits.
    `answer` accepts only what the vendor's documentation accepts and refuses the rest with the vendor's own error body.
    `FAILURES` are the vendor's answers to `expired`, `throttled`, `window_closed`, `gone`, `rejected`, `unavailable`,
    and more by their own names. `EVENTS` build webhook payloads from keyword fields; `sign` gives the headers for one.
    `VOICE` says which event stands for what a person does.

    Some doubles have more. `posted(payload)` gets each webhook, on a network that limits for how long one may answer,
    whose `answer` then refuses late ones; and on a network that is polled, which keeps the payload until it is asked.
    `WRITES` is the path of the call that writes, where a message takes several calls. `wire(payload)` makes the bytes
    on a network that does not post JSON, and `sign` gives their Content-Type then.
    """

    CONNECTION: Mapping[str, Any]
    FAILURES: Mapping[str, Answer]
    EVENTS: Mapping[str, Callable[..., Mapping[str, Any]]]
    VOICE: Voice

    def answer(self, request: Request) -> Answer: ...

    def sign(self, raw: bytes, secret: str) -> Mapping[str, str]: ...


def by(fan: Fan, at: int, **fields: Any) -> dict[str, Any]:
    """The fields of an event that the person causes, `at` in ms."""
    return {"person": fan.id, "at": at, **fields}


def number() -> int:
    """A number that was not given before in this process, for ids."""
    return next(_numbers)


def is_address(url: str) -> bool:
    """True for an https address. A bucket on this machine has none, so its http address counts as one."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost"))


def on_wire(double: Double, payload: Mapping[str, Any]) -> bytes:
    """The payload as that network puts it on the wire: as its double's own `wire` says, if it has one."""
    raw: bytes = getattr(double, "wire", wire)(payload)
    return raw


def wire(payload: Mapping[str, Any]) -> bytes:
    """The payload as Meta and Telegram put it on the wire: compact, ASCII, slashes escaped."""
    return json.dumps(payload, separators=(",", ":")).replace("/", "\\/").encode()
