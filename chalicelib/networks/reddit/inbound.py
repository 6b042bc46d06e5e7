"""Turns what is in an account's inbox into events. https://www.reddit.com/dev/api/#GET_message_inbox

A body is `{"account": name, "items": [...]}`, as `polling` makes it. To a comment it adds its `top`: the first comment
of the thread that it is in.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.networks import base
from chalicelib.networks.base import Json
from chalicelib.networks.read import UNREADABLE, identity, known, millis, short, typed, words

_POST = re.compile(r"/r/[^/]{1,60}/comments/([a-z0-9]{1,20})/")
_DELETED = ("", "[deleted]")


def parse(payload: Json) -> Iterator[base.Inbound]:
    try:
        account, items = identity(short(payload, "account")["account"]), typed(list, payload["items"])
    except UNREADABLE:
        raw = payload if isinstance(payload, Mapping) else {}
        yield base.Inbound(account="", event=base.Unhandled(reason="malformed"), raw=raw)
        return
    shared = {"account": payload["account"]} | ({"history": True} if payload.get("history") is True else {})
    for item in items:
        event = _read(account, item, shared.get("history") is True)
        yield base.Inbound(account=account, event=event, raw={**shared, "items": [item]})


def _read(account: str, item: Any, history: bool) -> base.Event:
    try:
        if item["kind"] not in KINDS:
            return base.Unhandled(reason="unknown_type")
        data = typed(dict, item["data"])
        return _message(account, item["kind"], data, words(item.get("top")), history)
    except UNREADABLE:
        return base.Unhandled(reason="malformed")


KINDS = ("t1", "t4")  # a comment, a private message


def _message(account: str, kind: str, data: Json, top: str, history: bool) -> base.Message:
    id = _name(data["name"], kind)
    at, author, text = millis(data.get("created_utc")), words(data.get("author")), words(data.get("body"))
    own = author.lower() == account.lower()
    where = _private(id, data) if kind == "t4" else _public(id, data, top)
    return base.Message(
        **where,
        id=id,
        at=at,
        exact=at > 0,
        direction="out" if own else "in",
        person=None if own or author in _DELETED else base.Person(id=author, name=author, username=author),
        text=text,
        kind="" if text else "unsupported",
        history=history,
        context=known(subject=words(data.get("subject")), subreddit=words(data.get("subreddit"))),
    )


def _private(id: str, data: Json) -> dict[str, Any]:
    """A message says with which one its thread began, in one of two fields."""
    parent = words(data.get("parent_id"))
    return {"surface": "dm", "thread": words(data.get("first_message_name")) or id, "reply_to": parent}


def _public(id: str, data: Json, top: str) -> dict[str, Any]:
    parent, address = words(data.get("parent_id")), words(data.get("context"))
    post, mentions = _POST.match(address), data.get("type") == "username_mention"
    origin = base.Origin(
        id=f"t3_{post[1]}", url=f"https://www.reddit.com{post[0]}", kind="post", title=words(data.get("link_title"))
    ) if post else None  # fmt: skip
    above = top or (parent if parent.startswith("t1_") else id)
    thread = id if mentions else above
    return {"surface": "mention" if mentions else "comment", "thread": thread, "reply_to": parent, "origin": origin}


def _name(value: object, kind: str) -> str:
    if not isinstance(value, str) or not re.fullmatch(rf"{kind}_[a-z0-9]{{1,20}}", value):
        raise ValueError("name")
    return value
