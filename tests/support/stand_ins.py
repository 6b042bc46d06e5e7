"""Stand-ins for what is secret in a call, or another each time: ids, moments, addresses, numbers that nobody else has.

The same value has the same stand-in within one call, and another one for another value. They are of the same form.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.api import schema

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)  # when the call was made
SECRETS = {"token", "secret", "client_secret", "verify_token", "ticket", "previous_secrets", "metadata"}
_ID = re.compile(r"\b([a-z]{3})_[0-9a-z]{10,60}\b")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_NUMBER = re.compile(r"(?<![\d.])(?<![0-9a-f]{4}-)\d{9,15}(?!\d|\.\d)")
_ADDRESS = re.compile(r"\b(https?|wss?)://(?:localhost|127\.0\.0\.1|[\w.-]+:\d+)(?::\d+)?([^\s\"?]*)(\?[^\s\"]*)?")
_STAGE = re.compile(r"^/_aws/[\w-]+/\w+")  # of the emulator
_UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_HEX = re.compile(r"[0-9a-f]{32,}")
_OPAQUE = re.compile(r"([a-z]+-[a-z]+=)?(?=.*\d|.*[A-Z])(?!.*[.]example$)[A-Za-z0-9_+/=.~-]{24,}")
_POOL = re.compile(r"\b([a-z]{2}-[a-z]+-\d)_\w{9}\b")


class StandIns:
    """Those of one call, which was made at that moment."""

    def __init__(self, at: datetime) -> None:
        self._late = NOON - at
        self._known: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def of(self, value: Any, shape: Mapping[str, Any] | None = None, name: str = "") -> Any:
        """The value with stand-ins; `shape` is its schema, if it is known."""
        shape = shape or {}
        if isinstance(value, dict):
            if name == "fields":  # of a signed form
                return {key: self._of_form(key, part) for key, part in value.items()}
            properties = shape.get("properties", {})
            return {self._text(key): self.of(part, properties.get(key), key) for key, part in value.items()}
        if isinstance(value, list):
            return [self.of(part, shape.get("items"), name) for part in value]
        if not isinstance(value, str):
            return value
        return self._secret(value) if schema.SECRET in shape or name in SECRETS else self._text(value)

    def _of_form(self, name: str, value: Any) -> Any:
        return value if name.lower() == "content-type" else f"example-{name.lower()}"

    def _secret(self, value: str) -> str:
        """What tells of which kind it is stays at its beginning, and ids that lead to it."""
        ids, point, _ = value.rpartition(".")
        if point and _ID.match(ids):
            return f"{_ID.sub(self._id, ids)}.example-secret-of-a-link"
        begin = re.match(r"[a-z]{3,5}_(?:[a-z]{4}_)?(?=\S{20})", value)
        page = "https://pages.example.com/" if value.startswith("http") else ""
        return f"{page or (begin[0] if begin else '')}example-secret" if value else value

    def _text(self, text: str) -> str:
        if _HEX.fullmatch(text):
            return self._keep(text, "hex", lambda count: f"{count:x}".rjust(len(text), "0"))
        opaque = _OPAQUE.fullmatch(text)
        if opaque and not any(known.search(text) for known in (_ADDRESS, _MOMENT, _UUID, _ID)):
            return self._keep(text, "opaque", lambda count: f"{opaque[1] or ''}example-{count}")
        for pattern, make in (
            (_ADDRESS, self._address), (_MOMENT, self._moment), (_UUID, self._uuid), (_ID, self._id),
            (_NUMBER, self._number),
        ):  # fmt: skip
            text = pattern.sub(make, text)
        return _POOL.sub(r"\1_example01", text).replace("127.0.0.1", "203.0.113.7")

    def _keep(self, value: str, kind: str, make: Callable[[int], str]) -> str:
        if value not in self._known:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._known[value] = make(self._counts[kind])
        return self._known[value]

    def _id(self, match: re.Match[str]) -> str:
        return self._keep(match[0], match[1], lambda count: f"{match[1]}_01kb2xexample{count}")

    def _number(self, match: re.Match[str]) -> str:
        return self._keep(match[0], "number", lambda count: str(10 ** (len(match[0]) - 1) + count))

    def _uuid(self, match: re.Match[str]) -> str:
        return self._keep(match[0], "uuid", lambda count: f"5f0c1e1a-0000-4000-8000-{count:012}")

    def _moment(self, match: re.Match[str]) -> str:
        there = datetime.fromisoformat(match[0]).astimezone(UTC) + self._late
        seconds = there.replace(microsecond=0) + timedelta(seconds=round(there.microsecond / 1e6))
        return seconds.strftime("%Y-%m-%dT%H:%M:%S.000Z")

    def _address(self, match: re.Match[str]) -> str:
        scheme, path, query = match[1], match[2], match[3] or ""
        if "X-Amz-" in query or "Signature=" in query:
            return self._keep(match[0], "file", lambda count: f"https://files.example.com/{count}")
        if path.startswith("/palabre-local-bucket"):
            return "https://files.example.com"
        return f"{scheme.rstrip('s')}s://api.example.com{_STAGE.sub('', path)}{query}"


def texts(value: Any) -> Iterator[str]:
    """Every text in a value, names of fields too."""
    if isinstance(value, str):
        yield value
    parts = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        yield from texts(part)
