"""When a refused event is tried again: ten times over three days, as Standard Webhooks proposes. Pure."""

import zlib
from email.utils import parsedate_to_datetime

from chalicelib.clock import DAY, HOUR, MINUTE, SECOND

# Before the first try, the second, ...: 75 h 35 min in all.
WAITS = (0, 5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR)
MOST_TRIES = len(WAITS)
LONGEST_ASKED = DAY
REST = HOUR  # an endpoint whose maker is suspended is looked at so often
_JITTER = 0.1


def wait(tries: int, key: str) -> int | None:
    """The ms to wait after that many tries, None if there have been enough.

    Up to a tenth more or less, depending on `key`, so that events that failed at the same time do not all come back at
    once.
    """
    if tries >= MOST_TRIES:
        return None
    chance = zlib.crc32(f"{key}|{tries}".encode()) / (1 << 32)
    return round(WAITS[tries] * (1 + _JITTER * (2 * chance - 1)))


def wait_asked_for(retry_after: str, now: int) -> int:
    """The ms that a Retry-After header asks us to wait: seconds, or a date, a day at most. 0 if it cannot be read."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]) * SECOND, LONGEST_ASKED)
    try:
        at = round(parsedate_to_datetime(text).timestamp() * SECOND)
    except (TypeError, ValueError, OverflowError):
        return 0
    return min(max(at - now, 0), LONGEST_ASKED)
