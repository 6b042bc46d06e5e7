"""Calls of Meta's Graph API. An error becomes the outcome that the table of the called API names."""

import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from chalicelib.networks import base, http
from chalicelib.networks._meta import usage
from chalicelib.networks._meta.outcomes import GRAPH, Codes

VERSION = "v25.0"
# A Page has one list of fields per app, so Facebook and Messenger each ask for all that both need.
PAGE_FIELDS = (
    "feed,mention,ratings,messages,message_echoes,message_edits,message_reactions,message_deliveries,message_reads,"
    "messaging_postbacks,messaging_referrals,messaging_optins,messaging_handovers,messaging_policy_enforcement,standby"
)
_STATUSES = {401: base.Expired, 429: base.Throttled}
_TRANSIENT, _TIMEOUT = (1, 2), 408
_PAUSE_SECONDS = 300.0


def call(
    network: str,
    method: str,
    path: str,
    credentials: base.Credentials,
    *,
    query: Mapping[str, str] | None = None,
    body: Mapping[str, Any] | None = None,
    files: Mapping[str, base.Loaded] | None = None,
    content: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    codes: Codes = GRAPH,
    host: str = "graph.facebook.com",
    version: str = VERSION,
) -> Mapping[str, Any]:
    """Raises the Outcome of the API's error, by its `(code, subcode)` in `codes`."""
    answer = http.call(
        network,
        method,
        host,
        f"/{version}{quote(path, safe='/:')}",
        token=credentials.token,
        query={**(query or {}), **_proof(credentials)},
        body=body,
        files=files,
        content=content,
        headers=headers,
    )
    return _good(method, answer, codes).json


def read(network: str, path: str, credentials: base.Credentials, fields: str, *, codes: Codes = GRAPH) -> http.Response:
    """The named fields of an object, with the answer's headers. Raises as `call` does."""
    query = {"fields": fields, **_proof(credentials)}
    place = f"/{VERSION}{quote(path, safe='/:')}"
    answer = http.call(network, "GET", "graph.facebook.com", place, token=credentials.token, query=query)
    return _good("GET", answer, codes)


def _good(method: str, answer: http.Response, codes: Codes) -> http.Response:
    if 200 <= answer.status < 300 and "error" not in answer.json:
        return answer
    raise outcome(method, answer, codes)


def _proof(credentials: base.Credentials) -> dict[str, str]:
    """https://developers.facebook.com/docs/graph-api/guides/secure-requests"""
    if not credentials.secret:
        return {}
    return {"appsecret_proof": hmac.new(credentials.secret.encode(), credentials.token.encode(), "sha256").hexdigest()}


def outcome(method: str, answer: http.Response, codes: Codes) -> base.Outcome:
    error = answer.json.get("error")
    error = error if isinstance(error, dict) else {}
    code, subcode = _integer(error.get("code")) or 0, _integer(error.get("error_subcode"))
    kind = codes.get((code, subcode)) or codes.get((code, None)) or _by_status(answer.status, code, error)
    if kind is base.Unknown and method == "GET":
        kind = base.Unreachable
    text = error.get("error_user_msg") or error.get("message") or f"The network answered with status {answer.status}."
    code_text = "/".join(str(part) for part in (code, subcode) if part)
    after = usage.pause(answer.headers) or _PAUSE_SECONDS if kind is base.Throttled else 0
    return kind(str(text), code=code_text or str(answer.status), after=after)


def _integer(value: object) -> int | None:
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdecimal()) else None


def _by_status(status: int, code: int, error: Mapping[str, Any]) -> type[base.Outcome]:
    """A transient failure may have written something, so it is Unknown even if its status blames the request."""
    is_transient = status == _TIMEOUT or code in _TRANSIENT or error.get("is_transient") is True
    return _STATUSES.get(status, base.Rejected) if 400 <= status < 500 and not is_transient else base.Unknown
