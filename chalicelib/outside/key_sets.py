"""Public keys that somebody publishes to be checked by: kept for a while, and asked for anew when one is missing."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

_SECONDS_BETWEEN_FETCHES = 60.0
_SECONDS_WITHOUT_KEYS = 2.0
_SMALLEST_BITS = 2048
MISSHAPEN = (LookupError, ValueError, TypeError, AttributeError)  # what is raised on JSON of another form


class Keys:
    """Keys by their ids, for `kept` seconds, and longer while `fetch` gives none.

    An id that is unknown is asked for at most once a minute.
    """

    def __init__(self, fetch: Callable[[], Mapping[str, Any]], kept: float) -> None:
        self._fetch, self._kept = fetch, kept
        self._keys: Mapping[str, Any] = {}
        self._fetched_at = -kept

    def __bool__(self) -> bool:
        """True if any key is known."""
        return bool(self._keys)

    def named(self, id: str) -> Any | None:
        """The key with this id, None if there is no such key, or none is known at all."""
        age = time.monotonic() - self._fetched_at
        pause = _SECONDS_BETWEEN_FETCHES if self._keys else _SECONDS_WITHOUT_KEYS
        if age > self._kept or (id not in self._keys and age > pause):
            self._fetched_at = time.monotonic()
            self._keys = self._fetch() or self._keys
        return self._keys.get(id)


def rsa_keys(published: Sequence[Any]) -> Mapping[str, Any]:
    """The RSA keys among them by their ids, none of them short. Raises PyJWTError or one of MISSHAPEN."""
    import jwt

    keys = [jwt.PyJWK(key) for key in published if key.get("kty") == "RSA"]
    return {key.key_id: key.key for key in keys if key.key_id and key.key.key_size >= _SMALLEST_BITS}
