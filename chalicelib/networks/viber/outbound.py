"""What we send on Viber: each message is one call of `send_message`, which has no idempotency key, so no repeat is
safe.

https://developers.viber.com/docs/api/rest-bot-api/#send-message
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.networks import base, http
from chalicelib.networks.read import UNREADABLE, identity, words

HOST = "chatapi.viber.com"
CAPTION = 512
LONGEST_NAME = 28
_PAUSE_SECONDS = 60.0

# https://developers.viber.com/docs/api/rest-bot-api/#error-codes; any other may come after something was done.
CODES: Mapping[int, type[base.Outcome]] = {
    **dict.fromkeys((1, 3, 4, 7, 9, 10, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24), base.Rejected),
    **dict.fromkeys((2, 8), base.Expired),
    **dict.fromkeys((5, 6, 11), base.Gone),
    12: base.Throttled,
}
_STATUSES = {401: base.Expired, 429: base.Throttled}


def parts(say: base.Say) -> Sequence[base.Say]:
    """Each file alone. A short text goes below the first file if that is a picture; any other text goes first."""
    files = [replace(say, text="", attachments=(file,)) for file in say.attachments]
    if files and say.attachments[0].kind == "image" and len(say.text) <= CAPTION:
        return [replace(files[0], text=say.text), *files[1:]]
    return [*([replace(say, attachments=())] if say.text or not files else []), *files]


def send(credentials: base.Credentials, say: base.Say) -> base.Sent:
    sender = {"name": (credentials.details.get("name") or "Bot")[:LONGEST_NAME]}
    body = {"receiver": say.to or say.thread, "min_api_version": 1, "sender": sender, **_content(say)}
    answer = call(credentials, "send_message", body)
    try:
        return base.Sent(id=identity(answer["message_token"]))
    except UNREADABLE:
        raise base.Unknown("Viber did not return the id of the message.", code="no_id") from None


def _content(say: base.Say) -> Mapping[str, Any]:
    if not say.attachments:
        return {"type": "text", "text": say.text}
    [file] = say.attachments
    if file.kind == "image":
        return {"type": "picture", "text": say.text, "media": file.url}
    if not file.size:
        raise base.Rejected("Viber needs the size of the file, and the size is not known.", code="attachment")
    if file.kind == "video":
        return {"type": "video", "media": file.url, "size": file.size}
    return {"type": "file", "media": file.url, "size": file.size, "file_name": file.name or "file"}


def act(credentials: base.Credentials, act: base.Act) -> None:
    raise base.Rejected("The action is not available on Viber.", code="unsupported")


def call(credentials: base.Credentials, method: str, body: base.Json, *, reads: bool = False) -> base.Json:
    """The answer of a method. All calls are POSTs; with `reads` the call writes nothing, so a failure is Unreachable.

    Text is sent unescaped, as UTF-8, because Viber takes no body above 30 KB.
    """
    headers = {"X-Viber-Auth-Token": credentials.token, "Content-Type": "application/json"}
    content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    with http.repeatable(if_so=reads):
        answer = http.call("viber", "POST", HOST, f"/pa/{method}", content=content, headers=headers)
        if answer.status == 200 and answer.json.get("status") == 0:
            return answer.json
        raise outcome_of(answer)


def outcome_of(answer: http.Response) -> base.Outcome:
    status = answer.json.get("status")
    by_status = base.Rejected if 400 <= answer.status < 500 else base.Unknown
    kind = CODES.get(status) if isinstance(status, int) else _STATUSES.get(answer.status, by_status)
    kind = kind or base.Unknown
    text = words(answer.json.get("status_message")) or f"Viber answered with status {answer.status}."
    code = words(status) or str(answer.status)
    return kind(text, code=code, after=_PAUSE_SECONDS if kind is base.Throttled else 0)
