"""Connecting an account. https://developers.pinterest.com/docs/api/v5/user_account-get"""

from collections.abc import Mapping
from typing import Any

from chalicelib.networks import base, http
from chalicelib.networks.base import Credentials
from chalicelib.networks.read import words

HOST = "api.pinterest.com"
_PAUSE_SECONDS = 60
_STATUSES: Mapping[int, type[base.Outcome]] = {401: base.Expired, 404: base.Gone, 429: base.Throttled}


def check(credentials: Credentials) -> base.Connected:
    me = user(credentials)
    username = words(me.get("username"))
    account = words(me.get("id")) or username
    if not account:
        raise base.Rejected("Pinterest did not say which account the token belongs to.", code="no_account")
    name = words(me.get("business_name")) or username or account
    details = {"username": username, "type": words(me.get("account_type")).lower()}
    return base.Connected(
        account=account, name=name, details={field: value for field, value in details.items() if value}
    )


def user(credentials: Credentials) -> Mapping[str, Any]:
    answer = http.call("pinterest", "GET", HOST, "/v5/user_account", token=credentials.token)
    if answer.status == 200:
        return answer.json
    raise refusal(answer, reads=True)


def refusal(answer: http.Response, reads: bool) -> base.Outcome:
    """https://developers.pinterest.com/docs/reference/error-codes/"""
    text = words(answer.json.get("message")) or f"Pinterest answered with status {answer.status}."
    code = words(answer.json.get("code")) or str(answer.status)
    broken = http.broken("GET" if reads else "POST")
    outcome = _STATUSES.get(answer.status, base.Rejected if 400 <= answer.status < 500 else broken)
    waits = words(answer.headers.get("X-RateLimit-Reset"))
    after = max(float(waits), 1) if waits.isdecimal() and len(waits) < 6 else _PAUSE_SECONDS
    return outcome(text, code=code, after=after if outcome is base.Throttled else 0)
