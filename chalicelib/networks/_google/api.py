"""Calls of Google's APIs, and what their errors mean. https://cloud.google.com/apis/design/errors"""

from collections.abc import Mapping
from typing import Any

from chalicelib.networks import base, http
from chalicelib.networks.read import words

Reasons = Mapping[str, type[base.Outcome]]
# By the reason of the error, or its status where it has no reason.
REASONS: Reasons = {
    "authError": base.Expired,
    "UNAUTHENTICATED": base.Expired,
    "quotaExceeded": base.Throttled,
    "dailyLimitExceeded": base.Throttled,
    "rateLimitExceeded": base.Throttled,
    "userRateLimitExceeded": base.Throttled,
    "RESOURCE_EXHAUSTED": base.Throttled,
    "NOT_FOUND": base.Gone,
    "PERMISSION_DENIED": base.Rejected,
    "INVALID_ARGUMENT": base.Rejected,
    "FAILED_PRECONDITION": base.Rejected,
}
STATUSES: Mapping[int, type[base.Outcome]] = {401: base.Expired, 404: base.Gone, 429: base.Throttled}
_DAILY = ("quotaExceeded", "dailyLimitExceeded")
_DAYS_PAUSE, _PAUSE = 3600.0, 60.0


def call(
    network: str,
    method: str,
    host: str,
    path: str,
    credentials: base.Credentials,
    *,
    reasons: Reasons = REASONS,
    query: Mapping[str, str] | None = None,
    body: Mapping[str, Any] | None = None,
) -> Mapping[str, Any]:
    """The answer's JSON; raises the Outcome that the error's reason, or its status, stands for."""
    answer = http.call(network, method, host, path, token=credentials.token, query=query, body=body)
    if answer.status < 300:
        return answer.json
    raise outcome(method, answer, reasons)


def outcome(method: str, answer: http.Response, reasons: Reasons = REASONS) -> base.Outcome:
    error = answer.json.get("error")
    error = error if isinstance(error, Mapping) else {}
    reason = _reason(error)
    otherwise = http.broken(method) if answer.status >= 500 else STATUSES.get(answer.status, base.Rejected)
    kind = reasons.get(reason, otherwise)
    pause = http.retry_after(answer, _DAYS_PAUSE if reason in _DAILY else _PAUSE)
    text = words(error.get("message")) or f"Google answered with status {answer.status}."
    code = reason if reason in reasons else str(answer.status)
    return kind(text, code=code, after=pause if kind is base.Throttled else 0)


def _reason(error: Mapping[str, Any]) -> str:
    """YouTube names the reason in `errors`; other APIs have only the status."""
    errors = error.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else {}
    reason = words(first.get("reason")) if isinstance(first, Mapping) else ""
    return reason or words(error.get("status"))
