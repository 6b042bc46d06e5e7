"""How requests are made: with a token, again where that does nothing twice, and with problems raised."""

import json
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import httpx

_LONGEST_WAIT = 60.0


class Problem(Exception):
    """A refusal (RFC 9457). Go by its `code`; `details` has all of it, `after` in how many seconds to ask again."""

    def __init__(self, status: int, details: Mapping[str, Any], after: float = 0.0) -> None:
        self.status = status
        self.after = after
        self.details = details
        self.code: str = details.get("code", "unreadable")
        self.field: str = details.get("field", "")
        self.request_id: str = details.get("request_id", "")
        super().__init__(f"{status} {self.code}: {details.get('detail') or details.get('title', '')}")

    @property
    def is_passing(self) -> bool:
        """True if the same request may be taken in a while."""
        return self.status in (429, 503) or self.code == "idempotency_in_flight"


class Transport(httpx.BaseTransport):
    """Asks again what may be repeated: reads, and writes with an Idempotency-Key, which is made once for each POST."""

    def __init__(
        self,
        inner: httpx.BaseTransport,
        token: str | Callable[[], str],
        *,
        agency: str = "",
        attempts: int = 4,
    ) -> None:
        self._inner, self._token, self._agency, self._attempts = inner, token, agency, attempts

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self._prepare(request)
        is_repeatable = request.method == "GET" or "Idempotency-Key" in request.headers
        attempts = self._attempts if is_repeatable else 1
        for attempt in range(1, attempts):
            wait = 0.25 * 2**attempt
            try:
                return self._once(request)
            except httpx.TransportError:
                pass
            except Problem as problem:
                if not problem.is_passing:
                    raise
                wait = problem.after or wait
            time.sleep(min(wait, _LONGEST_WAIT))  # as long as the API asks for, or longer each time
        return self._once(request)

    def _once(self, request: httpx.Request) -> httpx.Response:
        """The answer of one try. Raises Problem for a refusal, TransportError if there is none."""
        response = self._inner.handle_request(request)
        response.read()
        if response.status_code >= 400:
            raise _problem(response)
        return response

    def _prepare(self, request: httpx.Request) -> None:
        token = self._token if isinstance(self._token, str) else self._token()
        request.headers["Authorization"] = f"Bearer {token}"
        if self._agency:
            request.headers.setdefault("Palabre-Agency", self._agency)
        if request.method == "POST":
            request.headers.setdefault("Idempotency-Key", str(uuid.uuid4()))

    def close(self) -> None:
        self._inner.close()


def _problem(response: httpx.Response) -> Problem:
    try:
        details = json.loads(response.content)
    except ValueError:
        details = {}
    after = response.headers.get("Retry-After", "")
    members = details if isinstance(details, dict) else {}
    return Problem(response.status_code, members, float(after) if after.isdigit() else 0.0)
