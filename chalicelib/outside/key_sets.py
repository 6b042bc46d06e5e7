"""Public keys that somebody publishes for checking signatures: kept for a while, and fetched again
when one is missing.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

_SECONDS_BETWEEN_FETCHES = 60.0
_SECONDS_WITHOUT_KEYS = 2.0
_SMALLEST_BITS = 2048
MISSHAPEN = (LookupError, ValueError, TypeError, AttributeError)  # what is raised on JSON of another form


class Keys:
    """Keys by id, kept for that many seconds, and longer while `fetch` gives none.

    An unknown id causes at most one fetch a minute.
    """

    def __init__(self, fetch: Callable[[], Mapping[str, Any]], kept: float) -> None:
        self._fetch, self._kept = fetch, kept
        self._keys: Mapping[str, Any] = {}
        self._fetched_at = -kept

    def __bool__(self) -> bool:
        return bool(self._keys)

    def named(self, id: str) -> Any | None:
        """The key with this id; None if there is none, or if no keys could be fetched."""
        age = time.monotonic() - self._fetched_at
        pause = _SECONDS_BETWEEN_FETCHES if self._keys else _SECONDS_WITHOUT_KEYS
        if age > self._kept or (id not in self._keys and age > pause):
            self._fetched_at = time.monotonic()
            self._keys = self._fetch() or self._keys
        return self._keys.get(id)


def rsa_keys(published: Sequence[Any]) -> Mapping[str, Any]:
    """The RSA keys by id. Raises PyJWTError or one of MISSHAPEN; too short keys are left out."""
    import jwt

    keys = [jwt.PyJWK(key) for key in published if key.get("kty") == "RSA"]
    return {key.key_id: key.key for key in keys if key.key_id and key.key.key_size >= _SMALLEST_BITS}
