"""Delivers events to the endpoints of an agency. An endpoint reads the lane, and has a place of its own in it.

A task says only that there is news. Its handler delivers everything from the endpoint's place on, a portion at a time;
the tasks of an endpoint are a group, so it has one handler at a time. So an outage needs no queue: the place stays, and
the lane keeps what comes. While the breaker is open no task is queued for news, and one event is tried when the
schedule says so.
"""

from collections.abc import Iterable, Sequence

from chalicelib import errors
from chalicelib.access.actors import Actor
from chalicelib.aws.queues import Task
from chalicelib.deliveries import narrowing, outcomes, schedule, sending, wakes, walks
from chalicelib.deliveries.attempts import Receiver, Result
from chalicelib.deliveries.portions import Place
from chalicelib.deliveries.sending import Tools
from chalicelib.events.events import Event
from chalicelib.events.lane import Segment
from chalicelib.store import keys, table
from chalicelib.store.models.webhooks import Endpoint, Standing
from chalicelib.webhooks import classes, endpoints, sealing, states
from chalicelib.webhooks.breakers import Breaker

MOST_EVENTS = 40  # of a portion; what they lead to is one transaction
MOST_BEHIND = 1_000  # segments of no concern; more would be too far to walk once something is
_MOST_DEATHS = 3  # in a row, before the first event is suspected


def tasks(agency: str, segments: Sequence[Segment], now: int) -> list[Task]:
    """The tasks to deliver the events of these segments; none for endpoints that do not want them or are held."""
    listeners = [endpoint for endpoint in endpoints.every(agency) if not endpoint.disabled]
    if not listeners or not segments:
        return []
    kept = {item.sk: item for item in table.query(Standing, keys.webhooks(agency), keys.STANDINGS, consistent=True)}
    newest, events = segments[-1].number, [event for segment in segments for event in segment.events]
    return [
        wakes.task(agency, endpoint.id, f"{newest}")
        for endpoint in listeners
        if (standing := kept.get(keys.standing(endpoint.id)))
        and standing.held_until <= now
        and (_may_want_any(endpoint, events) or newest - standing.number > MOST_BEHIND)
    ]


def _may_want_any(endpoint: Endpoint, events: Iterable[Event]) -> bool:
    return any(narrowing.may_want(endpoint, event) for event in events)


def turn(agency: str, id: str, tools: Tools) -> None:
    """Delivers everything there is for an endpoint, as long as it succeeds. If time is short, a task continues it."""
    while goes_on := _portion(agency, id, tools):
        if tools.clock() >= tools.ends:
            tools.send(wakes.task(agency, id, f"{goes_on}"))
            return


def _portion(agency: str, id: str, tools: Tools) -> int:
    """Delivers a portion. Gives 0 if nothing more is to be done now, else a number that is never given twice."""
    now, endpoint = tools.clock(), endpoints.find(agency, id)
    if endpoint is None or endpoint.disabled:
        return 0
    standing = endpoints.standing(endpoint)
    if standing.held_until > now:
        return 0
    breaker = Breaker(**standing.breaker)
    is_careful = breaker.is_open or standing.begun >= _MOST_DEATHS
    place = Place(standing.number, standing.index)
    portion = walks.portion(
        agency, place, standing.ended_at, lambda event: narrowing.may_want(endpoint, event),
        1 if is_careful else MOST_EVENTS, standing.ahead,
    )  # fmt: skip
    if not portion.events:
        outcomes.store_progress(standing, portion, now)
        return 0 if portion.is_last else standing.version + 1
    actor = classes.actor_of(endpoint, now)
    if actor is None and classes.is_answerer_suspended(endpoint):
        outcomes.hold(endpoint, standing, now + schedule.REST)
        return 0
    if actor is None:
        table.transact(*states.give_up(endpoint, "unanswered", now))
        return 0
    if not outcomes.begin(standing):
        raise errors.Unavailable  # two are at it; one of them comes again
    done = _deliver(actor, endpoint, standing, [event for _, event in portion.events], tools)
    return outcomes.settle(endpoint, standing, portion, done, tools)


def _deliver(
    actor: Actor, endpoint: Endpoint, standing: Standing, events: Sequence[Event], tools: Tools
) -> outcomes.Done:
    """Posts those events that were not delivered before. Events that the endpoint may not see are skipped for good."""
    fresh = [event for event in events if event.id not in standing.ahead]
    bodies = narrowing.bodies(actor, endpoint, fresh)
    unseen = [event.id for event in fresh if event.id not in bodies]
    tries, breaker = dict(standing.tries), Breaker(**standing.breaker)
    suspect = next((event.id for event in fresh if event.id in bodies), None)
    if suspect and standing.begun:
        tries[suspect] = tries.get(suspect, 0) + standing.begun
    if suspect and tries.get(suspect, 0) >= outcomes.MOST_TRIES:
        died = Result(reason="died")
        return outcomes.Done([(suspect, died)], breaker.after(False, tools.clock()), unseen, tries)
    slots = 1 if breaker.is_open else slots_of(endpoint)
    posted, after = sending.deliver(receiver(endpoint, tools.clock()), fresh, bodies, breaker, slots, tools)
    return outcomes.Done(posted, after, unseen, tries)


def slots_of(endpoint: Endpoint) -> int:
    """How many calls the endpoint may have in flight: its share of what its agency may have."""
    return sending.slots(sum(not sibling.disabled for sibling in endpoints.every(keys.agency_of(endpoint.pk))))


def receiver(endpoint: Endpoint, now: int) -> Receiver:
    opened = sealing.opened(endpoint, now)
    return Receiver(endpoint.id, endpoint.url, opened.headers, tuple(opened.secrets))
