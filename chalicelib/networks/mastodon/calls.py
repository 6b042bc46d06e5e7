"""Calls of a Mastodon server, whose host a user named, and the outcomes of its errors, which have a status but no code.

https://docs.joinmastodon.org/entities/Error/
"""

import re
from collections.abc import Mapping
from typing import Any

from chalicelib.networks import base, http
from chalicelib.networks.read import date, moment, words

_SERVER = re.compile(r"[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?(:\d{1,5})?")
_PAUSE_SECONDS = 300  # limits are for five minutes
_STATUSES: Mapping[int, type[base.Outcome]] = {
    401: base.Expired,
    403: base.Rejected,
    404: base.Gone,
    410: base.Gone,
    429: base.Throttled,
}


def server(name: str) -> str:
    """The host in the form in which it is called; raises Rejected for a text that is no host."""
    host = name.strip().lower().removeprefix("https://").rstrip("/")
    if not _SERVER.fullmatch(host):
        raise base.Rejected("The server has to be a host name such as mastodon.social.", code="server")
    return host


def server_of(credentials: base.Credentials) -> str:
    return server(credentials.details.get("server") or credentials.account.rpartition("@")[2])


def segment(id: str) -> str:
    """The id as a part of a path; raises Rejected for a text that is no id."""
    if not re.fullmatch(r"[A-Za-z0-9]{1,64}", id):
        raise base.Rejected("The server has no such post or person.", code="object")
    return id


def api(credentials: base.Credentials, method: str, path: str, **given: Any) -> http.Response:
    """The answer; raises the Outcome of an error."""
    host = server_of(credentials)
    answer = http.call("mastodon", method, host, path, token=credentials.token, is_named=True, **given)
    if answer.status < 300:
        return answer
    raise refusal(answer, reads=method == "GET")


def refusal(answer: http.Response, reads: bool) -> base.Outcome:
    text = words(answer.json.get("error_description")) or words(answer.json.get("error"))
    broken = http.broken("GET" if reads else "POST")
    outcome = _STATUSES.get(answer.status, base.Rejected if 400 <= answer.status < 500 else broken)
    after = _pause(answer) if outcome is base.Throttled else 0
    return outcome(text or f"The server answered with status {answer.status}.", code=str(answer.status), after=after)


def _pause(answer: http.Response) -> float:
    """The seconds until the limit begins anew, by the server's own clock."""
    ends, now = moment(answer.headers.get("X-RateLimit-Reset")), date(answer.headers)
    return max((ends - now) / 1000, 1) if ends and now else _PAUSE_SECONDS
