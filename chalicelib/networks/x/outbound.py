"""What we say and do on X. No call has an idempotency key, so no repeat is safe.

https://docs.x.com/x-api/posts/create-post
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from chalicelib.networks import base, http
from chalicelib.networks.read import part, words
from chalicelib.networks.read import parts as objects

HOST = "api.x.com"
_TOGETHER = {"dm": 1}
_MOST_PICTURES = 4
_PAUSE_SECONDS = 60.0
_STATUSES = {401: base.Expired, 404: base.Gone, 429: base.Throttled}
# X says in words why it forbids something; in lower case.
_GONE = (
    *("cannot send messages to this user", "deleted or not visible", "user has been suspended", "is not found"),
    *("you have been blocked", "does not follow you", "not participant", "could not find"),
)


def parts(say: base.Say) -> Sequence[base.Say]:
    """Up to four pictures go with one post, one with a direct message. The text goes with the first."""
    most = _TOGETHER.get(say.surface, _MOST_PICTURES)
    groups = [say.attachments[start : start + most] for start in range(0, len(say.attachments), most)] or [()]
    return [replace(say, text="" if number else say.text, attachments=group) for number, group in enumerate(groups)]


def send(credentials: base.Credentials, say: base.Say) -> base.Sent:
    uploaded = [_upload(credentials, say.surface, file) for file in say.attachments]
    text = {"text": say.text} if say.text else {}
    if say.surface == "dm":
        files = {"attachments": [{"media_id": id} for id in uploaded]} if uploaded else {}
        path = f"/2/dm_conversations/with/{quote(say.to or say.thread, safe='')}/messages"
        said = call(credentials, "POST", path, body={**text, **files})
    else:
        media = {"media": {"media_ids": uploaded}} if uploaded else {}
        reply = {"reply": {"in_reply_to_tweet_id": say.reply_to or say.thread}}
        said = call(credentials, "POST", "/2/tweets", body={**text, **media, **reply})
    id = words(part(said, "data").get("dm_event_id")) or words(part(said, "data").get("id"))
    if not id:
        raise base.Unknown("X did not return the id of the reply.", code="no_id")
    return base.Sent(id=id)


def _upload(credentials: base.Credentials, surface: str, file: base.Media) -> str:
    """The id of an uploaded picture. Nobody sees an upload, so a failed one may be repeated."""
    if not isinstance(file, base.Loaded):
        raise base.Rejected("The file could not be loaded, or is too large to be uploaded to X.", code="attachment")
    body = {"media_category": "dm_image" if surface == "dm" else "tweet_image"}
    with http.repeatable():
        answer = call(credentials, "POST", "/2/media/upload", body=body, files={"media": file})
    id = words(part(answer, "data").get("id"))
    if not id:
        raise base.Unreachable("X did not return the id of the uploaded file.", code="no_id")
    return id


def act(credentials: base.Credentials, act: base.Act) -> None:
    if act.verb in ("hide", "unhide") and act.surface == "comment":
        call(credentials, "PUT", f"/2/tweets/{quote(act.id, safe='')}/hidden", body={"hidden": act.verb == "hide"})
    elif act.verb in ("ban", "unban"):
        way = "block" if act.verb == "ban" else "unblock"
        call(credentials, "POST", f"/2/users/{quote(act.to, safe='')}/dm/{way}")
    else:
        raise base.Rejected("The action is not available on this surface of X.", code="unsupported")


def call(
    credentials: base.Credentials,
    method: str,
    path: str,
    *,
    query: Mapping[str, str] | None = None,
    body: Mapping[str, Any] | None = None,
    files: Mapping[str, base.Loaded] | None = None,
) -> base.Json:
    answer = http.call("x", method, HOST, path, token=credentials.token, query=query, body=body, files=files)
    if 200 <= answer.status < 300 and not ("data" not in answer.json and "errors" in answer.json):
        return answer.json
    raise outcome_of(answer, method)


def outcome_of(answer: http.Response, method: str, now: float = 0) -> base.Outcome:
    """`now` is in seconds: X tells when a limit ends, not how long that takes."""
    first = next(iter(objects(answer.json, "errors")), {})
    text = words(answer.json.get("detail")) or words(first.get("message")) or words(first.get("detail"))
    kind = _STATUSES.get(answer.status, base.Rejected if answer.status < 500 else base.Unknown)
    if answer.status < 300 or (answer.status in (400, 403) and any(phrase in text.lower() for phrase in _GONE)):
        kind = base.Gone
    if kind is base.Unknown and method == "GET":
        kind = base.Unreachable
    after = _seconds(answer, now or time.time()) if kind is base.Throttled else 0
    return kind(text or f"X answered with status {answer.status}.", code=str(answer.status), after=after)


def _seconds(answer: http.Response, now: float) -> float:
    end = answer.headers.get("x-rate-limit-reset") or ""
    return max(float(end) - now, 1.0) if end.isascii() and end.isdecimal() else _PAUSE_SECONDS
