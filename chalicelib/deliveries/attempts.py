"""One attempt to deliver one event: the post, and its result."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.deliveries import schedule
from chalicelib.outside import addresses, calls, connections
from chalicelib.outside.addresses import Refused
from chalicelib.outside.connections import Unreached, Way
from chalicelib.webhooks import signatures

LARGEST_PAYLOAD = 256 << 10
LARGEST_ANSWER = 16 << 10
LONGEST_SECONDS = 15.0
MOST_EXCERPT = 1024
CAUSED_BY = "Palabre-Caused-By"
GONE = 410


@dataclass(frozen=True)
class Receiver:
    """An endpoint's address, its own headers, and the secrets with which posts are signed."""

    endpoint: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: Sequence[str] = field(default=(), repr=False)


@dataclass(frozen=True)
class Result:
    """The result of an attempt. `status` is 0 if there was no answer; then `reason` says why.

    `excerpt` is the beginning of the answer. `wait` is how many ms the receiver asks us to wait.
    """

    status: int = 0
    reason: str = ""
    ms: int = 0
    excerpt: str = ""
    wait: int = 0

    @property
    def succeeded(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """True if the receiver answered 410: it wants nothing more."""
        return self.status == GONE


def payload(event: Mapping[str, Any]) -> bytes:
    """The body that is posted for an event; its `data` is left out if the body would be too large."""
    body = _body(event)
    thin = {name: value for name, value in event.items() if name != "data"}
    return body if len(body) <= LARGEST_PAYLOAD else _body(thin)


def _body(event: Mapping[str, Any]) -> bytes:
    content = {"type": event["type"], "timestamp": event["at"], "data": event}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def post(receiver: Receiver, id: str, body: bytes, now: int, way: Way = connections.OUT) -> Result:
    """Posts the body once, at `now` (ms). Errors of the other side are a result and never raised."""
    began = time.monotonic()
    headers = {
        "User-Agent": "Palabre",
        **receiver.headers,
        "Content-Type": "application/json",
        CAUSED_BY: receiver.endpoint,
        **signatures.headers(id, body, receiver.secrets, now),
    }
    try:
        answer = calls.call(
            addresses.receiver(receiver.url), "POST", headers, body, seconds=LONGEST_SECONDS, largest=LARGEST_ANSWER,
            way=way,
        )  # fmt: skip
    except Refused as refused:
        return Result(reason=f"refused_{refused.rule}", ms=_elapsed(began))
    except Unreached as unreached:
        return Result(reason=unreached.reason, ms=_elapsed(began))
    result = Result(answer.status, "status", _elapsed(began), excerpt(answer.body))
    if result.succeeded:
        return replace(result, reason="")
    return replace(result, wait=schedule.wait_asked_for(answer.headers.get("retry-after", ""), now))


def excerpt(body: bytes) -> str:
    """The beginning of a body as text. Bytes that are no text, and control characters, are written as escapes."""
    text = body[:MOST_EXCERPT].decode("utf-8", "backslashreplace")
    return "".join(letter if letter.isprintable() or letter in "\n\t" else ascii(letter)[1:-1] for letter in text)[
        :MOST_EXCERPT
    ]


def _elapsed(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
