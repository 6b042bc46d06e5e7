"""Writes what came of a portion of events: how far the endpoint is, what is tried again and when, and the log.

That a portion is begun is counted first. So an event that kills the process that delivers it is suspected in the end,
and given up like one that is never accepted.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
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
    """What was tried of a portion, in the order of time, and the breaker after it. The `unseen` events need no
    delivery.

    `tries` is how often events were tried before.
    """

    attempts: Sequence[Attempt]
    breaker: Breaker
    unseen: Sequence[str]
    tries: Mapping[str, int]


def store_progress(standing: Standing, portion: walks.Portion, now: int) -> None:
    """For a portion with nothing to deliver: stores how far it went, if that is far enough to matter."""
    end = portion.end
    if (end.number, end.index) == (standing.number, standing.index) and now - standing.ended_at < clock.HOUR:
        return
    actions = [
        Standing.number.set(end.number), Standing.index.set(end.index), Standing.ahead.set([]),
        Standing.ended_at.set(_ended_at(now) if portion.is_last else 0), Standing.version.add(1),
    ]  # fmt: skip
    table.update(Standing(standing.pk, standing.sk), actions, Standing.version == standing.version)


def _ended_at(now: int) -> int:
    """A time at which the lane certainly ended there, if it seems to have ended at `now` (ms)."""
    return now - lane.CLOCKS_DIFFER


def hold(endpoint: Endpoint, standing: Standing, until: int) -> None:
    """Delivers nothing before that moment (ms), and makes the endpoint due then."""
    held = table.changing(
        Standing(standing.pk, standing.sk), [Standing.held_until.set(until)], Standing.version == standing.version
    )
    with suppress(table.Refused):  # somebody else is at it
        table.transact(held, wakes.at(keys.agency_of(endpoint.pk), Again(endpoint.id), until))


def begin(standing: Standing) -> bool:
    """Counts that a portion is begun. False if somebody else began it meanwhile."""
    actions = [Standing.begun.add(1), Standing.version.add(1)]
    return table.update(Standing(standing.pk, standing.sk), actions, Standing.version == standing.version)


@dataclass(frozen=True)
class _Plan:
    """What follows from a portion: how far the endpoint is, and in how many ms (`wait`) it is tried again, if it is.

    `asked` is how many ms the receiver asks us to wait; `own` says when (ms) each event that is retried on its own is
    tried.
    """

    settled: Settled
    breaker: Breaker
    wait: int | None
    asked: int
    own: Mapping[str, int]
    is_gone: bool
    is_at_end: bool


def settle(endpoint: Endpoint, standing: Standing, portion: walks.Portion, done: Done, tools: Tools) -> int:
    """Writes what came of the portion. Gives 0 if nothing more is to be done now, else a number that is never given
    twice.

    `standing` is as it was before `begin`. Raises Unavailable if somebody else wrote meanwhile.
    """
    now = tools.clock()
    plan = _plan(endpoint, standing, portion, done, now)
    records.log_attempts(endpoint, portion.events, done.attempts, now, done.tries)
    try:
        table.transact(*_writes(endpoint, standing, portion, done, plan, now))
    except table.Refused as changed:
        raise errors.Unavailable from changed
    agency = keys.agency_of(endpoint.pk)
    for id, at in plan.own.items():
        wakes.soon(agency, Again(endpoint.id, id, done.tries.get(id, 0) + 1), at - now, tools.send)
    if plan.wait is not None and not plan.is_gone:
        wakes.soon(agency, Again(endpoint.id), plan.wait, tools.send)
    some_more = not portion.is_last and any(result.succeeded for _, result in done.attempts)
    goes_well = not (plan.is_gone or plan.breaker.is_open or plan.asked)
    return standing.version + 2 if goes_well and (plan.wait is None or some_more) else 0


def _plan(endpoint: Endpoint, standing: Standing, portion: walks.Portion, done: Done, now: int) -> _Plan:
    settled = portions.settle(
        [(place, event.id) for place, event in portion.events], portion.end,
        [(id, result.succeeded) for id, result in done.attempts],
        [*standing.ahead, *done.unseen], done.tries, MOST_TRIES,
    )  # fmt: skip
    is_at_end = settled.place == portion.end and portion.is_last
    asked = max((result.wait for _, result in done.attempts), default=0)
    breaker = _rested(done.breaker, is_at_end=is_at_end) if settled.spent else done.breaker
    return _Plan(
        settled, breaker, _wait(settled, breaker, asked, endpoint.id, now), asked,
        {id: now + max(schedule.wait(done.tries.get(id, 0) + 1, id) or 0, asked) for id in settled.own},
        any(result.is_gone for _, result in done.attempts), is_at_end,
    )  # fmt: skip


def _rested(breaker: Breaker, *, is_at_end: bool) -> Breaker:
    """After an event's last try, the next event is tried at once; if there is none, the breaker is reset."""
    return BLANK if is_at_end else breaker.rested()


def _wait(settled: Settled, breaker: Breaker, asked: int, endpoint: str, now: int) -> int | None:
    """In how many ms to try again what failed; None if nothing that is left has failed."""
    if breaker.is_open:
        wait = max(schedule.wait(min(breaker.probes + 1, MOST_TRIES - 1), endpoint) or 0, asked)
        left = breaker.failing_since + HOPELESS_AFTER - now  # then one more failure decides
        return min(wait, left) if left > 0 else wait
    if settled.tries:
        return max(schedule.wait(max(settled.tries.values()), endpoint) or 0, asked)
    return asked or None


def _writes(
    endpoint: Endpoint, standing: Standing, portion: walks.Portion, done: Done, plan: _Plan, now: int
) -> list[table.Write]:
    """For transact: the new standing, the events that are retried on their own, the next try, and the disabling if it
    comes to that.
    """
    places = {event.id: place for place, event in portion.events}
    writes = [_moved(standing, plan, now)]
    for id, at in plan.own.items():
        writes += retries.first(endpoint, id, places[id], done.tries.get(id, 0) + 1, at)
    if plan.wait is not None:
        writes.append(wakes.at(keys.agency_of(endpoint.pk), Again(endpoint.id), now + plan.wait))
    if plan.is_gone or plan.breaker.is_hopeless(now):
        writes += states.give_up(endpoint, "gone" if plan.is_gone else "failing", now)
    return writes


def _moved(standing: Standing, plan: _Plan, now: int) -> table.Write:
    settled, breaker = plan.settled, plan.breaker
    held = plan.wait if breaker.is_open else plan.asked
    # Once the breaker opens, the first event is tried when the schedule says so, ten times from then on.
    tries = settled.tries if not breaker.is_open or breaker.probes else dict.fromkeys([*settled.tries][:1], 1)
    actions = [
        Standing.number.set(settled.place.number), Standing.index.set(settled.place.index),
        Standing.ahead.set(list(settled.ahead)), Standing.tries.set(dict(tries)),
        Standing.breaker.set(dict(breaker.packed())), Standing.ended_at.set(_ended_at(now) if plan.is_at_end else 0),
        Standing.wake_at.set(now + plan.wait if plan.wait else 0), Standing.held_until.set(now + held if held else 0),
        Standing.begun.set(0), Standing.version.add(1),
    ]  # fmt: skip
    unchanged = Standing.version == standing.version + 1
    return table.changing(Standing(standing.pk, standing.sk), actions, unchanged)
