"""Delivers a test event at once, so that whoever writes a receiver sees the result."""

from collections.abc import Mapping
from typing import Any

from chalicelib import clock, ids
from chalicelib.deliveries import attempts, turns
from chalicelib.deliveries.sending import Post
from chalicelib.store import keys, quota
from chalicelib.store.models.webhooks import Endpoint

MOST_PER_MINUTE = 10


def deliver(endpoint: Endpoint, now: int, post: Post = attempts.post) -> Mapping[str, Any]:
    """Posts the test event, whatever state the endpoint is in, and gives the result. Raises TooMany."""
    agency = keys.agency_of(endpoint.pk)
    quota.take(agency, "webhook_tests", MOST_PER_MINUTE, now)
    id = ids.new("evt")
    event = {"id": id, "type": "webhook.test", "at": clock.text(now), "agency": agency, "target": endpoint.id}
    result = post(turns.receiver(endpoint, now), id, attempts.payload(event), now)
    return {
        "event": id,
        "delivered": result.succeeded,
        "status": result.status or None,
        "reason": result.reason or None,
        "ms": result.ms,
        "answer": result.excerpt,
    }
