"""Turns notifications and the log of direct messages into events.

A body is `{"account": did, "items": [...]}`, as `polling` makes it. A public post is in the thread of its root post.
https://docs.bsky.app/docs/api/app-bsky-notification-list-notifications and .../chat-bsky-convo-get-log
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chalicelib.networks import base, marks
from chalicelib.networks.base import Json
from chalicelib.networks.bluesky import embeds, uris
from chalicelib.networks.read import filled, identity, moment, part, typed, words

LOG = "chat.bsky.convo.defs#log"


def parse(payload: Json) -> Iterator[base.Inbound]:
    return marks.each(payload, _read)


def _read(account: str, item: Any, history: bool) -> base.Event:
    kind = words(item.get("$type"))
    if kind.startswith(LOG):
        logged = LOGS.get(kind.removeprefix(LOG))
        return logged(account, item, history) if logged else base.Unhandled(reason="unknown_type")
    read = REASONS.get(typed(str, item["reason"]))
    return read(account, item, history) if read else base.Unhandled(reason="unknown_type")


def _post(account: str, item: Json, history: bool) -> base.Message:
    id, record, author = _uri(item["uri"]), typed(dict, item["record"]), item["author"]
    at, files, text = moment(item.get("indexedAt")), embeds.attachments(item), words(record.get("text"))
    root = words(part(part(record, "reply"), "root").get("uri")) or id
    is_below_ours = root != id and uris.owner(root) == account
    own = identity(author["did"]) == account
    return base.Message(
        thread=root,
        id=id,
        at=at,
        exact=at > 0,
        surface="comment" if is_below_ours else "mention",
        direction="out" if own else "in",
        person=None if own else _person(author),
        text=text,
        kind="" if text or files else "unsupported",
        attachments=files,
        reply_to=words(part(part(record, "reply"), "parent").get("uri")),
        origin=base.Origin(id=root, url=uris.page(root)) if root != id else None,
        history=history,
        context=filled(links=embeds.links(record), quoted=embeds.quoted(record), url=uris.page(id)),
    )


def _chat_message(account: str, item: Json, history: bool) -> base.Message:
    message = typed(dict, item["message"])
    sender = identity(message["sender"]["did"])
    at, text = moment(message.get("sentAt")), words(message.get("text"))
    quoted = words(part(part(message, "embed"), "record").get("uri"))
    files = (base.Attachment(kind="link", url=uris.page(quoted)),) if uris.page(quoted) else ()
    return base.Message(
        thread=identity(item["convoId"]),
        id=identity(message["id"]),
        at=at,
        exact=at > 0,
        direction="out" if sender == account else "in",
        person=None if sender == account else base.Person(id=sender),
        text=text,
        kind="" if text or files else "unsupported",
        attachments=files,
        history=history,
        context=filled(links=embeds.links(message)),
    )


def _deleted(account: str, item: Json, history: bool) -> base.Delete:
    message = typed(dict, item["message"])
    return base.Delete(
        thread=identity(item["convoId"]),
        ids=(identity(message["id"]),),
        at=0,
        created=moment(message.get("sentAt")),
    )


def _reacted(account: str, item: Json, history: bool) -> base.Reaction:
    reaction, taken_away = typed(dict, item["reaction"]), words(item.get("$type")).endswith("RemoveReaction")
    return base.Reaction(
        thread=identity(item["convoId"]),
        id=identity(item["message"]["id"]),
        at=moment(reaction.get("createdAt")),
        by=base.Person(id=identity(reaction["sender"]["did"])),
        emoji="" if taken_away else words(reaction.get("value")),
    )


def _gone(account: str, item: Json, history: bool) -> base.Delete:
    """The deletion of a post, which `polling` found out."""
    id, thread = _uri(item["uri"]), _uri(item["thread"])
    surface: base.Surface = "comment" if thread != id and uris.owner(thread) == account else "mention"
    return base.Delete(thread=thread, ids=(id,), at=0, surface=surface)


def _notice(account: str, item: Json, history: bool) -> base.Unhandled:
    return base.Unhandled(reason="notice")


def _engagement(account: str, item: Json, history: bool) -> base.Unhandled:
    return base.Unhandled(reason="engagement")


Read = Callable[[str, Json, bool], base.Event]
REASONS: Mapping[str, Read] = {
    **dict.fromkeys(("reply", "mention", "quote"), _post),
    **dict.fromkeys(("like", "repost", "like-via-repost", "repost-via-repost", "subscribed-post"), _engagement),
    "follow": lambda account, item, history: base.Profile(
        person=_person(item["author"]), at=moment(item.get("indexedAt")), context={"follows": True}
    ),
    "deleted": _gone,
}
LOGS: Mapping[str, Read] = {
    "CreateMessage": _chat_message,
    "DeleteMessage": _deleted,
    "AddReaction": _reacted,
    "RemoveReaction": _reacted,
    **dict.fromkeys(
        ("BeginConvo", "AcceptConvo", "LeaveConvo", "MuteConvo", "UnmuteConvo", "ReadMessage", "ReadConvo"), _notice
    ),
}


def _uri(value: object) -> str:
    uri = identity(value)
    if not uris.owner(uri):
        raise ValueError("uri")
    return uri


def _person(value: Json) -> base.Person:
    return base.Person(
        id=identity(value["did"]),
        name=words(value.get("displayName")) or words(value.get("handle")),
        username=words(value.get("handle")),
        avatar=words(value.get("avatar")),
    )
