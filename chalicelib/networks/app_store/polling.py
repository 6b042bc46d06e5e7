"""Polls the reviews of an app: App Store Connect has webhooks, but none for reviews.

The newest come first. A response to an older review is found when that review is read again, as some of them are a few
times a day. https://developer.apple.com/documentation/appstoreconnectapi/get-v1-apps-_id_-customerreviews
"""

import time
from urllib.parse import parse_qs, urlsplit

from chalicelib.networks import base, marks
from chalicelib.networks.app_store.calls import call
from chalicelib.networks.marks import Page, Row
from chalicelib.networks.read import moment, part, parts, words

EVERY = 1800  # seconds
SCANNED_MS = 7 * 24 * 3_600_000
_SIZE = "100"


def pull(credentials: base.Credentials, mark: base.Json, every: int) -> base.Pulled:
    return look(credentials, mark, int(time.time() * 1000))


def look(credentials: base.Credentials, mark: base.Json, now: int) -> base.Pulled:
    def read(place: str) -> Page:
        query = {"sort": "-createdDate", "limit": _SIZE, "include": "response", **({"cursor": place} if place else {})}
        answer = call(credentials, "GET", f"/v1/apps/{credentials.account}/customerReviews", query=query)
        responses = {words(response.get("id")): response for response in parts(answer, "included")}
        reviews = [_with_response(review, responses) for review in parts(answer, "data") if words(review.get("id"))]
        until = _created(reviews[-1]) if reviews else 0
        return Page([_row(review) for review in reviews], until, _following(answer))

    again = SCANNED_MS if marks.is_scan(now, EVERY) else 0
    return marks.look(mark, now, read, again=again).pulled(credentials.account)


def _with_response(review: base.Json, responses: base.Json) -> base.Json:
    related = part(part(part(review, "relationships"), "response"), "data")
    response = responses.get(words(related.get("id")))
    kept = {name: review[name] for name in ("id", "attributes") if name in review}
    return {**kept, "response": response} if response else kept


def _created(review: base.Json) -> int:
    return moment(part(review, "attributes").get("createdDate"))


def _row(review: base.Json) -> Row:
    responded = moment(part(part(review, "response"), "attributes").get("lastModifiedDate"))
    return Row(words(review["id"]), max(_created(review), responded), review)


def _following(answer: base.Json) -> str:
    """The cursor of the next page's address; that address itself is not called."""
    try:
        query = parse_qs(urlsplit(words(part(answer, "links").get("next"))).query)
    except ValueError:
        return ""
    return query.get("cursor", [""])[0]
