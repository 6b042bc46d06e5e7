"""Turns reviews from Google Play's API into events: `{"account": ..., "items": [...]}`, with reviews as the API has
them.

A review comes in its present state, with the time of its last change only. So each gives a message and an edit: for a
known message, only the edit can change something.
https://developers.google.com/android-publisher/api-ref/rest/v3/reviews
"""

from collections.abc import Iterator
from typing import Any

from chalicelib.networks import base, marks
from chalicelib.networks.base import Json
from chalicelib.networks.read import identity, millis, part, parts, pick, words

_NAMES = {
    "starRating": "rating",
    "reviewerLanguage": "language",
    "device": "device",
    "appVersionName": "version",
    "androidOsVersion": "android",
}


def parse(payload: Json) -> Iterator[base.Inbound]:
    return marks.inbounds(payload, _kinds, READ)


def _kinds(review: Any) -> Iterator[str]:
    yield "said"
    if comment(review, "userComment"):
        yield "edited"
    if comment(review, "developerComment"):
        yield "replied"


def comment(review: Any, name: str) -> Json:
    """The last comment of the person (`userComment`), or of the developer (`developerComment`)."""
    comments = [said for row in parts(review, "comments") if (said := part(row, name))]
    return comments[-1] if comments else {}


def changed(said: Json) -> int:
    """The time of the last change in milliseconds; Google writes its seconds as text."""
    return millis(part(said, "lastModified").get("seconds"))


def _review(review: Json, history: bool) -> base.Event:
    """Google tells only a name, which several people may have: so each review has a person of its own."""
    id, said = identity(review["reviewId"]), comment(review, "userComment")
    person = base.Person(id=id, name=words(review.get("authorName")))
    return base.Message(
        thread=id, id=id, at=changed(said), exact=changed(said) > 0, surface="review", person=person,
        kind="review" if said else "unsupported", text=_text(said), context=_context(said), history=history,
    )  # fmt: skip


def _edited(review: Json, history: bool) -> base.Event:
    id, said = identity(review["reviewId"]), comment(review, "userComment")
    if not said:
        raise ValueError("nothing was said")
    context = _context(said) or None
    return base.Edit(thread=id, id=id, at=changed(said), text=_text(said), context=context, surface="review")


def _replied(review: Json, history: bool) -> base.Event:
    id, reply = identity(review["reviewId"]), comment(review, "developerComment")
    at = changed(reply)
    return base.Message(
        thread=id, id=reply_id(id, at), at=at, exact=at > 0, surface="review", direction="out",
        text=words(reply.get("text")), reply_to=id, history=history,
    )  # fmt: skip


READ: marks.Readers = {"said": _review, "edited": _edited, "replied": _replied}


def reply_id(review: str, at: int) -> str:
    """A review has one reply, and a new one replaces it: the time in the id tells them apart."""
    return f"{review}/reply@{at}"


def _context(said: Json) -> dict[str, str]:
    return {_NAMES[name]: text for name, text in pick(said, *_NAMES).items()}


def _text(said: Json) -> str:
    """A review's title, if there is one, comes before a tab."""
    return words(said.get("text")).replace("\t", "\n\n", 1).strip()
