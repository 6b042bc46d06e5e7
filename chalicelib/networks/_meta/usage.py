"""How much of what Meta allows was used, in percent, and when it allows more, read from the headers of its answers.

https://developers.facebook.com/docs/graph-api/overview/rate-limiting
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib.networks import base, read

_OF_ALL = {"X-App-Usage": "app", "X-Page-Usage": "page"}
_BY_KIND, _REGAINED = "X-Business-Use-Case-Usage", "estimated_time_to_regain_access"
_COUNTED = {"call_count": "calls", "total_cputime": "cpu", "total_time": "time"}
_KIND = re.compile("[a-z_]{1,40}")
_MOST, _MOST_DAYS_IN_MINUTES = 100_000, 30 * 24 * 60


def quotas(headers: base.Headers) -> Sequence[base.Quota]:
    """The use of the app, of the Page and of each kind of call; among several objects of one kind, the highest use."""
    now, quotas = read.date(headers), dict[str, base.Quota]()
    for whose, use in _uses(headers):
        minutes = _number(use.get(_REGAINED), _MOST_DAYS_IN_MINUTES)
        for counted, what in _COUNTED.items():
            name, used = f"{whose}_{what}_percent", _number(use.get(counted), _MOST)
            if used is None or used < (quotas[name].used or 0 if name in quotas else 0):
                continue
            ends_at = now + minutes * 60_000 if now and minutes else 0
            quotas[name] = base.Quota(name=name, used=used, most=100, ends_at=ends_at)
    return list(quotas.values())


def pause(headers: base.Headers) -> float:
    """The longest wait in the headers, in seconds, or 0: calling before its end makes the wait longer."""
    minutes = [_number(use.get(_REGAINED), _MOST_DAYS_IN_MINUTES) or 0 for _, use in _uses(headers)]
    return max(minutes, default=0) * 60.0


def _uses(headers: base.Headers) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The use in each header, under `app`, `page` or the kind of call."""
    for header, whose in _OF_ALL.items():
        if usage := _usage_in(headers, header):
            yield whose, usage
    for uses in _usage_in(headers, _BY_KIND).values():
        for use in uses if isinstance(uses, list) else ():
            kind = read.field(use, "type").lower()
            if _KIND.fullmatch(kind):
                yield kind, use


def _usage_in(headers: base.Headers, name: str) -> Mapping[str, Any]:
    try:
        usage = json.loads(headers.get(name) or "{}")
    except (ValueError, RecursionError):
        return {}
    return usage if isinstance(usage, dict) else {}


def _number(value: object, most: int) -> int | None:
    """A number from 0 to `most`, without its fraction; None for anything else."""
    try:
        number = float(read.words(value))
    except ValueError:
        return None
    return int(number) if 0 <= number <= most else None
