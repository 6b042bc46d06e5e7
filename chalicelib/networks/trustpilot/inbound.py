"""Reads what Trustpilot posts: `{"events": [{"eventName", "version", "eventData": {...}}]}`.

A post names no business and has no signature: the channel's own hook tells the business, and its address has a secret.
Reviews that we asked for come in the same form, with their `account`, and with `replied` events for our replies.
https://support.trustpilot.com/hc/en-us/articles/115015822068
"""

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from chalicelib.networks import base, signature
from chalicelib.networks.base import Json
from chalicelib.networks.read import UNREADABLE, identity, moment, part, pick, short, typed, words

PRODUCT = "product:"
_MALFORMED = base.Unhandled(reason="malformed")
_LONGEST_HEADER = 500


def verify(raw: bytes, headers: base.Headers, secrets: base.Secrets) -> bool:
    """True if the called address has the secret: as its password, or as `secret` in its query."""
    given = headers.get("?secret") or _password(headers.get("authorization") or "")
    return signature.is_known(given, secrets.signing)


def _password(header: str) -> str:
    """The password of Basic authentication: that is how the name and password in an address are sent."""
    scheme, _, encoded = header.partition(" ")
    if scheme != "Basic" or len(encoded) > _LONGEST_HEADER or not encoded.isascii():
        return ""
    try:
        return base64.b64decode(encoded, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


def parse(payload: Json) -> Iterator[base.Inbound]:
    events = payload.get("events") if isinstance(payload, Mapping) else None
    if not isinstance(events, list):
        yield base.Inbound(account="", event=_MALFORMED, raw={})
        return
    named = short(payload, "account")
    flags = {"history": True} if payload.get("history") is True else {}
    for entry in events:
        event = _read(entry)
        if flags and isinstance(event, base.Message):
            event = replace(event, history=True)
        yield base.Inbound(account=named.get("account", ""), event=event, raw={**named, "events": [entry], **flags})


def _read(event: Any) -> base.Event:
    try:
        kind, _, happened = typed(str, event["eventName"]).partition("-review-")
        read = READ.get(happened) if kind in ("service", "product") else None
        prefix = PRODUCT if kind == "product" else ""
        return read(prefix, event["eventData"]) if read else base.Unhandled(reason="unknown_type")
    except UNREADABLE:
        return _MALFORMED


def _created(prefix: str, review: Json) -> base.Event:
    id, consumer, at = prefix + identity(review["id"]), part(review, "consumer"), moment(review.get("createdAt"))
    name = words(consumer.get("name")) or words(consumer.get("displayName"))
    person = base.Person(id=_consumer(consumer) or id, name=name)
    return base.Message(
        thread=id, id=id, at=at, exact=at > 0, surface="review", kind="review", person=person, text=_text(review),
        context=_context(review),
    )  # fmt: skip


def _consumer(consumer: Json) -> str:
    return identity(consumer["id"]) if "id" in consumer else ""


def _updated(prefix: str, review: Json) -> base.Event:
    id, created = prefix + identity(review["id"]), moment(review.get("createdAt"))
    at, context = moment(review.get("updatedAt")) or created, _context(review) or None
    return base.Edit(thread=id, id=id, at=at, text=_text(review), context=context, created=created, surface="review")


def _deleted(prefix: str, review: Json) -> base.Event:
    id, created = prefix + identity(review["id"]), moment(review.get("createdAt"))
    at = moment(review.get("deletedAt")) or created
    return base.Delete(thread=id, ids=(id,), at=at, created=created, surface="review")


def _replied(prefix: str, review: Json) -> base.Event:
    id, reply = prefix + identity(review["id"]), part(review, "companyReply")
    at = moment(reply.get("createdAt"))
    return base.Message(
        thread=id, id=f"{id}/reply@{at}", at=at, exact=at > 0, surface="review", direction="out",
        text=words(reply.get("text")), reply_to=id,
    )  # fmt: skip


READ: Mapping[str, Callable[[str, Json], base.Event]] = {
    "created": _created,
    "updated": _updated,
    "deleted": _deleted,
    "replied": _replied,
}


def _text(review: Json) -> str:
    """Title and text, as others see them; a review of a product has `content` instead of `text`."""
    texts = pick(review, "title", "text", "content")
    return "\n\n".join(filter(None, (texts.get("title"), texts.get("text") or texts.get("content"))))


def _context(review: Json) -> dict[str, str]:
    fields = pick(review, "stars", "referenceId", "locationId", "language")
    names = {"stars": "rating", "referenceId": "reference", "locationId": "location", "language": "language"}
    return {names[name]: text for name, text in fields.items()}
