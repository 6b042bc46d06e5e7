"""What we post and do on Mastodon. An answer has the visibility of the answered post, and names its author.

https://docs.joinmastodon.org/methods/statuses/
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.networks import base
from chalicelib.networks.mastodon.calls import api, segment
from chalicelib.networks.read import part, words

LONGEST = 500
MENTION = 32  # what "@name " counts at most: servers give names of 30 characters, and another's host does not count
FILES_TOGETHER = 4
LONGEST_NOTE = 1000
_CATEGORIES: Mapping[base.Reason, str] = {"spam": "spam", "illegal": "legal"}  # a "violation" names a server's rules
_ACTS: Mapping[str, str] = {
    "like": "/api/v1/statuses/{id}/favourite",
    "ban": "/api/v1/accounts/{to}/block",
    "unban": "/api/v1/accounts/{to}/unblock",
}


def parts(say: base.Say) -> Sequence[base.Say]:
    """Four pictures for each post; the text goes with the first post."""
    files = [say.attachments[at : at + FILES_TOGETHER] for at in range(0, len(say.attachments), FILES_TOGETHER)]
    first, *rest = files or [()]
    return [replace(say, attachments=first), *(replace(say, text="", attachments=group) for group in rest)]


def send(credentials: base.Credentials, say: base.Say) -> base.Sent:
    """Within an hour the same part of an answer is posted once, however often it is sent."""
    body = _private_body(credentials, say) if say.surface == "dm" else _public_body(credentials, say)
    files = [_upload(credentials, file) for file in say.attachments]
    body |= {"media_ids": files} if files else {}
    headers = {"Idempotency-Key": _key(say)} if say.correlation else {}
    id = words(api(credentials, "POST", "/api/v1/statuses", body=body, headers=headers).json.get("id"))
    if not id:
        raise base.Unknown("The server did not return the id of the post.", code="no_id")
    return base.Sent(id=id)


def act(credentials: base.Credentials, act: base.Act) -> None:
    if act.verb == "report":
        api(credentials, "POST", "/api/v1/reports", body=_report(act))
        return
    if act.verb not in _ACTS:
        raise base.Rejected("The action is not available on Mastodon.", code=act.verb)
    ids = {"id": act.id, "to": act.to}
    [name] = [name for name in ids if f"{{{name}}}" in _ACTS[act.verb]]
    api(credentials, "POST", _ACTS[act.verb].format(**{name: segment(ids[name])}), body={})


def _report(act: base.Act) -> Mapping[str, Any]:
    """Reports to the moderators of our server. https://docs.joinmastodon.org/methods/reports/"""
    note = act.report.note[:LONGEST_NOTE]
    category = _CATEGORIES.get(act.report.reason, "other")
    return {
        "account_id": segment(act.to), "status_ids": [segment(act.id)], "category": category,
        "comment": note or act.report.reason,
    }  # fmt: skip


def _key(say: base.Say) -> str:
    """Each part of an answer has a different key."""
    content = "\n".join([say.correlation, say.text, *(file.url for file in say.attachments)])
    return hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()


def _private_body(credentials: base.Credentials, say: base.Say) -> dict[str, Any]:
    person = api(credentials, "GET", f"/api/v1/accounts/{segment(say.to or say.thread)}").json
    above = {"in_reply_to_id": segment(say.reply_to)} if say.reply_to else {}
    return {"status": _with_name(say.text, person), "visibility": "direct", **above}


def _public_body(credentials: base.Credentials, say: base.Say) -> dict[str, Any]:
    """The answer is never visible to more people than the post it answers."""
    answered = segment(say.reply_to or say.thread)
    status = api(credentials, "GET", f"/api/v1/statuses/{answered}").json
    visibility = words(status.get("visibility")) or "unlisted"
    return {
        "status": _with_name(say.text, part(status, "account")),
        "visibility": visibility,
        "in_reply_to_id": answered,
    }


def _with_name(text: str, person: base.Json) -> str:
    """Adds the person's name if it is missing: Mastodon notifies only people who are named."""
    name = words(person.get("acct"))
    return text if not name or f"@{name}".lower() in text.lower() else f"@{name} {text}".strip()


def _upload(credentials: base.Credentials, file: base.Media) -> str:
    if not isinstance(file, base.Loaded) or file.kind != "image":
        raise base.Rejected("Mastodon takes only images of at most 8 MB.", code="attachment")
    id = words(api(credentials, "POST", "/api/v2/media", files={"file": file}).json.get("id"))
    if not id:
        raise base.Unreachable("The server did not return the id of the uploaded file.", code="no_id")
    return id
