"""Calls of the Bot API, and what its errors mean. https://core.telegram.org/bots/api#making-requests"""

import re
from collections.abc import Mapping
from typing import Any

from chalicelib.networks import base, http
from chalicelib.networks.telegram.fields import decimal, identity_or_none, part, text

HOST = "api.telegram.org"
QUOTE_GONE = ("message to be replied not found", "replied message not found", "reply_message_id_invalid")
DELETED = "message to delete not found"
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+", re.ASCII)
_PAUSE_SECONDS = 30

# `error_code` is the status and says little; the words say the rest. In this order, in lower case; then by status.
_WORDS: Mapping[type[base.Outcome], tuple[str, ...]] = {
    base.WindowClosed: ("business_peer_usage_missing",),
    base.Rejected: (
        *("not enough rights", "no rights to send", "administrator rights", "_forbidden", "_restricted"),
        *("topic_closed", "_payment_required"),
    ),
    base.Gone: (
        *("chat not found", "user not found", "peer_id_invalid", "channel_private", "chat was deactivated"),
        *("chat was deleted", "chat was upgraded", "user is deactivated", "user_is_blocked", "input_user_deactivated"),
        *("bot was blocked", "was kicked", "is not a member", "message thread not found", "topic_deleted"),
        *("topic_id_invalid", "message not found", "message to react not found", "message_id_invalid", DELETED),
        *("business_connection_invalid", "business_peer_invalid", "query is too old"),
        *QUOTE_GONE,
    ),
}
_STATUSES = {401: base.Expired, 403: base.Gone, 404: base.Expired, 429: base.Throttled}


def api(
    credentials: base.Credentials,
    method: str,
    fields: Mapping[str, Any] | None = None,
    files: Mapping[str, base.Loaded] | None = None,
) -> Any:
    """The result of a method. The token is checked first, because it becomes part of the path."""
    if not _TOKEN.fullmatch(credentials.token):
        raise base.Expired("The token is not that of a Telegram bot.", code="token")
    reads, path = method.startswith("get"), f"/bot{credentials.token}/{method}"
    arguments: dict[str, Any] = {"query": fields} if reads else {"body": fields or {}, "files": files}
    answer = http.call("telegram", "GET" if reads else "POST", HOST, path, **arguments)
    if answer.status == 200 and "result" in answer.json:
        return answer.json["result"]
    raise outcome_of(answer, reads)


def new_chat(refused: base.Outcome) -> str:
    """The new id of the chat, if the call was refused because the chat has one; otherwise empty."""
    return refused.code.partition(":")[2]


def mentions(refused: base.Outcome, *words: str) -> bool:
    return any(phrase in refused.text.lower() for phrase in words)


def outcome_of(answer: http.Response, reads: bool) -> base.Outcome:
    description, parameters = text(answer.json, "description"), part(answer.json, "parameters")
    outcome = _meaning(answer.status, description) or (base.Unreachable if reads else base.Unknown)
    moved = identity_or_none(parameters.get("migrate_to_chat_id"))
    code = f"{answer.status}:{moved}" if moved else str(answer.status)
    pause = decimal(parameters.get("retry_after")) or _PAUSE_SECONDS
    after = max(pause, 1) if outcome is base.Throttled else 0
    return outcome(description or f"Telegram answered with status {answer.status}.", code=code, after=after)


def _meaning(status: int, description: str) -> type[base.Outcome] | None:
    """The outcome for that error; None if the error does not tell whether something was written."""
    if not 400 <= status < 500:
        return None
    for outcome, phrases in _WORDS.items():
        if status in (400, 403) and any(phrase in description.lower() for phrase in phrases):
            return outcome
    return _STATUSES.get(status, base.Rejected)
