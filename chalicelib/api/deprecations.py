"""Operations that will be removed: since when this is announced, and from when on they may be gone.

Their answers say so in the headers `Deprecation` (RFC 9745) and `Sunset` (RFC 8594), and link to the list of changes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from chalice.app import Response

from chalicelib.api import requests


@dataclass(frozen=True)
class Deprecation:
    """`since` and `until` are dates such as 2027-01-31, at least twelve months apart.

    Raises ValueError for a text that is no date, or for a shorter time.
    """

    since: str
    until: str

    def __post_init__(self) -> None:
        since, until = _day(self.since), _day(self.until)
        if (until - since).days < _SHORTEST_DAYS:
            raise ValueError("What is to go stays for twelve months.")

    def headers(self, api: str) -> Mapping[str, str]:
        return {
            "Deprecation": f"@{int(_day(self.since).timestamp())}",
            "Sunset": format_datetime(_day(self.until), usegmt=True),
            "Link": f'<{api}/docs/changes>; rel="deprecation"; type="text/html"',
        }


def answer(route: Any, request: Any, parts: Mapping[str, str], perform: Callable[..., Response]) -> Response:
    """The route's answer, with the deprecation headers if the route is to be removed."""
    response = perform(route, request, parts)
    if route.ends:
        response.headers = {**response.headers, **route.ends.headers(requests.api(request))}
    return response


_SHORTEST_DAYS = 365


def _day(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
