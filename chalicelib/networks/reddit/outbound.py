"""What we say and do on Reddit. A refusal may have status 200. No call has an idempotency key, so no repeat is safe.

https://www.reddit.com/dev/api#POST_api_comment
"""

import re
from collections.abc import Mapping
from typing import Any

from chalicelib.networks import base, http
from chalicelib.networks.read import part, parts, words

HOST = "oauth.reddit.com"
AGENT = {
    "User-Agent": "web:dev.palabre:v1 (an inbox of brands)"
}  # Reddit refuses programs that do not say who they are
_PAUSE_SECONDS, _LONGEST_NOTE = 60.0, 2000
_STATUSES = {401: base.Expired, 404: base.Gone, 429: base.Throttled}
_CODES: Mapping[str, type[base.Outcome]] = {
    "RATELIMIT": base.Throttled,
    **dict.fromkeys(
        (
            *("DELETED_COMMENT", "DELETED_LINK", "TOO_OLD", "NO_THING_ID", "USER_DOESNT_EXIST", "USER_BLOCKED"),
            *("USER_BLOCKED_MESSAGE", "NOT_WHITELISTED_BY_USER_MESSAGE", "SOMETHING_IS_BROKEN"),
        ),
        base.Gone,
    ),
}
_MINUTES = re.compile(r"(\d{1,4}) (second|minute|hour)", re.ASCII)
_UNITS = {"second": 1, "minute": 60, "hour": 3600}


def send(credentials: base.Credentials, say: base.Say) -> base.Sent:
    form = {"thing_id": say.reply_to or say.thread, "text": say.text}
    answer = part(call(credentials, "POST", "/api/comment", form=form), "json")
    made = next(iter(parts(part(answer, "data"), "things")), {})
    if not words(part(made, "data").get("name")):
        raise base.Unknown("Reddit did not return the id of the reply.", code="no_id")
    return base.Sent(id=words(part(made, "data")["name"]))


def act(credentials: base.Credentials, act: base.Act) -> None:
    """Comments can be removed and approved only in communities that the account moderates."""
    if act.verb in ("hide", "unhide") and act.surface == "comment":
        path, form = ("/api/remove", {"spam": "false"}) if act.verb == "hide" else ("/api/approve", {})
        call(credentials, "POST", path, form={"id": act.id, **form})
    elif act.verb == "report":
        call(credentials, "POST", "/api/report", form=_report(act))
    elif act.verb == "read":
        call(credentials, "POST", "/api/read_message", form={"id": act.id})
    elif act.verb == "ban":
        call(credentials, "POST", "/api/block_user", form={"account_id": act.to})
    elif act.verb == "unban":
        form = {"type": "enemy", "container": credentials.account, "id": act.to}
        call(credentials, "POST", "/api/unfriend", form=form)
    else:
        raise base.Rejected("The action is not available on this surface of Reddit.", code="unsupported")


def _report(act: base.Act) -> Mapping[str, str]:
    """Reports a comment to its community's moderators, and a private message to Reddit."""
    note = act.report.note[:_LONGEST_NOTE]
    return {"thing_id": act.id, "reason": act.report.reason, **({"additional_info": note} if note else {})}


def call(
    credentials: base.Credentials,
    method: str,
    path: str,
    *,
    query: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
) -> Mapping[str, Any]:
    arguments: dict[str, Any] = {"query": {"raw_json": "1", **(query or {})}} if method == "GET" else {}
    arguments |= {"form": {"api_type": "json", **(form or {})}} if method == "POST" else {}
    return _called(credentials, method, path, **arguments).json


def listings(credentials: base.Credentials, path: str, query: Mapping[str, str]) -> list[Any]:
    """The listings of an answer that has several. Raises as `call` does."""
    return _called(credentials, "GET", path, query={"raw_json": "1", **query}).rows


def _called(credentials: base.Credentials, method: str, path: str, **arguments: Any) -> http.Response:
    answer = http.call("reddit", method, HOST, path, token=credentials.token, headers=AGENT, **arguments)
    if 200 <= answer.status < 300 and not _errors(answer):
        return answer
    raise outcome_of(answer, method)


def _errors(answer: http.Response) -> list[str]:
    """The code and text of the first error; empty if there is none."""
    errors = part(answer.json, "json").get("errors")
    first = errors[0] if isinstance(errors, list) and errors else None
    return [words(text) for text in first] if isinstance(first, list) else []


def outcome_of(answer: http.Response, method: str) -> base.Outcome:
    code, text, *_ = [*_errors(answer), "", ""]
    kind = _STATUSES.get(answer.status, base.Rejected if answer.status < 500 else base.Unknown)
    kind = _CODES.get(code, base.Rejected) if code else kind
    if kind is base.Unknown and method == "GET":
        kind = base.Unreachable
    text = text or words(answer.json.get("message")) or f"Reddit answered with status {answer.status}."
    after = _seconds(answer, text) if kind is base.Throttled else 0
    return kind(text, code=code or str(answer.status), after=after)


def _seconds(answer: http.Response, text: str) -> float:
    """The wait that the answer names, in its JSON, its headers or its text; a minute if it names none."""
    named = part(answer.json, "json").get("ratelimit")
    if isinstance(named, int | float) and not isinstance(named, bool) and named > 0:
        return float(named)
    reset = answer.headers.get("X-Ratelimit-Reset") or ""
    if reset.isascii() and reset.isdecimal():
        return max(float(reset), 1.0)
    match = _MINUTES.search(text)
    return float(int(match[1]) * _UNITS[match[2]]) if match and int(match[1]) else _PAUSE_SECONDS
