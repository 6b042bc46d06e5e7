"""Somebody asks for it once more: the same id, and no second automatic try once it was taken."""

from collections import Counter
from collections.abc import Callable

import pytest

from chalicelib import clock, errors
from chalicelib.access import actors
from chalicelib.deliveries import again, records, replays, retries, wakes
from chalicelib.deliveries.wakes import Again
from chalicelib.webhooks import states
from tests.support import webhook_world
from tests.support.webhook_world import World


def test_redelivery_has_the_same_id_and_ends_the_retries(world: World) -> None:
    endpoint = world.endpoint()
    bad, *others = world.happens(5, conversation="a" * 20)
    world.answers[endpoint.id] = webhook_world.failing_for([bad])
    world.passes()
    assert retries.find(endpoint, bad)
    world.answers.clear()
    again.ask(endpoint, bad, world.now, world.send)
    world.passes()
    assert world.got[endpoint.id] == [*others, bad]
    world.passes(100 * clock.HOUR)
    assert world.got[endpoint.id].count(bad) == 1


def test_delivered_event_may_be_asked_for_again(world: World) -> None:
    endpoint = world.endpoint()
    events = world.happens(3, conversation="a" * 20)
    world.passes()
    again.ask(endpoint, events[1], world.now, world.send)
    world.passes()
    assert world.got[endpoint.id] == [*events, events[1]]


def test_event_that_was_never_tried_is_not_there(world: World) -> None:
    with pytest.raises(errors.NotFound):
        again.ask(world.endpoint(), "evt_99999", world.now, world.send)


def test_disabled_endpoint_is_asked_for_nothing(world: World) -> None:
    stopped = states.disable(actors.system(world.agency), world.endpoint(), world.now)
    for ask in (
        lambda: again.ask(stopped, "evt_1", world.now, world.send),
        lambda: replays.ask(stopped, clock.text(world.now - 9), clock.text(world.now), world.now, world.send),
    ):
        with pytest.raises(errors.Conflict):
            ask()


def test_of_two_who_try_an_event_again_one_does(world: World) -> None:
    endpoint = world.endpoint()
    bad, *_ = world.happens(5, conversation="a" * 20)
    world.answers[endpoint.id] = webhook_world.failing_for([bad])
    world.passes()
    before = len(world.calls)
    for _ in range(3):
        again.retry(world.agency, Again(endpoint.id, bad, 1), world.tools())
    assert len(world.calls) == before + 1


def test_retry_whose_sender_died_comes_again_and_the_attempt_counts(world: World) -> None:
    endpoint = world.endpoint()
    bad, *_ = world.happens(5, conversation="a" * 20)
    world.answers[endpoint.id] = webhook_world.failing_for([bad])
    world.passes()
    known = retries.find(endpoint, bad)
    assert known
    assert retries.claim(endpoint, known, world.now)  # and dies before the call
    world.answers.clear()
    world.passes(100 * clock.HOUR)
    assert world.got[endpoint.id].count(bad) == 1
    [last, *_] = records.listing(endpoint, 10, None, failed=False)["items"]
    assert (last["event"], last["attempt"]) == (bad, 3)


def test_stretch_of_time_is_replayed_in_order_with_the_same_ids(world: World) -> None:
    endpoint = world.endpoint()
    world.settles()
    days = [world.happens(60, conversation="a" * 20)]
    for _ in range(4):
        world.passes(clock.DAY)
        days.append(world.happens(60, conversation="a" * 20))
    world.passes()
    world.got.clear()
    since, until = (clock.text(world.now - ago) for ago in (3 * clock.DAY, 2 * clock.DAY + clock.HOUR))
    replays.ask(endpoint, since, until, world.now, world.send)
    replays.ask(endpoint, clock.text(world.now - clock.DAY), clock.text(world.now + 1), world.now, world.send)
    world.passes(clock.MINUTE)
    assert sorted(world.got[endpoint.id]) == sorted(days[1] + days[3])
    assert [event for event in world.got[endpoint.id] if event in days[1]] == days[1]


def test_nothing_of_a_stretch_is_lost_where_clocks_differ(world: World) -> None:
    endpoint, begin, events = world.endpoint(), world.now, list[str]()
    world.settles()
    for seconds in (0, 8, 3, 9, 4, 12):
        world.now = begin + seconds * clock.SECOND
        events += world.happens(conversation="a" * 20)
    world.passes(clock.SECOND)
    world.got.clear()
    replays.ask(endpoint, clock.text(begin + 5 * clock.SECOND), clock.text(world.now + 1), world.now, world.send)
    world.passes(clock.MINUTE)
    assert world.got[endpoint.id] == [events[1], events[3], events[5]]


@pytest.mark.parametrize(
    ("since", "until", "field"), [(-8 * clock.DAY, 0, "since"), (-clock.HOUR, -clock.DAY, "until"), (0, 0, "until")]
)
def test_no_other_stretch_is_replayed(world: World, since: int, until: int, field: str) -> None:
    first, last = (clock.text(world.now + ms) for ms in (since, until))
    with pytest.raises(errors.Invalid) as refused:
        replays.ask(world.endpoint(), first, last, world.now, world.send)
    assert refused.value.field == field


def test_replay_to_an_endpoint_that_takes_nothing_ends(world: World) -> None:
    endpoint = world.endpoint()
    world.settles()
    world.happens(100, conversation="a" * 20)
    world.passes()
    world.calls.clear()
    world.answers[endpoint.id] = webhook_world.failing()
    replays.ask(endpoint, clock.text(world.now - 1), clock.text(world.now + 1), world.now + 1, world.send)
    world.passes(clock.HOUR)
    assert len(world.calls) == 10


def test_log_tells_each_attempt_newest_first_page_by_page(world: World) -> None:
    endpoint = world.endpoint()
    bad, *others = world.happens(30, conversation="a" * 20)
    world.answers[endpoint.id] = webhook_world.failing_for([bad])
    world.passes(clock.MINUTE)
    pages, cursor = [], None
    while True:
        page = records.listing(endpoint, 7, cursor, failed=False)
        pages += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert [row["event"] for row in pages] == [bad, *reversed(others), bad]
    assert [row["attempt"] for row in pages if row["event"] == bad] == [2, 1]
    failures = records.listing(endpoint, 100, None, failed=True)["items"]
    assert {(row["event"], row["status"], row["delivered"]) for row in failures} == {(bad, 400, False)}


def answered(ask: Callable[[], object]) -> str:
    try:
        ask()
    except errors.Problem as problem:
        return problem.code
    return "done"


def test_asking_for_more_is_limited(world: World) -> None:
    endpoint = world.endpoint()
    [event] = world.happens()
    world.passes()
    moments = clock.text(world.now - 9), clock.text(world.now)
    for ask in (
        lambda: again.ask(endpoint, event, world.now, world.send),
        lambda: replays.ask(endpoint, *moments, world.now, world.send),
    ):
        refused = Counter(answered(ask) for _ in range(70))
        assert refused["too_many"] >= 10


def test_target_of_the_clock_is_read_as_it_was_written() -> None:
    for what in (Again("whk_1"), Again("whk_1", "evt_2", 3)):
        assert wakes.read_target(what.target) == what
