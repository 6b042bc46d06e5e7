"""Reads changes of videos, as the hub posted them, and comments, as we polled them.

A body is `{"feed": [...]}`, or `{"account": ..., "items": [...]}` with comments or threads of comments as the API has
them. An edited comment gives two events, whose own bodies have it under `said` and `edited`.
https://developers.google.com/youtube/v3/docs/comments
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chalicelib.networks import base
from chalicelib.networks.base import Json
from chalicelib.networks.read import UNREADABLE, identity, moment, part, parts, short, words

WATCH = "https://www.youtube.com/watch?v="
_MALFORMED = base.Unhandled(reason="malformed")


def parse(payload: Json) -> Iterator[base.Inbound]:
    if isinstance(payload, Mapping) and isinstance(payload.get("feed"), list):
        for entry in payload["feed"]:
            yield _news(entry)
        return
    account = short(payload, "account").get("account", "")
    flags = {"history": True} if account and payload.get("history") is True else {}
    rows = [(name, row) for name in READ for row in _rows(payload, name)] if account else []
    if not rows:
        yield base.Inbound(account=account, event=_MALFORMED, raw={"account": account} if account else {})
    for name, row in rows:
        for kind, comment in _comments(name, row):
            raw = {"account": account, kind: [comment], **flags}
            yield base.Inbound(account=account, event=_read(account, kind, comment, bool(flags)), raw=raw)


def _rows(payload: Json, name: str) -> list[Any]:
    rows = payload.get(name)
    return rows if isinstance(rows, list) else []


def _news(entry: Any) -> base.Inbound:
    """A video is new, was deleted, or has another title or description."""
    raw = {"feed": [entry]}
    account = short(entry, "channel").get("channel", "")
    try:
        event: base.Event = base.PostEdited(id=identity(entry["video"]), at=moment(entry.get("updated")))
    except UNREADABLE:
        event = _MALFORMED
    return base.Inbound(account=account, event=event if account else _MALFORMED, raw=raw)


def flat(row: Any) -> Iterator[Any]:
    """The comments of a thread, or the comment itself."""
    if not isinstance(row, Mapping) or "topLevelComment" not in part(row, "snippet"):
        yield row
        return
    yield row["snippet"]["topLevelComment"]
    yield from parts(row.get("replies"), "comments")


def _comments(name: str, row: Any) -> Iterator[tuple[str, Any]]:
    """Each comment under the name of the event that it gives."""
    if name != "items":
        yield name, row
        return
    for comment in flat(row):
        yield "said", comment
        if _is_edited(comment):
            yield "edited", comment


def _is_edited(comment: Any) -> bool:
    """True if it was updated after it was published; YouTube tells both times to the second."""
    snippet = part(comment, "snippet")
    return 0 < moment(snippet.get("publishedAt")) < moment(snippet.get("updatedAt"))


def _read(account: str, kind: str, comment: Any, history: bool) -> base.Event:
    try:
        return READ[kind](account, comment, history)
    except UNREADABLE:
        return _MALFORMED


def _comment(account: str, comment: Json, history: bool) -> base.Event:
    snippet, id = comment["snippet"], identity(comment["id"])
    author = identity(snippet["authorChannelId"]["value"]) if "authorChannelId" in snippet else ""
    parent, video = words(snippet.get("parentId")), words(snippet.get("videoId"))
    name, own, at = words(snippet.get("authorDisplayName")), author == account, moment(snippet.get("publishedAt"))
    username, avatar = name.removeprefix("@") if name[:1] == "@" else "", words(snippet.get("authorProfileImageUrl"))
    return base.Message(
        thread=parent or id,
        id=id,
        at=at,
        exact=at > 0,
        surface="comment",
        direction="out" if own else "in",
        person=None if own else base.Person(id=author, name=name, username=username, avatar=avatar),
        text=_text(snippet),
        kind="" if _text(snippet) else "unsupported",
        reply_to=parent,
        origin=base.Origin(id=video, url=WATCH + video, kind="video") if video else None,
        history=history,
        hidden=snippet.get("moderationStatus") in ("heldForReview", "rejected", "likelySpam"),
    )


def _edited(account: str, comment: Json, history: bool) -> base.Event:
    snippet, id = comment["snippet"], identity(comment["id"])
    thread, at = words(snippet.get("parentId")) or id, moment(snippet.get("updatedAt"))
    created = moment(snippet.get("publishedAt"))
    return base.Edit(thread=thread, id=id, at=at, text=_text(snippet), created=created, surface="comment")


READ: Mapping[str, Callable[[str, Json, bool], base.Event]] = {"items": _comment, "said": _comment, "edited": _edited}


def _text(snippet: Json) -> str:
    """The original text; only its author gets that, others get the shown text, for which we ask without markup."""
    return words(snippet.get("textOriginal")) or words(snippet.get("textDisplay"))
