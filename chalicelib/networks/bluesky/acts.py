"""What we do to posts and people on Bluesky. Doing it again changes nothing."""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.networks import base
from chalicelib.networks.base import Act, Credentials
from chalicelib.networks.bluesky import uris
from chalicelib.networks.bluesky.calls import CHAT, get, post
from chalicelib.networks.bluesky.records import post_at, server_time
from chalicelib.networks.read import part, words

_GATE, _LIKE, _BLOCK = "app.bsky.feed.threadgate", "app.bsky.feed.like", "app.bsky.graph.block"
_MOST_HIDDEN = 300
_LONGEST_NOTE = 2000
_REASONS: Mapping[base.Reason, str] = {
    "spam": "reasonSpam", "abuse": "reasonRude", "sexual": "reasonSexual", "misleading": "reasonMisleading",
    "illegal": "reasonViolation", "other": "reasonOther",
}  # fmt: skip


def act(credentials: Credentials, act: Act) -> None:
    if act.verb not in ACTS:
        raise base.Rejected("The action is not available on Bluesky.", code=act.verb)
    ACTS[act.verb](credentials, act)


def _hide(credentials: Credentials, act: Act) -> None:
    """Hidden replies are listed in the gate of a thread's root post, which only the root's author can change.

    https://docs.bsky.app/docs/tutorials/thread-gates
    """
    hidden, root = uris.parse(act.id), uris.parse(act.thread)
    if root.did != credentials.account:
        raise base.Rejected("Only replies below the account's own posts can be hidden.", code="not_ours")
    gate, version = _gate(credentials, root)
    uri = f"at://{hidden.did}/{hidden.collection}/{hidden.key}"
    listed = [reply for reply in gate.get("hiddenReplies", []) if reply != uri] + ([uri] if act.verb == "hide" else [])
    if len(listed) > _MOST_HIDDEN:
        raise base.Rejected(f"Bluesky hides at most {_MOST_HIDDEN} replies below a post.", code="too_many")
    if listed == gate.get("hiddenReplies", []):
        return
    where = {"repo": credentials.account, "collection": _GATE, "rkey": root.key}
    body = {**where, "record": {**gate, "hiddenReplies": listed}, "swapRecord": version or None}
    post(credentials, "com.atproto.repo.putRecord", body)


def _gate(credentials: Credentials, root: uris.Place) -> tuple[Mapping[str, Any], str]:
    """The gate and its version; if there is none, a new gate that lets everybody answer."""
    query = {"repo": credentials.account, "collection": _GATE, "rkey": root.key}
    try:
        record = get(credentials, "com.atproto.repo.getRecord", query=query).json
        return part(record, "value"), words(record.get("cid"))
    except base.Gone:
        answer = get(credentials, "com.atproto.server.getSession")
        uri = f"at://{root.did}/{root.collection}/{root.key}"
        return {"$type": _GATE, "post": uri, "createdAt": server_time(answer), "hiddenReplies": []}, ""


def _like(credentials: Credentials, act: Act) -> None:
    liked = post_at(credentials, act.id)
    if not part(liked.view, "viewer").get("like"):
        _create(credentials, _LIKE, {"subject": liked.itself, "createdAt": liked.asked_at})


def _ban(credentials: Credentials, act: Act) -> None:
    person = uris.did(act.to)
    answer = get(credentials, "app.bsky.actor.getProfile", query={"actor": person})
    blocking = words(part(answer.json, "viewer").get("blocking"))
    if act.verb == "ban" and not blocking:
        _create(credentials, _BLOCK, {"subject": person, "createdAt": server_time(answer)})
    elif act.verb == "unban" and blocking:
        where = {"repo": credentials.account, "collection": _BLOCK, "rkey": uris.parse(blocking).key}
        post(credentials, "com.atproto.repo.deleteRecord", where)


def _report(credentials: Credentials, act: Act) -> None:
    """Reports to the moderation service that the account's server names.

    https://docs.bsky.app/docs/api/com-atproto-moderation-create-report
    """
    subject = {"$type": "com.atproto.repo.strongRef", **post_at(credentials, act.id).itself}
    reason = f"com.atproto.moderation.defs#{_REASONS[act.report.reason]}"
    note = {"reason": act.report.note[:_LONGEST_NOTE]} if act.report.note else {}
    body = {"reasonType": reason, "subject": subject, **note}
    post(credentials, "com.atproto.moderation.createReport", body)


def _react(credentials: Credentials, act: Act) -> None:
    name = "addReaction" if act.verb == "react" else "removeReaction"
    body = {"convoId": act.thread, "messageId": act.id, "value": act.emoji}
    post(credentials, f"chat.bsky.convo.{name}", body, headers=CHAT)


def _create(credentials: Credentials, collection: str, record: Mapping[str, Any]) -> None:
    body = {"repo": credentials.account, "collection": collection, "record": {"$type": collection, **record}}
    post(credentials, "com.atproto.repo.createRecord", body)


ACTS: Mapping[str, Callable[[Credentials, Act], None]] = {
    "hide": _hide,
    "unhide": _hide,
    "like": _like,
    "react": _react,
    "unreact": _react,
    "report": _report,
    "ban": _ban,
    "unban": _ban,
}
