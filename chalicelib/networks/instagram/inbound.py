"""Instagram's webhook into events. https://developers.facebook.com/docs/instagram-platform/webhooks/examples"""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.networks import _meta, base
from chalicelib.networks import _meta_messaging as messaging
from chalicelib.networks._meta import Item, identity, pick, words


def _comment(item: Item) -> base.Event:
    """A comment, or a reply to one: the top comment makes the thread. When it was written is not told."""
    told = item.value
    comment, top = identity(told.get("id", told.get("comment_id"))), pick(told, "parent_id").get("parent_id", "")
    author = told.get("from") or {}
    own = bool(author) and (identity(author["id"]) == item.account or bool(author.get("self_ig_scoped_id")))
    text = words(told.get("text"))
    context: dict[str, Any] = {"live": item.field == "live_comments", **pick(told.get("media"), "ad_id", "ad_title")}
    return base.Message(
        thread=top or comment,
        id=comment,
        at=item.time,
        exact=False,
        surface="comment",
        direction="out" if own else "in",
        person=_author(author) if author and not own else None,
        text=text,
        kind="" if text else "unsupported",
        reply_to=top,
        origin=_media(told.get("media")),
        context={name: value for name, value in context.items() if value},
    )


def _author(told: base.Json) -> base.Person:
    return base.Person(id=identity(told["id"]), username=words(told.get("username")))


def _media(told: Any) -> base.Origin | None:
    found = pick(told, "id", "media_product_type")
    return base.Origin(id=found["id"], kind=found.get("media_product_type", "").lower()) if "id" in found else None


def _mention(item: Item) -> base.Event:
    """Comes as ids only: `complete` asks for the rest."""
    media = identity(item.value["media_id"])
    mention = identity(item.value["comment_id"]) if "comment_id" in item.value else media
    return base.Message(
        thread=mention,
        id=mention,
        at=item.time,
        exact=False,
        surface="mention",
        origin=base.Origin(id=media),
    )


def _seen(item: Item) -> base.Event:
    mid = identity(item.value["read"]["mid"])
    return base.Receipt(thread=messaging.person(item), status="read", at=messaging.at(item), id=mid)


_EVENTS: Mapping[str, Callable[[Item], base.Event]] = {**messaging.EVENTS, "read": _seen}
_CHANGES: Mapping[str, Callable[[Item], base.Event]] = {
    "comments": _comment,
    "live_comments": _comment,
    "mentions": _mention,
}


def _event(item: Item) -> base.Event:
    """The dashboard's test button sends direct messages as changes too."""
    if item.field in _CHANGES:
        return _CHANGES[item.field](item)
    name = next((name for name in _EVENTS if name in item.value), "")
    return _EVENTS[name](item) if name else base.Unhandled(reason="unknown_event")


def parse(payload: base.Json) -> list[base.Inbound]:
    return _meta.inbounds(payload, "instagram", _event)
