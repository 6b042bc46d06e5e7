"""Reviews that Trustpilot posted while our hook did not answer, or before it existed: it promises no repeated post.

https://developers.trustpilot.com/service-reviews-api
"""

from datetime import UTC, datetime
from typing import Any

from chalicelib.networks import base
from chalicelib.networks.read import moment, part, parts, words
from chalicelib.networks.trustpilot.outbound import call

_SIZE = 100


def past(credentials: base.Credentials, stretch: base.Stretch) -> base.Pulled:
    """Reads one page of reviews of the business itself, in the form of posts, with their replies."""
    asked = words(stretch.mark.get("page"))
    page = int(asked) if asked.isdecimal() else 1
    since = datetime.fromtimestamp(stretch.since / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    query = {"perPage": str(_SIZE), "page": str(page), "orderBy": "createdat.asc", "startDateTime": since}
    path = f"/v1/private/business-units/{credentials.account}/reviews"
    reviews = parts(call(credentials, "GET", path, query=query), "reviews")
    events = [event for review in reviews for event in _events(review, stretch.since)]
    flags = {"history": True} if stretch.is_history else {}
    bodies = [{"account": credentials.account, "events": events, **flags}] if events else []
    return base.Pulled(bodies=bodies, mark={"page": str(page + 1)}, more=len(reviews) == _SIZE)


def _events(review: base.Json, since: int) -> list[Any]:
    if moment(review.get("createdAt")) < since:
        return []
    events: list[Any] = [{"eventName": "service-review-created", "eventData": review}]
    if part(review, "companyReply"):
        events.append({"eventName": "service-review-replied", "eventData": review})
    return events
