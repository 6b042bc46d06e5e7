"""Polls the reviews of the last week: Google Play gives no older ones, and has no webhooks.

The latest changes come first. That is not promised, so a few times a day all reviews of the week are read.
"""

import time

from chalicelib.networks import base, marks
from chalicelib.networks.google_play.calls import call
from chalicelib.networks.google_play.inbound import changed, comment
from chalicelib.networks.marks import Page, Row
from chalicelib.networks.read import part, parts, words

EVERY = 1800  # seconds; 200 calls an hour for each app are allowed
SCANNED_MS = 7 * 24 * 3_600_000


def pull(credentials: base.Credentials, mark: base.Json, every: int) -> base.Pulled:
    return look(credentials, mark, int(time.time() * 1000))


def look(credentials: base.Credentials, mark: base.Json, now: int) -> base.Pulled:
    def read(place: str) -> Page:
        query = {"maxResults": "100", **({"token": place} if place else {})}
        answer = call(credentials, "GET", "/reviews", query=query)
        rows = [_row(review) for review in parts(answer, "reviews") if words(review.get("reviewId"))]
        until = min((row.at for row in rows), default=0)
        return Page(rows, until, words(part(answer, "tokenPagination").get("nextPageToken")))

    again = SCANNED_MS if marks.is_scan(now, EVERY) else 0
    return marks.look(mark, now, read, again=again).pulled(credentials.account)


def _row(review: base.Json) -> Row:
    at = max(changed(comment(review, name)) for name in ("userComment", "developerComment"))
    return Row(words(review["reviewId"]), at, review)
