"""Delivers one event once more: at the time of its next try, or because somebody asks for it."""

from chalicelib import clock, errors
from chalicelib.aws import queues
from chalicelib.deliveries import narrowing, records, retries, schedule, turns, wakes, walks
from chalicelib.deliveries.attempts import Result
from chalicelib.deliveries.portions import Place
from chalicelib.deliveries.sending import Send, Tools
from chalicelib.deliveries.wakes import Again
from chalicelib.events.events import Event
from chalicelib.store import keys, quota, table
from chalicelib.store.models.webhooks import Endpoint, Retry
from chalicelib.webhooks import classes, endpoints, states

MOST_PER_MINUTE = 60  # of an agency, asked for by hand


def retry(agency: str, what: Again, tools: Tools) -> None:
    """Tries an event again that was tried that many times. Does nothing if somebody else did, or if it is no longer
    needed.
    """
    now, endpoint = tools.clock(), endpoints.find(agency, what.endpoint)
    known = retries.find(endpoint, what.event) if endpoint and not endpoint.disabled else None
    if endpoint is None or known is None or known.tries != what.tries:
        return
    held_until = endpoints.standing(endpoint).held_until
    if held_until > now:
        retries.postpone(endpoint, known, held_until + clock.MINUTE)
        return
    place = Place(known.number, known.index)
    event = walks.event_at(agency, place)
    body = _body(endpoint, event, now) if event else None
    if body is None and event and classes.is_answerer_suspended(endpoint):
        retries.postpone(endpoint, known, now + schedule.REST)
    elif event is None or body is None:
        retries.forget(endpoint, what.event)  # it is no longer kept, or the endpoint may not see it any more
    elif retries.claim(endpoint, known, now):
        result = _post(endpoint, event, body, place, known.tries + 1, tools)
        _settle(endpoint, known, result, tools)


def _settle(endpoint: Endpoint, known: Retry, result: Result, tools: Tools) -> None:
    now, agency, tries = tools.clock(), keys.agency_of(endpoint.pk), known.tries + 1
    wait = schedule.wait(tries, known.event)
    if result.succeeded:
        retries.forget(endpoint, known.event)
    elif result.is_gone:
        table.transact(*states.give_up(endpoint, "gone", now))
    elif wait is not None and result.wait > wait:
        counted = retries.find(endpoint, known.event)
        if counted and counted.tries == tries:
            retries.postpone(endpoint, counted, now + result.wait)
    elif wait is not None:
        wakes.soon(agency, Again(endpoint.id, known.event, tries), wait, tools.send)


def ask(endpoint: Endpoint, event: str, now: int, send: Send = queues.send) -> None:
    """Queues one more delivery of an event that was tried lately; its id stays the same.

    Raises NotFound if it was not tried lately, Conflict if the endpoint is disabled, and TooMany.
    """
    if endpoint.disabled:
        raise errors.Conflict("The webhook endpoint is disabled. Enable it first.", code="endpoint_disabled")
    known = retries.find(endpoint, event)
    place = Place(known.number, known.index) if known else records.place_of(endpoint, event)
    if place is None:
        raise errors.NotFound
    quota.take(keys.agency_of(endpoint.pk), "webhook_redeliveries", MOST_PER_MINUTE, now)
    agency, where = keys.agency_of(endpoint.pk), {"number": place.number, "index": place.index}
    send(wakes.task(agency, endpoint.id, f"{event}#{now}", "once", **where))


def deliver_once(agency: str, id: str, place: Place, tools: Tools) -> None:
    """Delivers the event at that place once, whatever came of it before. If it succeeds, its further tries are
    cancelled.
    """
    now, endpoint, event = tools.clock(), endpoints.find(agency, id), walks.event_at(agency, place)
    body = _body(endpoint, event, now) if endpoint and event and not endpoint.disabled else None
    if endpoint and event and body is not None:
        result = _post(endpoint, event, body, place, 1, tools)
        if result.succeeded:
            retries.forget(endpoint, event.id)


def _body(endpoint: Endpoint, event: Event, now: int) -> bytes | None:
    """What is posted of the event; None if the endpoint may not see it."""
    actor = classes.actor_of(endpoint, now)
    return narrowing.bodies(actor, endpoint, [event]).get(event.id) if actor else None


def _post(endpoint: Endpoint, event: Event, body: bytes, place: Place, attempt: int, tools: Tools) -> Result:
    now = tools.clock()
    result = tools.post(turns.receiver(endpoint, now), event.id, body, now)
    records.log_attempts(endpoint, [(place, event)], [(event.id, result)], now, {event.id: attempt - 1})
    return result
