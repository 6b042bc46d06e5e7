"""The Page's feed, mentions and ratings. A comment's thread is the comment on top of it, a visitor's post its own.

`created_time` is when the change happened, not when what it changed was written: hiding and showing again one comment
come with two of them. https://developers.facebook.com/docs/graph-api/webhooks/reference/page
"""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.networks import base
from chalicelib.networks._meta import envelope
from chalicelib.networks._meta.envelope import Item, Read
from chalicelib.networks.read import identity, millis, pick, words

SOMEONE = base.Person(id="", name="Facebook user")
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


def parse(payload: base.Json) -> list[base.Inbound]:
    return envelope.inbounds(payload, "page", _event)


def _event(item: Item) -> base.Event:
    """Direct messages come in the same body, for Messenger to read."""
    if item.field in ("messaging", "standby"):
        return base.Unhandled(reason=base.SIBLING)
    read = _READERS.get((item.field, words(item.value.get("item"))))
    return read(item) if read else base.Unhandled(reason="unknown_item")


def _comment(item: Item) -> base.Event:
    told = item.value
    comment, post, parent = identity(told["comment_id"]), identity(told["post_id"]), _parent(told)
    details = pick(told.get("post"), "permalink_url", "status_type")
    origin = base.Origin(id=post, url=details.get("permalink_url", ""), kind=details.get("status_type", ""))
    where = {"thread": parent or comment, "id": comment, "surface": "comment"}
    return _changed(item, where) or _said(item, where, reply_to=parent, origin=origin)


def _parent(told: base.Json) -> str:
    """The comment answered, or nothing where that is the post."""
    parent, post = _optional(told, "parent_id"), identity(told["post_id"])
    return "" if parent in (post, post.rpartition("_")[2]) else parent


def _optional(told: base.Json, name: str) -> str:
    return identity(told[name]) if name in told else ""


def _post(item: Item) -> base.Event:
    post = identity(item.value["post_id"])
    where = {"thread": post, "id": post, "surface": "comment"}
    own = _author(item.value).id == item.account and item.value.get("verb") in ("add", *_EDITS)
    origin = base.Origin(id=post, url=words(item.value.get("permalink_url")), kind=words(item.value["item"]))
    return (
        base.Unhandled(reason="own_post") if own else _changed(item, where) or _said(item, where, "post", origin=origin)
    )


def _reaction(item: Item) -> base.Event:
    """Without any ids it is someone liking the Page."""
    told = item.value
    if "post_id" not in told:
        return base.Unhandled(reason="page_like")
    post, comment = identity(told["post_id"]), _optional(told, "comment_id")
    kind = words(told.get("reaction_type")) or "like"
    thread = _parent(told) or (comment if "parent_id" in told else "")
    return base.Reaction(
        thread=thread if comment else post,
        id=comment or post,
        at=_at(item),
        by=_author(told),
        emoji="" if told.get("verb") == "remove" else _EMOJI.get(kind, kind),
        surface="comment",
    )


def _mention(item: Item) -> base.Event:
    post = identity(item.value["post_id"])
    mention = _optional(item.value, "comment_id") or post
    where = {"thread": mention, "id": mention, "surface": "mention"}
    origin = base.Origin(id=post, url=words(item.value.get("permalink_url")))
    return _changed(item, where) or _said(item, where, origin=origin)


def _review(item: Item) -> base.Event:
    """A recommendation, or in old ones a number of stars."""
    told = item.value
    story = identity(told["open_graph_story_id"])
    where = {"thread": story, "id": story, "surface": "review"}
    grades = {"rating": words(told.get("rating")), "recommendation": words(told.get("recommendation_type"))}
    context = {name: grade for name, grade in grades.items() if grade}
    return _changed(item, where) or _said(item, where, "review", context=context)


def _review_comment(item: Item) -> base.Event:
    story, comment = identity(item.value["open_graph_story_id"]), identity(item.value["comment_id"])
    where = {"thread": story, "id": comment, "surface": "review"}
    return _changed(item, where) or _said(item, where, reply_to=story)


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


def _said(item: Item, where: Mapping[str, Any], kind: str = "", **more: Any) -> base.Event:
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
    change = _CHANGES.get(words(item.value.get("verb")))
    return change(item, where) if change else None


def _edited(item: Item, where: Mapping[str, Any]) -> base.Event:
    """Putting a post in the Page's bin comes as an edit that says nothing."""
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


def _author(told: base.Json) -> base.Person:
    """Left out by Facebook where the app or the person's choice does not let us know."""
    told = {"sender_id": told.get("reviewer_id"), "sender_name": told.get("reviewer_name"), **told}
    author = told.get("from") or {"id": told["sender_id"], "name": told["sender_name"]}
    return SOMEONE if author["id"] is None else base.Person(id=identity(author["id"]), name=words(author.get("name")))


def _attachments(told: base.Json) -> tuple[base.Attachment, ...]:
    """`link` is the file itself in a photo or video, and what is shared in any other post."""
    item, photos = words(told.get("item")), told.get("photos")
    linked = {"photo": "photo", "video": "video"}.get(item, "link")
    given = [("photo", told.get("photo")), ("video", told.get("video")), (linked, told.get("link"))]
    given += [("photo", photo) for photo in (photos if isinstance(photos, list) else [])]
    urls = {url: _KINDS[kind] for kind, url in given if isinstance(url, str) and url}
    return tuple(base.Attachment(kind=kind, url=url, expires=kind != "link") for url, kind in urls.items())


_KINDS: Mapping[str, base.AttachmentKind] = {"photo": "image", "video": "video", "link": "link"}
