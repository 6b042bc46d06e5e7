"""Calls of Meta's Graph API, and the outcome that each of its error codes becomes."""

import hmac
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from chalicelib.networks import base, http

VERSION = "v25.0"
Codes = Mapping[tuple[int, int | None], type[base.Outcome]]
# https://developers.facebook.com/docs/graph-api/guides/error-handling and .../overview/rate-limiting
# https://developers.facebook.com/docs/messenger-platform/error-codes
CODES: Codes = {
    (1, 1357046): base.Unknown,
    (3, None): base.Rejected,
    (4, None): base.Throttled,
    (10, None): base.Rejected,
    (10, 1893063): base.Throttled,
    (10, 2018108): base.Gone,
    (10, 2018278): base.WindowClosed,
    (10, 2534022): base.WindowClosed,
    (17, None): base.Throttled,
    (32, None): base.Throttled,
    (100, 33): base.Gone,
    (100, 2018001): base.Gone,
    (102, None): base.Expired,
    (190, None): base.Expired,
    (230, None): base.Rejected,
    (368, None): base.Throttled,
    (551, None): base.Gone,
    (613, None): base.Throttled,
    (1200, None): base.Unreachable,
    **{(code, None): base.Throttled for code in range(80000, 80015)},
}
# A Page has one list of fields per app, so Facebook and Messenger each ask for all that both need.
PAGE_FIELDS = (
    "feed,mention,ratings,messages,message_echoes,message_edits,message_reactions,message_deliveries,message_reads,"
    "messaging_postbacks,messaging_referrals,messaging_optins,messaging_handovers,messaging_policy_enforcement,standby"
)
_STATUSES = {401: base.Expired, 429: base.Throttled}
_TRANSIENT = (1, 2)
_PAUSE_SECONDS = 300.0


def call(
    network: str,
    method: str,
    path: str,
    credentials: base.Credentials,
    *,
    query: Mapping[str, str] | None = None,
    body: Mapping[str, Any] | None = None,
    codes: Codes | None = None,
    host: str = "graph.facebook.com",
) -> Mapping[str, Any]:
    """Raises the Outcome of the API's error, by its `(code, subcode)` in `codes` or else in the common CODES."""
    answer = http.call(
        network,
        method,
        host,
        f"/{VERSION}{quote(path)}",
        token=credentials.token,
        query={**(query or {}), **_proof(credentials)},
        body=body,
    )
    if 200 <= answer.status < 300 and "error" not in answer.json:
        return answer.json
    raise _outcome(method, answer, codes or {})


def _proof(credentials: base.Credentials) -> dict[str, str]:
    """https://developers.facebook.com/docs/graph-api/guides/secure-requests"""
    if not credentials.secret:
        return {}
    return {"appsecret_proof": hmac.new(credentials.secret.encode(), credentials.token.encode(), "sha256").hexdigest()}


def _outcome(method: str, answer: http.Response, codes: Codes) -> base.Outcome:
    error = answer.json.get("error")
    error = error if isinstance(error, dict) else {}
    code, subcode = _integer(error.get("code")) or 0, _integer(error.get("error_subcode"))
    outcome = (
        codes.get((code, subcode))
        or CODES.get((code, subcode))
        or codes.get((code, None))
        or CODES.get((code, None))
        or _by_status(method, answer.status, code)
    )
    text = error.get("error_user_msg") or error.get("message") or f"The network answered {answer.status}."
    code_text = "/".join(str(part) for part in (code, subcode) if part)
    after = _pause(answer.headers) if outcome is base.Throttled else 0
    return outcome(str(text), code=code_text or str(answer.status), after=after)


def _integer(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _by_status(method: str, status: int, code: int) -> type[base.Outcome]:
    """After a transient failure it is unknown whether anything was written."""
    if 400 <= status < 500 and code not in _TRANSIENT:
        return _STATUSES.get(status, base.Rejected)
    return base.Unreachable if method == "GET" else base.Unknown


def _pause(headers: Mapping[str, str]) -> float:
    """The longest wait of those in the header, in seconds: calling before its end makes it longer."""
    try:
        usage = json.loads(headers.get("X-Business-Use-Case-Usage") or "{}")
        minutes = [use["estimated_time_to_regain_access"] for uses in usage.values() for use in uses]
        return float(max(minutes)) * 60 or _PAUSE_SECONDS
    except (AttributeError, KeyError, TypeError, ValueError):
        return _PAUSE_SECONDS
