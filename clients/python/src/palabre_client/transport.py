"""How requests are made: with a token, again where that does nothing twice, and with problems raised."""

import json
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import httpx

_LONGEST_WAIT = 60.0


class Problem(Exception):
    """A refusal (RFC 9457). Go by its `code`; `details` has all of it."""

    def __init__(self, status: int, details: Mapping[str, Any]) -> None:
        self.status = status
        self.details = details
        self.code: str = details.get("code", "unreadable")
        self.field: str = details.get("field", "")
        self.request_id: str = details.get("request_id", "")
        super().__init__(f"{status} {self.code}: {details.get('detail') or details.get('title', '')}")


class Transport(httpx.BaseTransport):
    """Asks again what may be repeated: reads, and writes with an Idempotency-Key, which is made once for each POST."""

    def __init__(
        self,
        inner: httpx.BaseTransport,
        token: str | Callable[[], str],
        *,
        agency: str = "",
        attempts: int = 4,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._inner, self._token, self._agency = inner, token, agency
        self._attempts, self._sleep = attempts, sleep

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self._prepare(request)
        repeatable = request.method == "GET" or "Idempotency-Key" in request.headers
        attempts = self._attempts if repeatable else 1
        for attempt in range(1, attempts + 1):
            wait: float | None = 0.25 * 2**attempt
            try:
                response = self._inner.handle_request(request)
                response.read()
            except httpx.TransportError:
                if attempt == attempts:
                    raise
            else:
                problem = _problem(response)
                wait = _pause(response, problem, wait) if problem else None
                if problem and (wait is None or attempt == attempts):
                    raise problem
                if not problem:
                    return response
            self._sleep(min(wait or 0.0, _LONGEST_WAIT))
        raise AssertionError

    def _prepare(self, request: httpx.Request) -> None:
        token = self._token if isinstance(self._token, str) else self._token()
        request.headers["Authorization"] = f"Bearer {token}"
        if self._agency:
            request.headers.setdefault("Palabre-Agency", self._agency)
        if request.method == "POST":
            request.headers.setdefault("Idempotency-Key", str(uuid.uuid4()))

    def close(self) -> None:
        self._inner.close()


def _problem(response: httpx.Response) -> Problem | None:
    if response.status_code < 400:
        return None
    try:
        details = json.loads(response.content)
    except ValueError:
        details = {}
    return Problem(response.status_code, details if isinstance(details, dict) else {})


def _pause(response: httpx.Response, problem: Problem, usual: float | None) -> float | None:
    """How many seconds to wait before asking again; None where that would change nothing."""
    if response.status_code not in (429, 503) and problem.code != "idempotency_in_flight":
        return None
    after = response.headers.get("Retry-After", "")
    return float(after) if after.isdigit() else usual
