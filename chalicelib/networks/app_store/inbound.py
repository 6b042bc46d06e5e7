"""Turns reviews from the App Store's API into events: `{"account": ..., "items": [...]}`, with reviews as the API has
them.

A review's response, which the API lists beside it, is under `response`. A review comes in its present state, with a
single time. So each gives a message and an edit: for a known message, only the edit can change something.
https://developer.apple.com/documentation/appstoreconnectapi/customerreview
"""

from collections.abc import Iterator
from typing import Any

from chalicelib.networks import base, marks
from chalicelib.networks.base import Json
from chalicelib.networks.read import identity, moment, part, pick, words

_NAMES = {"rating": "rating", "territory": "territory"}


def parse(payload: Json) -> Iterator[base.Inbound]:
    return marks.inbounds(payload, _kinds, READ)


def _kinds(review: Any) -> Iterator[str]:
    yield from ("said", "edited")
    if part(review, "response"):
        yield "replied"


def _review(review: Json, history: bool) -> base.Event:
    """Apple tells only a nickname, which several people may have: so each review has a person of its own."""
    id, attributes = identity(review["id"]), part(review, "attributes")
    at = moment(attributes.get("createdDate"))
    person = base.Person(id=id, name=words(attributes.get("reviewerNickname")))
    return base.Message(
        thread=id, id=id, at=at, exact=at > 0, surface="review", kind="review", person=person, text=_text(attributes),
        context=_context(attributes), history=history,
    )  # fmt: skip


def _edited(review: Json, history: bool) -> base.Event:
    id, attributes = identity(review["id"]), part(review, "attributes")
    at, context = moment(attributes.get("createdDate")), _context(attributes) or None
    return base.Edit(thread=id, id=id, at=at, text=_text(attributes), context=context, surface="review")


def _replied(review: Json, history: bool) -> base.Event:
    id, response = identity(review["id"]), part(review, "response")
    attributes = part(response, "attributes")
    at = moment(attributes.get("lastModifiedDate"))
    return base.Message(
        thread=id, id=reply_id(response), at=at, exact=at > 0, surface="review", direction="out",
        text=words(attributes.get("responseBody")), reply_to=id, history=history,
    )  # fmt: skip


READ: marks.Readers = {"said": _review, "edited": _edited, "replied": _replied}


def reply_id(response: Json) -> str:
    """A review has one response, and a new one replaces it: the time in the id tells them apart."""
    at = moment(part(response, "attributes").get("lastModifiedDate"))
    return f"{identity(response['id'])}@{at}"


def _context(attributes: Json) -> dict[str, str]:
    return {_NAMES[name]: text for name, text in pick(attributes, *_NAMES).items()}


def _text(attributes: Json) -> str:
    parts = pick(attributes, "title", "body")
    return "\n\n".join(filter(None, (parts.get("title"), parts.get("body"))))
