"""Turns the items of an account's inbox into events. https://www.reddit.com/dev/api#section_messages

A body is `{"account": "t2_...", "items": [...]}`, as `polling` makes it. `polling` adds to an answer its `thread`,
which is the mention that it began with or the topmost comment that is not ours, and its `surface` if that is a
mention's.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.networks import base
from chalicelib.networks.base import Json
from chalicelib.networks.read import UNREADABLE, filled, identity, millis, short, typed, words

_COMMENT, _MESSAGE = "t1", "t4"


def parse(payload: Json) -> Iterator[base.Inbound]:
    try:
        account, items = identity(short(payload, "account")["account"]), typed(list, payload["items"])
    except UNREADABLE:
        yield base.Inbound(account="", event=base.Unhandled(reason="malformed"), raw={})
        return
    shared = {"account": payload["account"]} | ({"history": True} if payload.get("history") is True else {})
    for item in items:
        event = _read(account, item, "history" in shared)
        yield base.Inbound(account=account, event=event, raw={**shared, "items": [item]})


def _read(account: str, item: Any, history: bool) -> base.Event:
    try:
        kind, value = typed(str, item["kind"]), typed(dict, item["data"])
        if kind not in (_COMMENT, _MESSAGE):
            return base.Unhandled(reason="unknown_type")
        where = _comment(item, value) if kind == _COMMENT else _message(value)
        return _to_message(account, value, where, history)
    except UNREADABLE:
        return base.Unhandled(reason="malformed")


def _to_message(account: str, value: Json, where: Mapping[str, Any], history: bool) -> base.Event:
    """The author of a closed account has only a name. Messages of Reddit itself have no author."""
    author, name = words(value.get("author_fullname")), words(value.get("author"))
    text, at = words(value.get("body")), millis(value.get("created_utc"))
    is_own = author == account
    return base.Message(
        **where,
        id=identity(value["name"]),
        at=at,
        exact=at > 0,
        direction="out" if is_own else "in",
        person=None if is_own else base.Person(id=author or name, name=name, username=name),
        text=text,
        kind="" if text else "unsupported",
        history=history,
    )


def _comment(item: Json, value: Json) -> Mapping[str, Any]:
    """`context` is the comment's path, which has the post's id in it; our own comments have a `permalink` instead."""
    name, path = identity(value["name"]), words(value.get("context")) or words(value.get("permalink"))
    post = words(value.get("link_id")) or post_in(path)
    parent = words(value.get("parent_id"))
    return {
        "thread": name if is_mention(value) else words(item.get("thread")) or name,
        "surface": "mention" if is_mention(value) or item.get("surface") == "mention" else "comment",
        "reply_to": parent if parent.startswith(_COMMENT) else "",
        "origin": base.Origin(id=post, url=_address(path), title=words(value.get("link_title"))) if post else None,
        "context": filled(community=words(value.get("subreddit")), permalink=_address(path)),
    }


def is_mention(value: Json) -> bool:
    return value.get("type") == "username_mention" or value.get("subject") == "username mention"


def _address(path: str) -> str:
    return f"https://www.reddit.com{path.partition('?')[0]}" if path.startswith("/r/") else ""


def post_in(path: str) -> str:
    """The id of the post in a path such as `/r/shoes/comments/1abc/how_much/k2/`."""
    parts = path.split("/")
    return f"t3_{parts[4]}" if len(parts) > 5 and parts[3] == "comments" else ""


def _message(value: Json) -> Mapping[str, Any]:
    """A private message and all that answers it are one thread, named by the first."""
    return {
        "thread": words(value.get("first_message_name")) or identity(value["name"]),
        "reply_to": words(value.get("parent_id")),
        "context": filled(subject=words(value.get("subject"))),
    }
