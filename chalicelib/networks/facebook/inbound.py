"""Turns a Page's feed, mentions and ratings into events.

A comment's thread is the topmost comment above it; a visitor's post is a thread of its own. `created_time` is when the
change happened: an event that hides a comment does not tell when the comment was written.
https://developers.facebook.com/docs/graph-api/webhooks/reference/page
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from chalicelib.networks import base
from chalicelib.networks._meta import envelope
from chalicelib.networks._meta.envelope import Item, Read
from chalicelib.networks.read import MOST_PARTS, UNREADABLE, identity, millis, pick, words

SOMEONE = base.Person(id="")
_EMOJI = {
    "like": "👍",
    "love": "❤️",
    "care": "🤗",
    "haha": "😆",
    "wow": "😮",
    "sad": "😢",
    "sorry": "😢",
    "angry": "😡",
    "anger": "😡",
}
_POSTS = ("status", "post", "photo", "video", "share", "link", "album", "photo-album", "note", "event", "reel", "story")


def parse(payload: base.Json) -> Iterator[base.Inbound]:
    return envelope.inbounds(payload, "page", _event)


def _event(item: Item) -> base.Event:
    """Direct messages come in the same body; the network Messenger reads them."""
    if item.field in ("messaging", "standby"):
        return base.Unhandled(reason=base.SIBLING)
    read = _READERS.get((item.field, words(item.value.get("item"))))
    return read(item) if read else base.Unhandled(reason="unknown_item")


def _comment(item: Item) -> base.Event:
    change = item.value
    comment, post, parent = identity(change["comment_id"]), _post_id(change), _parent(change)
    details = pick(change.get("post"), "permalink_url", "status_type")
    url, kind = details.get("permalink_url", ""), details.get("status_type", "")
    origin = base.Origin(id=post, url=url, kind=kind, ad=advertised(change.get("post")))
    where = {"thread": parent or comment, "id": comment, "surface": "comment"}
    return _changed(item, where) or _to_message(item, where, reply_to=parent, origin=origin if post else None)


def advertised(post: object) -> base.Ad | None:
    """The advertisement that a post is: it was never published, or it is promoted at this moment."""
    if not isinstance(post, dict):
        return None
    is_ad = post.get("is_published") is False or words(post.get("promotion_status")) == "active"
    return base.Ad(creative=words(post.get("promotable_id"))) if is_ad else None


def _post_id(change: base.Json) -> str:
    try:
        return identity(change["post_id"])
    except UNREADABLE:
        return pick(change.get("post"), "id").get("id", "")


def _parent(change: base.Json) -> str:
    """The answered comment, spelled as in its own event; empty if the post is answered.

    Only the last part of an id names the thing. The part before it is the Page, album or post by which it was reached,
    so that in a photo post one thing comes under several ids.
    """
    place = _optional(change, "comment_id").rpartition("_")[0]
    parent, post = _optional(change, "parent_id"), _post_id(change) or place
    if parent and not post:
        raise ValueError("whether the post or a comment is answered cannot be told")
    if not parent or _own_number(parent) == _own_number(post):
        return ""
    return f"{place}_{_own_number(parent)}" if place and _own_number(place) == _own_number(post) else parent


def _own_number(name: str) -> str:
    return name.rpartition("_")[2]


def _optional(change: base.Json, name: str) -> str:
    return identity(change[name]) if name in change else ""


def _post(item: Item) -> base.Event:
    post = identity(item.value["post_id"])
    where = {"thread": post, "id": post, "surface": "comment"}
    own = _author(item.value).id == item.account and item.value.get("verb") in ("add", *_EDITS)
    origin = base.Origin(id=post, url=words(item.value.get("permalink_url")), kind=words(item.value["item"]))
    if own and item.value.get("verb") in _EDITS:
        return base.PostEdited(id=post, at=millis(item.value.get("edited_time")) or item.time)
    if own:
        return base.Unhandled(reason="own_post")
    return _changed(item, where) or _to_message(item, where, "post", origin=origin)


def _reaction(item: Item) -> base.Event:
    """A reaction without any ids is a like of the Page."""
    change = item.value
    if "post_id" not in change:
        return base.Unhandled(reason="page_like")
    post, comment = identity(change["post_id"]), _optional(change, "comment_id")
    kind = words(change.get("reaction_type")) or "like"
    thread = _parent(change) or (comment if "parent_id" in change else "")
    return base.Reaction(
        thread=thread if comment else post,
        id=comment or post,
        at=_at(item),
        by=_author(change),
        emoji="" if change.get("verb") == "remove" else _EMOJI.get(kind, kind),
        surface="comment",
    )


def _mention(item: Item) -> base.Event:
    post = identity(item.value["post_id"])
    mention = _optional(item.value, "comment_id") or post
    where = {"thread": mention, "id": mention, "surface": "mention"}
    origin = base.Origin(id=post, url=words(item.value.get("permalink_url")))
    return _changed(item, where) or _to_message(item, where, origin=origin)


def _review(item: Item) -> base.Event:
    """A recommendation, or a number of stars, which people could give in the past."""
    change = item.value
    story = identity(change["open_graph_story_id"])
    where = {"thread": story, "id": story, "surface": "review"}
    grades = {"rating": words(change.get("rating")), "recommendation": words(change.get("recommendation_type"))}
    context = {name: grade for name, grade in grades.items() if grade}
    changed = _changed(item, where)
    if isinstance(changed, base.Edit):
        return replace(changed, context=context or None)
    return changed or _to_message(item, where, "review", context=context)


def _review_comment(item: Item) -> base.Event:
    story, comment = identity(item.value["open_graph_story_id"]), identity(item.value["comment_id"])
    where = {"thread": story, "id": comment, "surface": "review"}
    return _changed(item, where) or _to_message(item, where, reply_to=story)


_READERS: Mapping[tuple[str, str], Read] = {
    ("feed", "comment"): _comment,
    ("feed", "reaction"): _reaction,
    ("feed", "like"): _reaction,
    **{("feed", item): _post for item in _POSTS},
    ("mention", "post"): _mention,
    ("mention", "comment"): _mention,
    ("mention", ""): _mention,
    ("ratings", "rating"): _review,
    ("ratings", "comment"): _review_comment,
}


def _to_message(item: Item, where: Mapping[str, Any], kind: str = "", **more: Any) -> base.Event:
    if item.value.get("verb", "add") != "add":
        return base.Unhandled(reason="unknown_verb")
    author, text, attachments = _author(item.value), _text(item), _attachments(item.value)
    own = author.id == item.account
    return base.Message(
        **where,
        at=_at(item),
        exact=bool(millis(item.value.get("created_time"))),
        direction="out" if own else "in",
        person=None if own else author,
        text=text,
        kind=kind if kind or text or attachments else "unsupported",
        attachments=attachments,
        hidden=item.value.get("is_hidden") is True or item.value.get("published") == 0,
        **more,
    )


def _changed(item: Item, where: Mapping[str, Any]) -> base.Event | None:
    read = _CHANGES.get(words(item.value.get("verb")))
    return read(item, where) if read else None


def _edited(item: Item, where: Mapping[str, Any]) -> base.Event:
    """Unhandled if it has no content: Facebook sends such an edit when a post goes into the Page's bin."""
    at, text, attachments = millis(item.value.get("edited_time")) or item.time, _text(item), _attachments(item.value)
    if not text and not attachments:
        return base.Unhandled(reason="empty_edit")
    return base.Edit(**where, at=at, text=text, attachments=attachments or None)


def _removed(item: Item, where: Mapping[str, Any]) -> base.Event:
    return base.Delete(thread=where["thread"], ids=(where["id"],), at=_at(item), surface=where["surface"])


def _hidden(item: Item, where: Mapping[str, Any]) -> base.Event:
    return base.Hide(**where, at=_at(item), hidden=item.value["verb"] == "hide")


_EDITS = ("edit", "edited", "update")
_CHANGES: Mapping[str, Callable[[Item, Mapping[str, Any]], base.Event]] = {
    **dict.fromkeys(_EDITS, _edited),
    "remove": _removed,
    "delete": _removed,
    "hide": _hidden,
    "unhide": _hidden,
}


def _at(item: Item) -> int:
    return millis(item.value.get("created_time")) or item.time


def _text(item: Item) -> str:
    return words(item.value.get("message")) or words(item.value.get("review_text"))


def _author(change: base.Json) -> base.Person:
    """SOMEONE if Facebook names no author: it does only if the app's permissions and the person allow that."""
    change = {"sender_id": change.get("reviewer_id"), "sender_name": change.get("reviewer_name"), **change}
    author = change.get("from") or {"id": change["sender_id"], "name": change["sender_name"]}
    return SOMEONE if author["id"] is None else base.Person(id=identity(author["id"]), name=words(author.get("name")))


def _attachments(change: base.Json) -> tuple[base.Attachment, ...]:
    """`link` is the file itself in a photo or video, and the shared page in any other post."""
    item, photos = words(change.get("item")), change.get("photos")
    link_kind = {"photo": "photo", "video": "video"}.get(item, "link")
    links = [("photo", change.get("photo")), ("video", change.get("video")), (link_kind, change.get("link"))]
    links += [("photo", photo) for photo in (photos[:MOST_PARTS] if isinstance(photos, list) else [])]
    urls = {url: _KINDS[kind] for kind, url in links if isinstance(url, str) and url}
    return tuple(base.Attachment(kind=kind, url=url, expires=kind != "link") for url, kind in urls.items())


_KINDS: Mapping[str, base.AttachmentKind] = {"photo": "image", "video": "video", "link": "link"}
