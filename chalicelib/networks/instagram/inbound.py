"""Turns Instagram's webhook into events. https://developers.facebook.com/docs/instagram-platform/webhooks/examples"""

from collections.abc import Iterator, Mapping

from chalicelib.networks import base
from chalicelib.networks._meta import envelope, messaging
from chalicelib.networks._meta.envelope import Item, Read
from chalicelib.networks.read import field, identity, pick, words

_LONGEST_TITLE = 100  # characters; a conversation keeps the title
_MEDIUM = ("id", "media_product_type", "ad_id", "ad_title", "original_media_id")


def _comment(item: Item) -> base.Event:
    """A comment, in the thread of the comment it answers, if any. Instagram does not tell when it was written."""
    value, media = item.value, pick(item.value.get("media"), *_MEDIUM)
    kind, ad, text = media.get("media_product_type", "").lower(), _ad(media), words(item.value.get("text"))
    comment, top = identity(value.get("id", value.get("comment_id"))), field(value, "parent_id")
    author = value.get("from") or {}
    person = base.Person(id=identity(author["id"]), username=words(author.get("username"))) if author else None
    own = person is not None and (person.id == item.account or bool(author.get("self_ig_scoped_id")))
    live = {"live": True} if item.field == "live_comments" else {}
    return base.Message(
        thread=top or comment,
        id=comment,
        at=item.time,
        exact=False,
        surface="comment",
        direction="out" if own else "in",
        person=None if own else person,
        text=text,
        kind="" if text else "unsupported",
        reply_to=top,
        hidden=value.get("hidden") is True,
        origin=base.Origin(id=media["id"], kind=kind, ad=ad) if "id" in media else None,
        context={**live, **pick(media, "ad_id", "ad_title")},
    )


def _ad(medium: Mapping[str, str]) -> base.Ad | None:
    """The advertisement that is commented. `placement` is unknown for a medium that was made only for the
    advertisement.
    """
    kind = medium.get("media_product_type", "").lower()
    if kind != "ad" and "ad_id" not in medium:
        return None
    return base.Ad(
        id=medium.get("ad_id", ""),
        title=medium.get("ad_title", "")[:_LONGEST_TITLE],
        placement="" if kind == "ad" else kind,
        creative=medium.get("original_media_id", ""),
    )


def _mention(item: Item) -> base.Event:
    """A mention comes as ids only; `connect.complete` asks for the rest."""
    media = identity(item.value["media_id"])
    mention = identity(item.value["comment_id"]) if "comment_id" in item.value else media
    return base.Message(
        thread=mention,
        id=mention,
        at=item.time,
        exact=False,
        surface="mention",
        origin=base.Origin(id=media),
        context={"media": media},
    )


def _seen(item: Item) -> base.Event:
    mid = identity(item.value["read"]["mid"])
    return base.Receipt(
        thread=messaging.person_id(item), status="read", at=messaging.time_of(item), id=mid, and_older=True
    )


_EVENTS: Mapping[str, Read] = {**messaging.EVENTS, "read": _seen}
_CHANGES: Mapping[str, Read] = {"comments": _comment, "live_comments": _comment, "mentions": _mention}


def _event(item: Item) -> base.Event:
    """The test button of Meta's dashboard sends direct messages as changes, so both are looked up here."""
    if item.field in _CHANGES:
        return _CHANGES[item.field](item)
    read = envelope.first_of(_EVENTS, item.value)
    return read(item) if read else base.Unhandled(reason="unknown_event")


def parse(payload: base.Json) -> Iterator[base.Inbound]:
    return envelope.inbounds(payload, "instagram", _event)
