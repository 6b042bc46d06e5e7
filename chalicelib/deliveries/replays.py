"""Delivers all events of a period once more, in order, beside the new ones. The ids stay the same."""

from collections.abc import Mapping
from typing import Any

from chalicelib import clock, errors, moments
from chalicelib.aws import queues
from chalicelib.deliveries import narrowing, records, sending, turns, wakes, walks
from chalicelib.deliveries.portions import Place
from chalicelib.deliveries.sending import Send, Tools
from chalicelib.events import lane
from chalicelib.events.events import Event
from chalicelib.store import keys, quota
from chalicelib.store.models.webhooks import Endpoint
from chalicelib.webhooks import classes, endpoints
from chalicelib.webhooks.breakers import BLANK

MOST_PER_MINUTE = 10
_LATEST = 10 * clock.MINUTE  # after it happened, an event is in the lane


def ask(endpoint: Endpoint, since: str, until: str, now: int, send: Send = queues.send) -> Mapping[str, int]:
    """Starts a replay; gives its times (ms). Raises Invalid for times that are not kept, Conflict if the endpoint is
    disabled, TooMany.
    """
    if endpoint.disabled:
        raise errors.Conflict("The webhook endpoint is disabled. Enable it first.", code="endpoint_disabled")
    first, last = moments.parse(since, "since"), moments.parse(until, "until")
    if first < now - lane.KEPT:
        detail = f"`since` has to be in the last {lane.KEPT // clock.DAY} days."
        raise errors.Invalid(detail, code="bad_times", field="since")
    if last <= first:
        raise errors.Invalid("`until` has to be after `since`.", code="bad_times", field="until")
    agency = keys.agency_of(endpoint.pk)
    quota.take(agency, "webhook_replays", MOST_PER_MINUTE, now)
    end = beginning(agency, last + _LATEST).number
    stretch = {"since": first, "until": min(last, now), "last": end}
    begin = beginning(agency, first - lane.CLOCKS_DIFFER)  # of two segments the later may tell an earlier time
    send(_task(agency, endpoint.id, begin, stretch, f"asked{now}"))
    return stretch


def _task(agency: str, endpoint: str, place: Place, stretch: Mapping[str, int], once: str) -> queues.Task:
    body: dict[str, Any] = {"kind": "replay", "number": place.number, "index": place.index, **stretch}
    return wakes.task(agency, endpoint, f"replay#{once}", **body)


def beginning(agency: str, since: int) -> Place:
    """The place of the first segment that was written at `since` (ms) or later, found by binary search."""
    oldest = next(lane.read(agency, 0, 1), None)
    if oldest is None:
        return Place(1)
    low, high = oldest.number, lane.head(agency) + 1
    while low < high:
        middle = (low + high) // 2
        if _is_before(agency, middle, since):
            low = middle + 1
        else:
            high = middle
    return Place(low)


def _is_before(agency: str, number: int, moment: int) -> bool:
    try:
        segment = next(lane.read(agency, number - 1, 1), None)
    except lane.Gone:
        return True
    return segment is not None and segment.at < moment


def go_on(agency: str, id: str, place: Place, stretch: Mapping[str, int], tools: Tools) -> None:
    """Delivers a portion, and queues the next one. The replay ends early if all tries of a portion fail."""
    now, endpoint = tools.clock(), endpoints.find(agency, id)
    actor = classes.actor_of(endpoint, now) if endpoint and not endpoint.disabled else None
    if endpoint is None or actor is None or endpoints.standing(endpoint).held_until > now:
        return

    def wants(event: Event) -> bool:
        return stretch["since"] <= event.at < stretch["until"] and narrowing.may_want(endpoint, event)

    portion = walks.portion(agency, place, 0, wants, turns.MOST_EVENTS)
    events = [event for _, event in portion.events]
    bodies = narrowing.bodies(actor, endpoint, events)
    receiver, slots = turns.receiver(endpoint, now), turns.slots_of(endpoint)
    tried, _ = sending.deliver(receiver, events, bodies, BLANK, slots, tools)
    records.log_attempts(endpoint, portion.events, tried, now)
    done = {id for id, _ in tried}
    left = [at for at, event in portion.events if event.id in bodies and event.id not in done]
    following, is_over = min(left, default=portion.end), portion.is_last and not left
    is_useless = bool(tried) and not any(result.succeeded for _, result in tried)
    if not (is_over or is_useless) and following.number < stretch["last"]:
        tools.send(_task(agency, id, following, stretch, f"{place}{stretch}"))
