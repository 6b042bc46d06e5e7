"""What a network's double speaks: the calls it is sent, the answers it gives, the webhooks it posts. Never shipped."""

import itertools
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Request:
    """A call as it arrived; `json` is {} when the body is not a JSON object. Header names are lower case."""

    network: str
    method: str
    host: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    json: Mapping[str, Any]
    raw: bytes = b""
    at: float = field(default_factory=time.time)

    @property
    def token(self) -> str:
        return self.headers.get("authorization", "").removeprefix("Bearer ").strip()


@dataclass(frozen=True)
class Answer:
    """`json` is sent as JSON; `raw`, if given, instead of it, as `content_type`."""

    status: int = 200
    json: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    content_type: str = "application/json"


class Double(Protocol):
    """What a network's `double.py` offers.

    `CONNECTION` is what to connect an account with (`account`, `credentials`, `details`); `{n}` stands for digits.
    `answer` accepts only what the vendor's documentation accepts and refuses the rest with the vendor's own error body.
    `FAILURES` are the vendor's answers to `expired`, `throttled`, `window_closed`, `gone`, `rejected`, `unavailable`,
    and more by their own names. `EVENTS` build webhook payloads from keyword fields; `sign` gives the headers for one.
    """

    CONNECTION: Mapping[str, Any]
    FAILURES: Mapping[str, Answer]
    EVENTS: Mapping[str, Callable[..., Mapping[str, Any]]]

    def answer(self, request: Request) -> Answer: ...

    def sign(self, raw: bytes, secret: str) -> Mapping[str, str]: ...


def number() -> int:
    """A number never given before in this process, for ids."""
    return next(_numbers)


def wire(payload: Mapping[str, Any]) -> bytes:
    """The payload as Meta and Telegram put it on the wire: compact, ASCII, slashes escaped."""
    return json.dumps(payload, separators=(",", ":")).replace("/", "\\/").encode()
