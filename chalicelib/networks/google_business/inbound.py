"""Reads hints about a place, as Google pushes them, and reviews, as we polled them.

A body is what Pub/Sub pushes, or `{"account": ..., "items": [...]}` with reviews as the API has them. A review gives up
to three events, whose own bodies have it under `said`, `edited` and `replied`.
https://developers.google.com/my-business/reference/rest/v4/accounts.locations.reviews
"""

import base64
import json
from collections.abc import Iterator
from typing import Any

from chalicelib.networks import base, marks
from chalicelib.networks._google import push
from chalicelib.networks.base import Json
from chalicelib.networks.read import UNREADABLE, field, identity, moment, part, short, words

NETWORK = "google_business"
STARS = {"ONE": "1", "TWO": "2", "THREE": "3", "FOUR": "4", "FIVE": "5"}
_TRANSLATED, _ORIGINAL = "(Translated by Google)", "(Original)"
_LONGEST_HINT = 10_000


def verify(raw: bytes, headers: base.Headers, secrets: base.Secrets) -> bool:
    return push.verify(NETWORK, headers, secrets)


def parse(payload: Json) -> Iterator[base.Inbound]:
    if isinstance(payload, dict) and "message" in payload:
        return iter((_hint(payload),))
    return marks.inbounds(payload, _kinds, READ)


def _hint(payload: Json) -> base.Inbound:
    """Tells only that something is new; what it is, we ask for. So nothing is lost with a hint that is missing or
    unreadable.

    The place is also read from the name of the review.
    """
    data = part(payload, "message").get("data")
    kept = data if isinstance(data, str) and len(data) <= _LONGEST_HINT else ""
    try:
        hint = json.loads(base64.b64decode(kept))
        place = hint.get("location") or hint.get("locationName") or words(hint.get("review")).partition("/reviews/")[0]
        account = short({"place": place}, "place").get("place", "")
    except (*UNREADABLE, RecursionError):
        account = ""
    event = base.Hint() if account else base.Unhandled(reason="hint")
    return base.Inbound(account=account, event=event, raw={"message": {"data": kept}})


def _kinds(review: Any) -> Iterator[str]:
    yield "said"
    created, updated = field(review, "createTime"), field(review, "updateTime")
    if created != updated and 0 < moment(created) < moment(updated):
        yield "edited"
    if part(review, "reviewReply"):
        yield "replied"


def _review(review: Json, history: bool) -> base.Event:
    """Google tells only a name, which several people may have: so each review has a person of its own."""
    id, reviewer, at = identity(review["name"]), part(review, "reviewer"), moment(review.get("createTime"))
    name, avatar = words(reviewer.get("displayName")), words(reviewer.get("profilePhotoUrl"))
    return base.Message(
        thread=id, id=id, at=at, exact=at > 0, surface="review", kind="review", text=_text(review),
        person=base.Person(id=id.rpartition("/")[2], name=name, avatar=avatar), context=_context(review),
        history=history,
    )  # fmt: skip


def _edited(review: Json, history: bool) -> base.Event:
    id, at, created = identity(review["name"]), moment(review.get("updateTime")), moment(review.get("createTime"))
    context = _context(review) or None
    return base.Edit(thread=id, id=id, at=at, text=_text(review), context=context, created=created, surface="review")


def _replied(review: Json, history: bool) -> base.Event:
    id, reply = identity(review["name"]), part(review, "reviewReply")
    at = moment(reply.get("updateTime"))
    return base.Message(
        thread=id, id=reply_id(id, reply), at=at, exact=at > 0, surface="review", direction="out",
        text=words(reply.get("comment")), reply_to=id, history=history,
    )  # fmt: skip


READ: marks.Readers = {"said": _review, "edited": _edited, "replied": _replied}


def reply_id(review: str, reply: Json) -> str:
    """A review has one reply, and a new one replaces it: the time in the id tells them apart."""
    return f"{review}/reply@{moment(reply.get('updateTime'))}"


def _context(review: Json) -> dict[str, str]:
    stars = STARS.get(words(review.get("starRating")), "")
    return {"rating": stars} if stars else {}


def _text(review: Json) -> str:
    """The original text: Google puts a translation below it, or before it."""
    text = words(review.get("comment"))
    if text.startswith(_TRANSLATED) and _ORIGINAL in text:
        return text.partition(_ORIGINAL)[2].strip()
    return text.partition(f"\n\n{_TRANSLATED}")[0].strip()
