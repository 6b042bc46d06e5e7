"""Short-lived tokens that are made or asked for with an account's credentials, and kept in memory.

They are kept under a digest of these credentials, so that no account gets another's, and used until two minutes before
they end.
"""

import hashlib
import time
from collections.abc import Callable

_MOST_KEPT = 1000
_LONGEST_SECONDS, _EARLY_SECONDS = 3600, 120
_kept: dict[str, tuple[float, str]] = {}


def get(known_by: tuple[str, ...], make: Callable[[], tuple[str, int]]) -> str:
    """The token for these secrets; `make` gives a new one and its lifetime in seconds."""
    name = _digest(known_by)
    until, token = _kept.get(name, (0.0, ""))
    if until > time.monotonic():
        return token
    token, lives = make()
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    _kept[name] = (time.monotonic() + min(lives, _LONGEST_SECONDS) - _EARLY_SECONDS, token)
    return token


def drop(known_by: tuple[str, ...]) -> None:
    """Forgets a token that is refused."""
    _kept.pop(_digest(known_by), None)


def _digest(known_by: tuple[str, ...]) -> str:
    return hashlib.sha256("\0".join(known_by).encode()).hexdigest()
