"""Calls of Reddit's API, and what its errors mean: a status, or words in an answer that looks like a good one.

https://www.reddit.com/dev/api/ and https://support.reddithelp.com/hc/en-us/articles/16160319875092
"""

import re
from collections.abc import Mapping
from typing import Any

from chalicelib.networks import base, http
from chalicelib.networks.base import Credentials
from chalicelib.networks.read import part, words

HOST = "oauth.reddit.com"
_PAUSE_SECONDS = 60
_STATUSES: Mapping[int, type[base.Outcome]] = {401: base.Expired, 404: base.Gone, 429: base.Throttled}
ERRORS: Mapping[str, type[base.Outcome]] = {
    "RATELIMIT": base.Throttled,
    **dict.fromkeys(("DELETED_COMMENT", "DELETED_LINK", "USER_DOESNT_EXIST", "USER_BLOCKED"), base.Gone),
    "NOT_WHITELISTED_BY_USER_MESSAGE": base.Gone,
    "USER_REQUIRED": base.Expired,
}
_UNITS = {"millisecond": 0.001, "second": 1, "minute": 60, "hour": 3600}
_WAIT = re.compile(r"(\d{1,5}) (millisecond|second|minute|hour)")


def agent(account: str) -> Mapping[str, str]:
    """Reddit refuses programs whose name is not their own. https://github.com/reddit-archive/reddit/wiki/API"""
    return {"User-Agent": f"server:palabre:1.0 (by /u/{account or 'palabre'})"}


def name(text: str) -> str:
    """A full name of a comment, post or message; raises Rejected for what is none."""
    if not re.fullmatch(r"t[134]_[a-z0-9]{1,20}", text):
        raise base.Rejected("There is no such comment, post or message on Reddit.", code="object")
    return text


def get(credentials: Credentials, path: str, query: Mapping[str, str]) -> http.Response:
    """`raw_json` has Reddit give texts as they were written, without `&amp;`."""
    return _good(_call(credentials, "GET", path, query={**query, "raw_json": "1"}), reads=True)


def post(credentials: Credentials, path: str, form: Mapping[str, str]) -> Mapping[str, Any]:
    """What is in the answer's `json`; raises an Outcome if there are errors in it."""
    told = part(_good(_call(credentials, "POST", path, form={**form, "api_type": "json"}), reads=False).json, "json")
    errors = told.get("errors")
    if isinstance(errors, list) and errors:
        raise _error(told, errors[0])
    return told


def _call(credentials: Credentials, method: str, path: str, **given: Any) -> http.Response:
    headers = agent(credentials.account)
    return http.call("reddit", method, HOST, path, token=credentials.token, headers=headers, **given)


def _good(answer: http.Response, reads: bool) -> http.Response:
    if answer.status < 300:
        return answer
    raise refusal(answer, reads)


def refusal(answer: http.Response, reads: bool) -> base.Outcome:
    reason = words(answer.json.get("reason"))
    text = words(answer.json.get("explanation")) or words(answer.json.get("message")) or reason
    broken = base.Unreachable if reads else base.Unknown
    outcome = _STATUSES.get(answer.status, base.Rejected if 400 <= answer.status < 500 else broken)
    resets = _number(answer.headers.get("X-Ratelimit-Reset"))
    after = max(resets or _PAUSE_SECONDS, 1) if outcome is base.Throttled else 0
    return outcome(text or f"Reddit answered {answer.status}.", code=str(answer.status), after=after)


def _error(told: Mapping[str, Any], error: Any) -> base.Outcome:
    """An error is `[code, words, field]`. How long to wait is a number beside them, or in the words only."""
    code, text, *_ = [words(one) for one in error] + ["", ""] if isinstance(error, list) else ["", ""]
    outcome = ERRORS.get(code, base.Rejected)
    wait, found = _number(told.get("ratelimit")), _WAIT.search(text)
    after = wait or (float(found[1]) * _UNITS[found[2]] if found else _PAUSE_SECONDS)
    return outcome(text, code=code or "errors", after=max(after, 1) if outcome is base.Throttled else 0)


def _number(value: object) -> float:
    """A number of seconds below a day, also one written as text; 0 for anything else."""
    text = words(value)
    return min(float(text), 86_400) if re.fullmatch(r"\d{1,6}(\.\d{1,20})?", text) else 0
