"""Calls the agency's server: one signed POST for each message, act or question, as README.md documents.

A repeated call has the same `Idempotency-Key`, so that each message is said once.
"""

import json
import re
import secrets
import time
from collections.abc import Mapping
from typing import Any

from chalicelib.networks import base, http, signature
from chalicelib.networks.base import Credentials
from chalicelib.networks.read import filled, part, words

_ADDRESS = re.compile(r"https://([A-Za-z0-9.-]{1,253}(?::\d{1,5})?)(/[A-Za-z0-9._/-]{0,200})?")
_PAUSE_SECONDS = 30
CODES: Mapping[str, type[base.Outcome]] = {
    "rejected": base.Rejected,
    "window_closed": base.WindowClosed,
    "gone": base.Gone,
    "expired": base.Expired,
    "throttled": base.Throttled,
    "unavailable": base.Unreachable,
}
_STATUSES: Mapping[int, type[base.Outcome]] = {
    401: base.Expired,
    404: base.Gone,
    410: base.Gone,
    429: base.Throttled,
    503: base.Unreachable,
}


def send(credentials: Credentials, say: base.Say) -> base.Sent:
    files = [
        filled(kind=file.kind, url=file.url, mime=file.mime, name=file.name, size=file.size) for file in say.attachments
    ]
    message = filled(
        thread=say.thread, to=say.to, surface=say.surface, text=say.text, reply_to=say.reply_to, private=say.private,
        origin=say.origin, attachments=files, correlation=say.correlation,
    )  # fmt: skip
    answer = call(credentials, "send", {"message": message}, key=say.correlation)
    if not words(answer.get("id")):
        raise base.Unknown("The server did not return the id of the message.", code="no_id")
    return base.Sent(id=words(answer["id"]))


def act(credentials: Credentials, act: base.Act) -> None:
    why = {"reason": act.report.reason, "note": act.report.note} if act.verb == "report" else {}
    done = filled(verb=act.verb, thread=act.thread, id=act.id, to=act.to, surface=act.surface, emoji=act.emoji, **why)
    call(credentials, "act", {"act": done})


def server_address(credentials: Credentials) -> tuple[str, str]:
    """Host and path of the agency's server; raises Rejected for a wrong address."""
    match = _ADDRESS.fullmatch(credentials.details.get("address", ""))
    if match is None:
        raise base.Rejected("`details.address` has to be an https address without a query.", code="address")
    return match[1].lower(), match[2] or "/"


def call(credentials: Credentials, type: str, fields: Mapping[str, Any], key: str = "") -> Mapping[str, Any]:
    """The answer's JSON; raises the Outcome of an error."""
    host, path = server_address(credentials)
    account = {"account": credentials.account.rpartition("/")[2]} if credentials.account else {}
    content = json.dumps({"type": type, **account, **fields}).encode()
    headers = {"Content-Type": "application/json", **signed(credentials.token, content)}
    headers |= {"Idempotency-Key": key} if key else {}
    answer = http.call("custom", "POST", host, path, content=content, headers=headers, is_named=True)
    if answer.status < 300:
        return answer.json
    raise refusal(answer)


def signed(secret: str, content: bytes) -> Mapping[str, str]:
    """The headers of Standard Webhooks, with the body's signature."""
    id, seconds = f"msg_{secrets.token_hex(16)}", str(int(time.time()))
    proof = signature.standard(secret, id, seconds, content)
    return {"webhook-id": id, "webhook-timestamp": seconds, "webhook-signature": proof}


def refusal(answer: http.Response) -> base.Outcome:
    """The outcome is decided by the error's code; if the code is unknown, by the status."""
    error = part(answer.json, "error")
    code, text = words(error.get("code")), words(error.get("message"))
    by_status = _STATUSES.get(answer.status, base.Unknown if answer.status >= 500 else base.Rejected)
    outcome = CODES.get(code, by_status)
    after = _pause(answer) if outcome is base.Throttled else 0
    code = code if code in CODES else str(answer.status)
    return outcome(text or f"The server answered with status {answer.status}.", code=code, after=after)


def _pause(answer: http.Response) -> float:
    text = answer.headers.get("Retry-After") or ""
    return min(max(float(text), 1), 86_400) if re.fullmatch(r"\d{1,9}", text) else _PAUSE_SECONDS
