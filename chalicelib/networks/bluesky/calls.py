"""Calls of a server of the AT Protocol, whose host a user named, and the outcomes of its errors.

An account is connected by an OAuth token with its key, or by an app password. With a password the server opens a
session, which this process remembers: https://docs.bsky.app/docs/api/com-atproto-server-create-session
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.networks import base, http
from chalicelib.networks.bluesky import proofs
from chalicelib.networks.read import date, millis, part, parts, words

CHAT = {"atproto-proxy": "did:web:api.bsky.chat#bsky_chat"}
DEFAULT = "bsky.social"
_SERVER = re.compile(r"[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?(:\d{1,5})?")
_PAUSE_SECONDS, _MOST_SESSIONS = 300, 1000
ERRORS: Mapping[str, type[base.Outcome]] = {
    **dict.fromkeys(("ExpiredToken", "InvalidToken", "AuthMissing", "AuthenticationRequired"), base.Expired),
    **dict.fromkeys(("AccountTakedown", "AccountDeactivated", "AccountSuspended", "invalid_token"), base.Expired),
    **dict.fromkeys(("RecordNotFound", "NotFound", "BlockedActor", "BlockedByActor", "ProfileNotFound"), base.Gone),
    "RateLimitExceeded": base.Throttled,
    "InvalidSwap": base.Unreachable,
    "UpstreamFailure": base.Unreachable,
}
# What the words of an error say that its name does not.
_GONE = ("convo not found", "block between", "disabled incoming messages", "could not find", "not found", "deleted")
_STALE = ("ExpiredToken", "InvalidToken")


@dataclass(frozen=True)
class Session:
    """The account that a password is for, its server, and the tokens of the session."""

    did: str
    handle: str
    server: str
    token: str
    refresh: str


_sessions: dict[str, Session] = {}


def server(name: str) -> str:
    """The host in the form in which it is called; raises Rejected for a text that is no host."""
    host = name.strip().lower().removeprefix("https://").rstrip("/") or DEFAULT
    if not _SERVER.fullmatch(host):
        raise base.Rejected("The server has to be a host name such as bsky.social.", code="server")
    return host


def server_of(credentials: base.Credentials) -> str:
    return server(credentials.details.get("server", ""))


def get(credentials: base.Credentials, name: str, **given: Any) -> http.Response:
    return api(credentials, "GET", name, **given)


def post(credentials: base.Credentials, name: str, body: Mapping[str, Any], **given: Any) -> http.Response:
    return api(credentials, "POST", name, body=body, **given)


def api(credentials: base.Credentials, method: str, name: str, search: str = "", **given: Any) -> http.Response:
    """The answer; raises the Outcome of an error. `name` is the method's name in the lexicon."""
    if credentials.key:
        return _good(_proven(credentials, method, name, search, given), method)
    session = session_of(credentials)
    answer = _call(session.server, method, f"/xrpc/{name}{search}", token=session.token, **given)
    if answer.status in (400, 401) and words(answer.json.get("error")) in _STALE:
        session = _sessions[_session_key(credentials)] = _refreshed(session) or _opened(credentials)
        answer = _call(session.server, method, f"/xrpc/{name}{search}", token=session.token, **given)
    return _good(answer, method)


def session_of(credentials: base.Credentials) -> Session:
    if len(_sessions) >= _MOST_SESSIONS:
        _sessions.clear()
    place = _session_key(credentials)
    if place not in _sessions:
        _sessions[place] = _opened(credentials)
    return _sessions[place]


def remember(credentials: base.Credentials, session: Session) -> None:
    _sessions[_session_key(credentials)] = session


def forget() -> None:
    """Forgets all sessions, for tests."""
    _sessions.clear()


def _session_key(credentials: base.Credentials) -> str:
    who = (server_of(credentials), credentials.account, credentials.token)
    return hashlib.sha256("\n".join(who).encode("utf-8", "replace")).hexdigest()


def _opened(credentials: base.Credentials) -> Session:
    """Servers open 30 sessions in five minutes and 300 a day."""
    named = credentials.account or credentials.details.get("handle", "")  # a did stays when a handle changes
    who = {"identifier": named, "password": credentials.token}
    return _session(server_of(credentials), "com.atproto.server.createSession", body=who)


def _refreshed(session: Session) -> Session | None:
    try:
        return _session(session.server, "com.atproto.server.refreshSession", token=session.refresh)
    except base.Expired:
        return None


def _session(host: str, name: str, **given: Any) -> Session:
    """A cut-off call is Unreachable, not Unknown: opening a session writes nothing, so it may be repeated."""
    with http.repeatable():
        session = _good(_call(host, "POST", f"/xrpc/{name}", **given), "GET").json
    service = next((words(entry.get("serviceEndpoint")) for entry in parts(part(session, "didDoc"), "service")), "")
    token, refresh, did = (words(session.get(field)) for field in ("accessJwt", "refreshJwt", "did"))
    if not (token and did):
        raise base.Rejected("The server did not say which account the password belongs to.", code="no_account")
    return Session(did, words(session.get("handle")), server(service or host), token, refresh)


def _proven(
    credentials: base.Credentials, method: str, name: str, search: str, given: Mapping[str, Any]
) -> http.Response:
    host, path = server_of(credentials), f"/xrpc/{name}"

    def ask(headers: Mapping[str, str]) -> http.Response:
        more = {**given, "headers": {**given.get("headers", {}), **headers}}
        return _call(host, method, path + search, **more)

    return proofs.call(ask, credentials.key, method, f"https://{host}{path}", credentials.token)


def _call(host: str, method: str, path: str, **given: Any) -> http.Response:
    return http.call("bluesky", method, host, path, is_named=True, **given)


def _good(answer: http.Response, method: str) -> http.Response:
    if answer.status < 300:
        return answer
    raise refusal(answer, reads=method == "GET")


def refusal(answer: http.Response, reads: bool) -> base.Outcome:
    error, text = words(answer.json.get("error")), words(answer.json.get("message"))
    broken = http.broken("GET" if reads else "POST")
    by_status = {401: base.Expired, 404: base.Gone, 429: base.Throttled}
    outcome = ERRORS.get(error) or by_status.get(answer.status, base.Rejected if answer.status < 500 else broken)
    if outcome is base.Rejected and any(phrase in text.lower() for phrase in _GONE):
        outcome = base.Gone
    if answer.status >= 500 and not reads:
        outcome = base.Unknown
    after = _pause(answer) if outcome is base.Throttled else 0
    return outcome(
        text or f"The server answered with status {answer.status}.", code=error or str(answer.status), after=after
    )


def _pause(answer: http.Response) -> float:
    """The seconds until the limit begins anew, by the server's own clock."""
    ends, now = millis(answer.headers.get("RateLimit-Reset")), date(answer.headers)
    return max((ends - now) / 1000, 1) if ends and now else _PAUSE_SECONDS
