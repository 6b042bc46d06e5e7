"""Polls the reviews of a place; the last changed come first.

https://developers.google.com/my-business/reference/rest/v4/accounts.locations.reviews/list
"""

import time

from chalicelib.networks import base, marks
from chalicelib.networks._google import api
from chalicelib.networks.google_business.inbound import NETWORK
from chalicelib.networks.google_business.outbound import HOST, PLACE
from chalicelib.networks.marks import Page, Row
from chalicelib.networks.read import moment, part, parts, words

_SIZE = "50"


def pull(credentials: base.Credentials, mark: base.Json, every: int) -> base.Pulled:
    return look(credentials, mark, int(time.time() * 1000))


def look(credentials: base.Credentials, mark: base.Json, now: int) -> base.Pulled:
    if not PLACE.fullmatch(credentials.account):
        raise base.Rejected("Google has no such place.", code="object")

    def read(place: str) -> Page:
        query = {"pageSize": _SIZE, "orderBy": "updateTime desc", **({"pageToken": place} if place else {})}
        answer = api.call(NETWORK, "GET", HOST, f"/v4/{credentials.account}/reviews", credentials, query=query)
        reviews = [review for review in parts(answer, "reviews") if words(review.get("name"))]
        until = moment(reviews[-1].get("updateTime")) if reviews else 0
        return Page([_row(review) for review in reviews], until, words(answer.get("nextPageToken")))

    return marks.look(mark, now, read).pulled(credentials.account)


def _row(review: base.Json) -> Row:
    """A reply that somebody writes on Google changes the review too, but not its place in the list."""
    changed = max(moment(review.get("updateTime")), moment(part(review, "reviewReply").get("updateTime")))
    return Row(words(review["name"]), changed, review)
