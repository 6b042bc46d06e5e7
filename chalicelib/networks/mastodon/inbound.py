"""Turns notifications into events. https://docs.joinmastodon.org/entities/Notification/

A body is `{"account": "name@server", "items": [...]}`, as `polling` makes it. `polling` adds a `chain` to an item: its
thread, which is the first post that speaks to us, and the top post.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chalicelib.networks import base, marks
from chalicelib.networks.base import Json
from chalicelib.networks.mastodon.words import plain
from chalicelib.networks.read import MOST_PARTS, count, filled, identity, moment, part, parts, short, typed, words

_KINDS: Mapping[str, base.AttachmentKind] = {"image": "image", "video": "video", "gifv": "video", "audio": "audio"}
_STOPPED = ("disable", "suspend")
_ADDRESSED = re.compile(r"^(?:@\S+\s+)+")  # the names that an answer begins with


def parse(payload: Json) -> Iterator[base.Inbound]:
    return marks.each(payload, _read)


def _read(account: str, item: Any, history: bool) -> base.Event:
    if item.get("event") == "delete":
        return _deleted(item)
    if item["type"] in ("mention", "quote"):
        return _message(account, item, history)
    read = TYPES.get(typed(str, item["type"]))
    return read(account, item) if read else base.Unhandled(reason="unknown_type")


def is_ours(account: str, author: Json) -> bool:
    """True for our own account. `acct` of an account on another server has that server in it."""
    return words(author.get("acct")).lower() == account.partition("@")[0].lower()


def _message(account: str, item: Json, history: bool) -> base.Message:
    status = typed(dict, item["status"])
    at, text, files = moment(status.get("created_at")), plain(words(status.get("content"))), _files(status)
    author = _person(status["account"])
    own = is_ours(account, status["account"])
    answers = own and bool(words(status.get("in_reply_to_id")) or status.get("visibility") == "direct")
    return base.Message(
        **_where(account, item, status),
        at=at,
        exact=at > 0,
        direction="out" if own else "in",
        person=None if own else author,
        text=_ADDRESSED.sub("", text, count=1) if answers else text,
        kind="" if text or files else "unsupported",
        attachments=files,
        reply_to=words(status.get("in_reply_to_id")),
        origin=_origin(item),
        history=history,
        context=_context(status),
    )


def _edit(account: str, item: Json) -> base.Edit:
    status = typed(dict, item["status"])
    return base.Edit(
        **_where(account, item, status),
        at=moment(status.get("edited_at")),
        created=moment(status.get("created_at")),
        text=plain(words(status.get("content"))),
        attachments=_files(status),
        context=_context(status),
    )


def _deleted(item: Json) -> base.Delete:
    """A deletion in the form of Mastodon's stream; `polling` adds the post's thread and surface."""
    where = short(item, "thread", "surface")
    surface = base.surface(where.get("surface", "mention"))
    return base.Delete(thread=where.get("thread", ""), ids=(identity(item["payload"]),), at=0, surface=surface)


def _warning(account: str, item: Json) -> base.AccountEvent:
    warning = part(item, "moderation_warning")
    action = words(warning.get("action"))
    return base.AccountEvent(
        name="moderation",
        at=moment(warning.get("created_at")) or moment(item.get("created_at")),
        health="paused" if action in _STOPPED else "alert",
        detail=": ".join(text for text in (action, words(warning.get("text"))) if text),
    )


def _engagement(account: str, item: Json) -> base.Unhandled:
    return base.Unhandled(reason="engagement")


TYPES: Mapping[str, Callable[[str, Json], base.Event]] = {
    "update": _edit,
    "quoted_update": _edit,
    "moderation_warning": _warning,
    "follow": lambda account, item: base.Profile(
        person=_person(item["account"]), at=moment(item.get("created_at")), context={"follows": True}
    ),
    **dict.fromkeys(("favourite", "reblog", "poll", "status"), _engagement),
}


def _where(account: str, item: Json, status: Json) -> dict[str, Any]:
    """A direct message is in the other person's thread, a public post in that of the first post that speaks to us."""
    id, above, chain = identity(status["id"]), words(status.get("in_reply_to_id")), part(item, "chain")
    if status.get("visibility") == "direct":
        return {"surface": "dm", "thread": _other_side(account, status), "id": id}
    if chain:
        ours = part(chain, "origin").get("ours") is True
        return {"surface": "comment" if ours else "mention", "thread": words(chain.get("thread")) or id, "id": id}
    return {"surface": "comment" if _answers_us(account, status) else "mention", "thread": above or id, "id": id}


def _other_side(account: str, status: Json) -> str:
    """The author; for a message of ours, the person whom it answers, or else whom it names first."""
    if not is_ours(account, status["account"]):
        return identity(status["account"]["id"])
    named = [identity(mention["id"]) for mention in parts(status, "mentions") if not is_ours(account, mention)]
    answered = words(status.get("in_reply_to_account_id"))
    return answered if answered in named else named[0]


def _answers_us(account: str, status: Json) -> bool:
    above = words(status.get("in_reply_to_account_id"))
    return (
        any(words(mention.get("id")) == above and is_ours(account, mention) for mention in parts(status, "mentions"))
        and above != ""
    )


def _origin(item: Json) -> base.Origin | None:
    status, origin = part(item, "status"), part(part(item, "chain"), "origin")
    id = words(origin.get("id")) or (words(status.get("in_reply_to_id")) if not part(item, "chain") else "")
    if not id or status.get("visibility") == "direct":
        return None
    return base.Origin(id=id, url=words(origin.get("url")))


def _person(value: Json) -> base.Person:
    return base.Person(
        id=identity(value["id"]),
        name=words(value.get("display_name")) or words(value.get("username")),
        username=words(value.get("acct")),
        avatar=words(value.get("avatar")),
        followers=count(value.get("followers_count")),
    )


def _files(status: Json) -> tuple[base.Attachment, ...]:
    return tuple(
        base.Attachment(
            kind=_KINDS.get(words(file.get("type")), "unsupported"),
            url=words(file.get("url")) or words(file.get("remote_url")),
            media=words(file.get("id")),
            title=words(file.get("description")),
        )
        for file in parts(status, "media_attachments")
    )


def _context(status: Json) -> Json:
    choices = [words(option.get("title")) for option in parts(part(status, "poll"), "options")][:MOST_PARTS]
    return filled(
        visibility=words(status.get("visibility")),
        warning=words(status.get("spoiler_text")),
        url=words(status.get("url")),
        poll=[choice for choice in choices if choice],
    )
