"""What a portion led to is written here: how far the endpoint is, what is tried again and when, and the log.

Whoever begins a portion counts that first. So an event that kills whoever delivers it is suspected in the end, and
given up like one that nobody takes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib import clock, errors
from chalicelib.deliveries import portions, records, retries, schedule, wakes, walks
from chalicelib.deliveries.portions import Settled
from chalicelib.deliveries.sending import Attempt, Tools
from chalicelib.deliveries.wakes import Again
from chalicelib.events import lane
from chalicelib.store import keys, table
from chalicelib.store.models.webhooks import Endpoint, Standing
from chalicelib.webhooks import states
from chalicelib.webhooks.breakers import BLANK, HOPELESS_AFTER, Breaker

MOST_TRIES = schedule.MOST_TRIES


@dataclass(frozen=True)
class Done:
    """What was tried of a portion, in the order of time, and the breaker after it. The `unseen` need no delivery.

    `tries` is how often events were tried before.
    """

    attempts: Sequence[Attempt]
    breaker: Breaker
    unseen: Sequence[str]
    tries: Mapping[str, int]


def move(standing: Standing, portion: walks.Portion, now: int) -> None:
    """There was nothing to deliver: remember up to where, if that is far enough to matter."""
    end = portion.end
    if (end.number, end.index) == (standing.number, standing.index) and now - standing.ended_at < clock.HOUR:
        return
    actions = [
        Standing.number.set(end.number), Standing.index.set(end.index), Standing.ahead.set([]),
        Standing.ended_at.set(_ended(now) if portion.is_last else 0), Standing.version.add(1),
    ]  # fmt: skip
    table.update(Standing(standing.pk, standing.sk), actions, Standing.version == standing.version)


def _ended(now: int) -> int:
    """When the lane ended for sure, if it seems to have ended at `now` (ms)."""
    return now - lane.CLOCKS_DIFFER


def begin(standing: Standing) -> bool:
    """Count that somebody begins. False if another did meanwhile."""
    actions = [Standing.begun.add(1), Standing.version.add(1)]
    return table.update(Standing(standing.pk, standing.sk), actions, Standing.version == standing.version)


def settle(endpoint: Endpoint, standing: Standing, portion: walks.Portion, done: Done, tools: Tools) -> int:
    """Write what came of the portion. Gives 0 if nothing more is to be done now, else a number that comes only once.

    `standing` is as it was before somebody began. Raises Unavailable if somebody else wrote meanwhile.
    """
    now = tools.clock()
    settled = portions.settle(
        [(place, event.id) for place, event in portion.events], portion.end,
        [(id, result.succeeded) for id, result in done.attempts],
        [*standing.ahead, *done.unseen], done.tries, MOST_TRIES,
    )  # fmt: skip
    records.tried(endpoint, portion.events, done.attempts, now, done.tries)
    agency, breaker = keys.agency_of(endpoint.pk), _rested(done.breaker, settled, portion)
    asked = max((result.wait for _, result in done.attempts), default=0)
    wait = _wait(settled, breaker, asked, endpoint.id, now)
    own = {id: now + max(schedule.wait(done.tries.get(id, 0) + 1, id) or 0, asked) for id in settled.own}
    writes = [
        _moved(standing, settled, breaker, wait, asked, portion, now),
        *_of_their_own(endpoint, portion, done, own),
    ]
    if wait is not None:
        writes.append(wakes.at(agency, Again(endpoint.id), now + wait))
    is_gone = any(result.is_gone for _, result in done.attempts)
    if is_gone or breaker.is_hopeless(now):
        writes += states.give_up(endpoint, "gone" if is_gone else "failing", now)
    _write(writes)
    for id, at in own.items():
        wakes.soon(agency, Again(endpoint.id, id, done.tries.get(id, 0) + 1), at - now, tools.send)
    if wait is not None and not is_gone:
        wakes.soon(agency, Again(endpoint.id), wait, tools.send)
    has_more = wait is None or (not portion.is_last and any(result.succeeded for _, result in done.attempts))
    goes_on = has_more and not (is_gone or breaker.is_open or asked)
    return standing.version + 2 if goes_on else 0


def _write(writes: Sequence[table.Write]) -> None:
    try:
        table.transact(*writes)
    except table.Refused as changed:
        raise errors.Unavailable from changed


def _rested(breaker: Breaker, settled: Settled, portion: walks.Portion) -> Breaker:
    """After the last try of an event, the next one gets a chance at once; if there is none, all is forgotten."""
    if not settled.spent:
        return breaker
    return BLANK if settled.place == portion.end and portion.is_last else breaker.rested()


def _wait(settled: Settled, breaker: Breaker, asked: int, endpoint: str, now: int) -> int | None:
    """In how many ms to try again what failed, None if nothing that is left did."""
    if breaker.is_open:
        wait = max(schedule.wait(min(breaker.probes + 1, MOST_TRIES - 1), endpoint) or 0, asked)
        left = breaker.failing_since + HOPELESS_AFTER - now  # then one more failure decides
        return min(wait, left) if left > 0 else wait
    if settled.tries:
        return max(schedule.wait(max(settled.tries.values()), endpoint) or 0, asked)
    return asked or None


def _moved(
    standing: Standing,
    settled: Settled,
    breaker: Breaker,
    wait: int | None,
    asked: int,
    portion: walks.Portion,
    now: int,
) -> table.Write:
    is_at_end = settled.place == portion.end and portion.is_last
    held = wait if breaker.is_open else asked
    # Once the breaker opens, the first event is tried when the schedule says so, ten times from then on.
    tries = settled.tries if not breaker.is_open or breaker.probes else dict.fromkeys([*settled.tries][:1], 1)
    actions = [
        Standing.number.set(settled.place.number), Standing.index.set(settled.place.index),
        Standing.ahead.set(list(settled.ahead)), Standing.tries.set(dict(tries)),
        Standing.breaker.set(dict(breaker.packed())), Standing.ended_at.set(_ended(now) if is_at_end else 0),
        Standing.wake_at.set(now + wait if wait else 0), Standing.held_until.set(now + held if held else 0),
        Standing.begun.set(0), Standing.version.add(1),
    ]  # fmt: skip
    unchanged = Standing.version == standing.version + 1
    return table.changing(Standing(standing.pk, standing.sk), actions, unchanged)


def _of_their_own(endpoint: Endpoint, portion: walks.Portion, done: Done, own: Mapping[str, int]) -> list[table.Write]:
    places = {event.id: place for place, event in portion.events}
    lists = (retries.first(endpoint, id, places[id], done.tries.get(id, 0) + 1, at) for id, at in own.items())
    return [write for writes in lists for write in writes]
