"""What we send and do on LINE. Each message is pushed with a retry key of its own, so a repeat is safe.

https://developers.line.biz/en/docs/messaging-api/retrying-api-request/
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from chalicelib.networks import base, http
from chalicelib.networks.read import parts as objects
from chalicelib.networks.read import words

HOST = "api.line.me"
TEXT = 5000
_TOGETHER = 5
_TYPING_SECONDS = 20
_PAUSE_SECONDS = 60.0
_STATUSES: Mapping[int, type[base.Outcome]] = {401: base.Expired, 404: base.Gone, 429: base.Throttled}
# The status says little, the words say the rest; in lower case.
_GONE = ("failed to send messages", "the property, 'to', in the request body is invalid")
_SPENT = "monthly limit"


def parts(say: base.Say) -> Sequence[base.Say]:
    """Up to five bubbles in one call: the text is one bubble, and so is each picture."""
    first = _TOGETHER - bool(say.text)
    groups = [say.attachments[:first]]
    groups += [say.attachments[i : i + _TOGETHER] for i in range(first, len(say.attachments), _TOGETHER)]
    return [replace(say, text="" if number else say.text, attachments=group) for number, group in enumerate(groups)]


def send(credentials: base.Credentials, say: base.Say) -> base.Sent:
    """A call that was cut off is Unreachable if its key makes a repeat safe, else Unknown."""
    key = {"X-Line-Retry-Key": str(uuid5(NAMESPACE_OID, say.correlation))} if say.correlation else {}
    body = {"to": say.thread or say.to, "messages": _bubbles(say)}
    with http.repeatable(if_so=bool(key)):
        answer = http.call(
            "line", "POST", HOST, "/v2/bot/message/push", token=credentials.token, body=body, headers=key
        )
        if answer.status not in (200, 409):
            raise outcome_of(answer, "POST")
    return _sent(answer)


def _sent(answer: http.Response) -> base.Sent:
    """A message that LINE took before (409) has the same ids; if these are missing, the id of the first request."""
    first, *more = [words(message.get("id")) for message in objects(answer.json, "sentMessages")] or [""]
    id = first or (answer.headers.get("x-line-accepted-request-id") or "")
    if not id:
        raise base.Unknown("LINE did not return the id of the message.", code="no_id")
    return base.Sent(id=id, also=tuple(more))


def _bubbles(say: base.Say) -> list[Mapping[str, Any]]:
    pictures = [
        {"type": "image", "originalContentUrl": file.url, "previewImageUrl": file.url} for file in say.attachments
    ]
    return [*([_words(say)] if say.text else []), *pictures]


def _words(say: base.Say) -> Mapping[str, Any]:
    if not say.interactive:
        return {"type": "text", "text": say.text}
    actions = [
        {"type": "postback", "label": option.title, "data": option.id, "displayText": option.title}
        for option in say.interactive.options
    ]
    if say.interactive.kind == "buttons":
        template = {"type": "buttons", "text": say.text, "actions": actions}
        return {"type": "template", "altText": say.text, "template": template}
    items = [{"type": "action", "action": action} for action in actions]
    return {"type": "text", "text": say.text, "quickReply": {"items": items}}


def act(credentials: base.Credentials, act: base.Act) -> None:
    """Typing is shown in chats with one person only; a message that came without a token cannot be marked as read."""
    if act.verb == "typing":
        if act.thread in ("", act.to):
            body = {"chatId": act.to or act.thread, "loadingSeconds": _TYPING_SECONDS}
            call(credentials, "POST", "/v2/bot/chat/loading/start", body=body)
    elif act.verb == "read":
        if token := words(act.context.get("read_token")):
            call(credentials, "POST", "/v2/bot/chat/markAsRead", body={"markAsReadToken": token})
    else:
        raise base.Rejected("The action is not available on LINE.", code="unsupported")


def call(
    credentials: base.Credentials, method: str, path: str, *, body: base.Json | None = None, host: str = HOST
) -> base.Json:
    answer = http.call("line", method, host, path, token=credentials.token, body=body)
    if answer.status < 300:
        return answer.json
    raise outcome_of(answer, method)


def outcome_of(answer: http.Response, method: str) -> base.Outcome:
    text = words(answer.json.get("message")) or f"LINE answered with status {answer.status}."
    if answer.status == 429 and _SPENT in text.lower():
        return base.Rejected(text, code="monthly_limit")
    kind = _STATUSES.get(answer.status, base.Rejected if answer.status < 500 else base.Unknown)
    if answer.status == 400 and any(phrase in text.lower() for phrase in _GONE):
        kind = base.Gone
    if kind is base.Unknown and method == "GET":
        kind = base.Unreachable
    after = _seconds(answer) if kind is base.Throttled else 0
    return kind(text, code=str(answer.status), after=after)


def _seconds(answer: http.Response) -> float:
    given = answer.headers.get("Retry-After") or ""
    return max(float(given), 1.0) if given.isascii() and given.isdecimal() else _PAUSE_SECONDS
