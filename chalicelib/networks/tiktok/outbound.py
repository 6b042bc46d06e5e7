"""What we say and do on TikTok. A refusal may have status 200. No call has an idempotency key, so no repeat is safe.

https://business-api.tiktok.com/portal/docs?id=1832184403754242
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.networks import base, http
from chalicelib.networks.read import part, words

HOST, ROOT = "business-api.tiktok.com", "/open_api/v1.3"
_PAUSE_SECONDS = 60.0
_CODES: Mapping[int, type[base.Outcome]] = {
    **dict.fromkeys((40001, 40002, 40006, 40007, 40009, 40103), base.Rejected),
    **dict.fromkeys((40102, 40104, 40105), base.Expired),
    **dict.fromkeys((40016, 40100, 40133), base.Throttled),
}
_STATUSES = {401: base.Expired, 429: base.Throttled}
# The texts by which TikTok tells why it refuses a message; in lower case.
_WORDS: Mapping[type[base.Outcome], tuple[str, ...]] = {
    base.WindowClosed: ("48 hour", "48-hour", "48h", "message window", "messaging window", "messages in a row"),
    base.Gone: ("not found", "does not exist", "has been deleted", "blocked", "not available to the user"),
}
_SIGNALS = {"typing": "TYPING", "read": "MARK_READ"}


def parts(say: base.Say) -> Sequence[base.Say]:
    """The text, then each picture."""
    files = [replace(say, text="", attachments=(file,), reply_to="") for file in say.attachments]
    if not say.text and files:
        return [replace(files[0], reply_to=say.reply_to), *files[1:]]
    return [replace(say, attachments=()), *files]


def send(credentials: base.Credentials, say: base.Say) -> base.Sent:
    return _comment(credentials, say) if say.surface == "comment" else _message(credentials, say)


def _comment(credentials: base.Credentials, say: base.Say) -> base.Sent:
    if say.attachments or say.private:
        raise base.Rejected("A comment on TikTok is a public text without files.", code="unsupported")
    body = {"video_id": say.origin, "comment_id": say.reply_to or say.thread, "text": say.text}
    made = call(credentials, "POST", "/business/comment/reply/create/", body=body)
    return _sent(words(made.get("comment_id")))


def _message(credentials: base.Credentials, say: base.Say) -> base.Sent:
    quote = {"referenced_message_info": {"referenced_message_id": say.reply_to}} if say.reply_to else {}
    if say.attachments:
        content = {"message_type": "IMAGE", "image": {"media_id": _upload(credentials, say.attachments[0])}}
    else:
        content = {"message_type": "TEXT", "text": {"body": say.text}}
    made = call(credentials, "POST", _SEND, body={**_recipient(say.thread), **content, **quote})
    return _sent(words(part(made, "message").get("message_id")) or words(made.get("message_id")))


_SEND = "/business/message/send/"


def _recipient(conversation: str) -> dict[str, Any]:
    return {"recipient_type": "CONVERSATION", "recipient": conversation}


def _sent(id: str) -> base.Sent:
    if not id:
        raise base.Unknown("TikTok did not return the id of the reply.", code="no_id")
    return base.Sent(id=id)


def _upload(credentials: base.Credentials, file: base.Media) -> str:
    """The id of an uploaded picture. Nobody sees an upload, so a failed one may be repeated."""
    if not isinstance(file, base.Loaded):
        raise base.Rejected(
            "The file could not be loaded, or is too large to be uploaded to TikTok.", code="attachment"
        )
    body = {"media_type": "IMAGE"}
    with http.repeatable():
        taken = call(credentials, "POST", "/business/message/media/upload/", body=body, files={"file": file})
    if not words(taken.get("media_id")):
        raise base.Unreachable("TikTok did not return the id of the uploaded file.", code="no_id")
    return words(taken["media_id"])


def act(credentials: base.Credentials, act: base.Act) -> None:
    comment = {"comment_id": act.id, "video_id": words(act.context.get("video"))}
    if act.verb in _SIGNALS and act.surface == "dm":
        body = {**_recipient(act.thread), "message_type": "SENDER_ACTION", "sender_action": _SIGNALS[act.verb]}
        call(credentials, "POST", _SEND, body=body)
    elif act.verb in ("hide", "unhide") and act.surface == "comment":
        call(credentials, "POST", "/business/comment/hide/", body={**comment, "action": act.verb.upper()})
    elif act.verb == "like" and act.surface == "comment":
        call(credentials, "POST", "/business/comment/like/", body={**comment, "action": "LIKE"})
    else:
        raise base.Rejected("The action is not available on this surface of TikTok.", code="unsupported")


def is_shown(credentials: base.Credentials, act: base.Act) -> bool | None:
    """True if the comment is among the public ones."""
    video = {"video_id": words(act.context.get("video")), "status": "PUBLIC", "include_replies": "true"}
    answer = call(credentials, "GET", "/business/comment/list/", query={**video, "comment_ids": json.dumps([act.id])})
    shown = answer.get("comments")
    if not isinstance(shown, list):
        return None
    return any(words(comment.get("comment_id")) == act.id for comment in shown if isinstance(comment, dict))


def call(
    credentials: base.Credentials,
    method: str,
    path: str,
    *,
    query: Mapping[str, str] | None = None,
    body: Mapping[str, Any] | None = None,
    files: Mapping[str, base.Loaded] | None = None,
) -> base.Json:
    """The `data` of the answer. Each call names the account."""
    account, headers = {"business_id": credentials.account}, {"Access-Token": credentials.token}
    arguments: dict[str, Any] = {"query": {**account, **(query or {})}} if method == "GET" else {}
    arguments |= {"body": {**account, **(body or {})}, "files": files} if method == "POST" else {}
    answer = http.call("tiktok", method, HOST, ROOT + path, headers=headers, **arguments)
    return data_of(answer, method)


def data_of(answer: http.Response, method: str) -> base.Json:
    if 200 <= answer.status < 300 and answer.json.get("code") == 0:
        return part(answer.json, "data")
    raise outcome_of(answer, method)


def outcome_of(answer: http.Response, method: str) -> base.Outcome:
    code, text = answer.json.get("code"), words(answer.json.get("message"))
    kind = _meaning(answer.status, code, text.lower())
    if kind is base.Unknown and method == "GET":
        kind = base.Unreachable
    after = _PAUSE_SECONDS if kind is base.Throttled else 0
    return kind(
        text or f"TikTok answered with status {answer.status}.", code=words(code) or str(answer.status), after=after
    )


def _meaning(status: int, code: object, text: str) -> type[base.Outcome]:
    """The outcome is decided by TikTok's code; for the codes of a wrong request, by the words of its text."""
    if not isinstance(code, int):
        return _STATUSES.get(status, base.Rejected if 400 <= status < 500 else base.Unknown)
    known = _CODES.get(code, base.Rejected if 40000 <= code < 50000 else base.Unknown)
    if known is base.Rejected:
        return next((kind for kind, phrases in _WORDS.items() if any(phrase in text for phrase in phrases)), known)
    return known
