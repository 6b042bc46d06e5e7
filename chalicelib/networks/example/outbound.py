"""What we send and do on Example: each is one JSON call to `api.example.com`, with the channel's bearer token."""

from collections.abc import Mapping
from urllib.parse import quote

from chalicelib.networks import base, http
from chalicelib.networks.base import Credentials, Json, Say, Sent

HOST = "api.example.com"
ERRORS: Mapping[str, type[base.Outcome]] = {
    "token_expired": base.Expired,
    "token_revoked": base.Revoked,
    "scope_missing": base.ScopeLost,
    "too_many_calls": base.Throttled,
    "window_closed": base.WindowClosed,
    "person_gone": base.Gone,
    "not_found": base.Gone,
    "invalid": base.Rejected,
    "forbidden": base.Rejected,
    "unavailable": base.Unreachable,
}

# Method and path of each verb; calling again changes nothing.
ACTS: Mapping[str, tuple[str, str]] = {
    "hide": ("PUT", "/v1/comments/{id}/hidden"),
    "unhide": ("DELETE", "/v1/comments/{id}/hidden"),
    "delete": ("DELETE", "/v1/{surface}s/{id}"),
    "report": ("POST", "/v1/comments/{id}/reports"),
    "react": ("PUT", "/v1/dms/{id}/reaction"),
    "unreact": ("DELETE", "/v1/dms/{id}/reaction"),
    "read": ("PUT", "/v1/dms/{id}/read"),
    "typing": ("PUT", "/v1/people/{to}/typing"),
}


def send(credentials: Credentials, say: Say) -> Sent:
    answer = _message(credentials, say) if say.surface == "dm" else _reply(credentials, say)
    if not isinstance(answer.get("id"), str):
        raise base.Unknown("Example did not return the id of the message.", code="no_id")
    return Sent(id=answer["id"])


def act(credentials: Credentials, act: base.Act) -> None:
    method, path = ACTS[act.verb]
    ids = {"id": quote(act.id, safe=""), "to": quote(act.to, safe=""), "surface": act.surface}
    bodies: Mapping[str, Json] = {
        "react": {"emoji": act.emoji},
        "report": {"reason": act.report.reason, "note": act.report.note},
    }
    call(credentials, method, path.format(**ids), body=bodies.get(act.verb))


def is_shown(credentials: Credentials, act: base.Act) -> bool | None:
    hidden = call(credentials, "GET", f"/v1/comments/{quote(act.id, safe='')}/hidden").get("hidden")
    return not hidden if isinstance(hidden, bool) else None


def call(credentials: Credentials, method: str, path: str, *, body: Json | None = None) -> Json:
    """The answer's JSON; raises the Outcome for Example's error code."""
    answer = http.call("example", method, HOST, path, token=credentials.token, body=body)
    if answer.status < 300:
        return answer.json
    error = answer.json.get("error")
    code, text = (str(error.get("code", "")), str(error.get("message", ""))) if isinstance(error, dict) else ("", "")
    # A server that fails without an error code may have written first.
    outcome = ERRORS.get(code, http.broken(method) if answer.status >= 500 else base.Rejected)
    text = text or f"Example answered with status {answer.status}."
    raise outcome(text, code=code or str(answer.status), after=http.retry_after(answer, 0))


def _message(credentials: Credentials, say: Say) -> Json:
    body = {"to": say.to or say.thread, "text": say.text, "reply_to": say.reply_to, "correlation": say.correlation}
    files = [{"kind": media.kind, "url": media.url} for media in say.attachments]
    filled = {name: value for name, value in {**body, "attachments": files}.items() if value}
    return call(credentials, "POST", "/v1/dms", body=filled)


def _reply(credentials: Credentials, say: Say) -> Json:
    edge = "private_replies" if say.private else "replies"
    path = f"/v1/{say.surface}s/{quote(say.reply_to or say.thread, safe='')}/{edge}"
    return call(credentials, "POST", path, body={"text": say.text})
