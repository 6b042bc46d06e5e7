"""A receiver that is down for a moment, for hours, for days: it gets all of it once and in order, or we stop."""

from collections import Counter
from itertools import pairwise

import pytest

from chalicelib import clock
from chalicelib.access import actors
from chalicelib.deliveries import schedule
from chalicelib.deliveries.attempts import Result
from chalicelib.store import keys, table
from chalicelib.store.models.audit import AuditEntry
from chalicelib.webhooks import states
from tests.support import webhook_world
from tests.support.webhook_world import World

HOURS = clock.HOUR


def test_endpoint_gets_what_happens_after_it_was_made(world: World) -> None:
    world.happens(3)
    endpoint = world.endpoint()
    events = world.happens(3)
    world.passes()
    assert sorted(world.got[endpoint.id]) == events


def test_conversation_is_delivered_in_its_order(world: World) -> None:
    endpoint = world.endpoint()
    events = [*world.happens(30, conversation="a" * 20), *world.happens(30, conversation="a" * 20)]
    world.passes()
    assert world.got[endpoint.id] == events


@pytest.mark.parametrize("length", [3 * clock.SECOND, 10 * clock.MINUTE, 8 * HOURS, 60 * HOURS])
def test_receiver_that_comes_back_gets_everything_once_and_in_order(world: World, length: int) -> None:
    endpoint = world.endpoint()
    world.answers[endpoint.id] = webhook_world.failing_until(world.now + length)
    events: list[str] = []
    for _ in range(15):
        events += world.happens(2, conversation="a" * 20)
        world.passes(length // 15)
    world.passes(100 * HOURS)
    assert world.got[endpoint.id] == events
    assert not world.present(endpoint).disabled


def test_outage_costs_a_few_probes_and_no_queue(world: World) -> None:
    endpoint = world.endpoint()
    world.answers[endpoint.id] = webhook_world.failing()
    for _ in range(40):
        world.happens(5)
        world.passes(30 * clock.MINUTE)
    assert len(world.calls) < 10 + 5 + 10
    assert [task for _, _, task in world.waiting if task.queue == "deliveries"] == []


def test_event_that_nobody_takes_lets_the_others_pass(world: World) -> None:
    endpoint = world.endpoint()
    [bad] = world.happens()
    world.answers[endpoint.id] = webhook_world.failing_for([bad])
    world.passes(clock.SECOND)
    others = [*world.happens(5), *world.happens(5)]
    world.passes(100 * HOURS)
    assert sorted(world.got[endpoint.id]) == others
    tries = Counter(event for _, event, _ in world.calls)
    assert tries[bad] == schedule.MOST_TRIES
    assert {tries[event] for event in others} == {1}


def test_event_of_its_own_is_tried_when_the_schedule_says_so(world: World) -> None:
    endpoint = world.endpoint()
    bad, *_ = world.happens(9, conversation="a" * 20)
    world.answers[endpoint.id] = webhook_world.failing_for([bad])
    world.passes(100 * HOURS)
    times = [at for _, event, at in world.calls if event == bad]
    waits = [later - earlier for earlier, later in pairwise(times)]
    for wait, wanted in zip(waits, schedule.WAITS[1:], strict=True):
        assert 0.9 * wanted <= wait <= 1.1 * wanted + 2 * clock.MINUTE


def test_quiet_endpoint_is_not_kept_from_what_comes_by_an_event_that_nobody_takes(world: World) -> None:
    endpoint = world.endpoint()
    [bad] = world.happens()
    world.answers[endpoint.id] = webhook_world.failing_for([bad])
    world.passes(200 * HOURS)
    assert not world.present(endpoint).disabled
    [good] = world.happens()
    world.passes(clock.SECOND)
    assert world.got[endpoint.id] == [good]


# OB-07
def test_receiver_that_wants_nothing_more_is_left_alone_at_once(world: World) -> None:
    endpoint = world.endpoint()
    world.answers[endpoint.id] = webhook_world.failing(410)
    world.happens(20, conversation="a" * 20)
    world.passes(10 * HOURS)
    assert world.present(endpoint).disabled == "gone"
    assert len(world.calls) == 1
    world.happens()
    world.passes(10 * HOURS)
    assert len(world.calls) == 1


def test_endpoint_without_success_for_five_days_is_disabled_and_told(world: World) -> None:
    endpoint = world.endpoint()
    world.answers[endpoint.id] = webhook_world.failing()
    began = world.now
    while not world.present(endpoint).disabled and world.now - began < 200 * HOURS:
        world.happens()
        world.passes(HOURS)
    assert world.present(endpoint).disabled == "failing"
    assert 119 * HOURS <= world.now - began <= 122 * HOURS
    world.passes(clock.MINUTE)
    assert world.notices == [("webhook_disabled", endpoint.id)]
    entries = table.query(AuditEntry, keys.audit(world.agency), keys.ENTRIES, consistent=True)
    [entry] = [entry for entry in entries if entry.action == "webhook.disable"]
    assert (entry.target, entry.actor_kind, entry.after) == (endpoint.id, "system", {"reason": "failing"})


def test_what_was_missed_is_delivered_if_somebody_wants_it(world: World) -> None:
    endpoint = world.endpoint()
    system = actors.system(world.agency)
    stopped = states.disable(system, endpoint, world.now)
    missed = world.happens(10, conversation="a" * 20)
    world.passes(clock.HOUR)
    assert world.got == {}
    ana = world.person("ana")
    states.enable(ana, stopped, replay=True, now=world.now)
    missed += world.happens(2, conversation="a" * 20)
    world.passes()
    assert world.got[endpoint.id] == missed


def test_what_was_missed_is_left_out_if_nobody_wants_it(world: World) -> None:
    endpoint = world.endpoint()
    stopped = states.disable(actors.system(world.agency), endpoint, world.now)
    world.happens(10)
    states.enable(world.person("ana"), stopped, replay=False, now=world.now)
    [later] = world.happens()
    world.passes()
    assert world.got[endpoint.id] == [later]


def test_dead_endpoint_keeps_nobody_waiting(world: World) -> None:
    dead, live = world.endpoint("dead"), world.endpoint("live")
    world.answers[dead.id] = webhook_world.failing()
    for _ in range(20):
        [event] = world.happens()
        world.passes()
        assert world.got[live.id][-1] == event
        world.passes(clock.MINUTE)
    assert dead.id not in world.got


def test_receiver_that_asks_for_time_gets_it(world: World) -> None:
    endpoint = world.endpoint()
    events = world.happens(5, conversation="a" * 20)
    asked = Result(503, "status", wait=20 * clock.MINUTE)
    until = world.now + 20 * clock.MINUTE
    world.answers[endpoint.id] = lambda event, now: webhook_world.FINE if now >= until else asked
    world.passes(19 * clock.MINUTE)
    world.happens()
    assert len(world.calls) == 1
    world.passes(3 * clock.MINUTE)
    assert world.got[endpoint.id][:5] == events
