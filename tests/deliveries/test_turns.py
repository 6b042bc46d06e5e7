"""Whoever delivers may die, come twice or come late: nothing is lost, and no attempt goes uncounted."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib import clock, errors
from chalicelib.access import memberships
from chalicelib.deliveries import outcomes, sending, turns, wakes
from chalicelib.deliveries.attempts import Receiver, Result
from chalicelib.deliveries.sending import Tools
from chalicelib.events import lane
from chalicelib.store import lookups, table
from chalicelib.store.models.people import Membership
from chalicelib.webhooks import endpoints
from tests.support import webhook_world
from tests.support.webhook_world import FINE, World


class Killed(BaseException):
    """The process is no more."""


def killing(events: set[str], times: int) -> Callable[[str, int], Result]:
    """Whoever delivers one of these dies, so many times."""
    left = [times]

    def answer(event: str, now: int) -> Result:
        if event in events and left[0] > 0:
            left[0] -= 1
            raise Killed
        return FINE

    return answer


def deliver(world: World) -> None:
    """As the queue does: what died comes again."""
    for _ in range(60):
        try:
            world.passes()
        except Killed:
            [endpoint] = endpoints.every(world.agency)
            world.send(wakes.task(world.agency, endpoint.id, "again"))
        else:
            return


def test_killed_sender_loses_nothing(world: World) -> None:
    endpoint = world.endpoint()
    events = world.happens(6, conversation="a" * 20)
    world.answers[endpoint.id] = killing({events[3]}, 2)
    deliver(world)
    assert set(world.got[endpoint.id]) == set(events)
    assert world.standing(endpoint).begun == 0


def test_event_that_kills_whoever_delivers_it_is_given_up_like_any_other(world: World) -> None:
    endpoint = world.endpoint()
    events = world.happens(6, conversation="a" * 20)
    world.answers[endpoint.id] = killing({events[0]}, 1_000)
    deliver(world)
    assert world.got[endpoint.id][-5:] == events[1:]
    assert events[0] not in world.got[endpoint.id]


def test_attempt_is_counted_before_the_call(world: World) -> None:
    endpoint = world.endpoint()
    events = world.happens(1)
    seen: list[int] = []

    def answer(event: str, now: int) -> Result:
        seen.append(world.standing(endpoint).begun)
        return FINE

    world.answers[endpoint.id] = answer
    world.passes()
    assert seen == [1]
    assert world.got[endpoint.id] == events


def test_news_that_comes_twice_is_delivered_once(world: World) -> None:
    endpoint = world.endpoint()
    events = world.happens(3, conversation="a" * 20)
    segments = list(lane.read(world.agency, 0))
    world.send(*turns.tasks(world.agency, segments, world.now), wakes.task(world.agency, endpoint.id, "late"))
    world.passes()
    assert world.got[endpoint.id] == events


def test_of_two_who_deliver_at_once_one_comes_again(world: World) -> None:
    endpoint = world.endpoint()
    world.happens()

    def answer(event: str, now: int) -> Result:
        world.answers.clear()
        world.perform(wakes.task(world.agency, endpoint.id, "other"))
        return FINE

    world.answers[endpoint.id] = answer
    with pytest.raises(errors.Unavailable):
        world.passes()


def test_turn_that_has_no_time_left_is_continued(world: World) -> None:
    endpoint = world.endpoint()
    events = world.happens(100, conversation="a" * 20)
    world.waiting.clear()
    sent: list[object] = []
    late = Tools(lambda: world.now, world.post, world.now, lambda *tasks: sent.extend(tasks))
    turns.turn(world.agency, endpoint.id, late)
    assert (len(sent), world.got) == (1, {})
    turns.turn(world.agency, endpoint.id, world.tools())
    assert world.got[endpoint.id] == events


def test_agency_without_endpoints_costs_one_read_and_no_task(world: World) -> None:
    world.happens(5)
    assert world.waiting == []


def test_nobody_is_sent_for_while_the_breaker_is_open(world: World) -> None:
    endpoint = world.endpoint()
    world.answers[endpoint.id] = webhook_world.failing()
    world.happens(12, conversation="a" * 20)
    world.passes()
    assert world.standing(endpoint).breaker["is_open"]
    segments = list(lane.read(world.agency, 0))
    assert turns.tasks(world.agency, segments, world.now) == []


def test_endpoint_rests_on_whoever_made_it(world: World) -> None:
    ana = world.person("ana")
    endpoint = world.endpoint(by=ana)
    table.delete(Membership(lookups.user(ana.subject), world.agency))
    world.happens()
    world.passes(clock.MINUTE)
    assert world.got == {}
    assert world.present(endpoint).disabled == "unanswered"
    assert world.notices == [("webhook_disabled", endpoint.id)]


def test_endpoint_of_somebody_suspended_waits_for_them(world: World) -> None:
    ana = world.person("ana")
    endpoint = world.endpoint(by=ana)
    world.answers[endpoint.id] = webhook_world.failing()
    failed = world.happens()
    world.passes()
    table.transact(memberships.suspension(world.agency, ana.subject, suspended=True))
    del world.answers[endpoint.id]
    missed = world.happens(2)
    world.passes(3 * clock.HOUR)
    assert not (world.got.get(endpoint.id) or world.present(endpoint).disabled or world.notices)
    table.transact(memberships.suspension(world.agency, ana.subject, suspended=False))
    world.passes(2 * clock.HOUR)
    assert sorted(world.got[endpoint.id]) == sorted([*failed, *missed])


def test_endpoint_that_rests_on_a_key_waits_for_whoever_made_the_key(world: World) -> None:
    ana = world.person("ana")
    key = replace(ana, member="key_1", subject="key_hash", kind="key", maker=ana.person)
    stored = Membership(lookups.user(key.subject), world.agency, agency=world.agency, member=key.member, name="Bot")
    table.put(Membership(**{**stored.attribute_values, "maker": dict(ana.person), "grants": []}))
    assert not memberships.is_answerer_suspended(world.agency, key.person)
    table.transact(memberships.suspension(world.agency, ana.subject, suspended=True))
    assert memberships.is_answerer_suspended(world.agency, key.person)


def test_twenty_calls_of_an_agency_are_in_flight_at_most() -> None:
    for count in range(1, 21):
        assert 1 <= sending.slots(count) <= 5
        assert count * sending.slots(count) <= 20


def test_reader_that_is_far_behind_without_reason_is_brought_up(world: World) -> None:
    world.happens()
    endpoint = world.endpoint(events=["note.written"])
    segment = lane.Segment(turns.MOST_BEHIND + world.standing(endpoint).number + 1, world.now, [])
    assert len(turns.tasks(world.agency, [segment], world.now)) == 1
    world.happens(3)
    assert world.waiting == []
    newest = lane.head(world.agency)  # the deployed functions may append what the endpoint's audit tells, meanwhile
    turns.turn(world.agency, endpoint.id, world.tools())
    assert world.standing(endpoint).number > newest


def test_header_of_an_endpoint_is_only_known_to_its_receiver(world: World) -> None:
    endpoint = world.endpoint(headers={"X-Key": "hush"})
    known: list[Receiver] = []

    def post(receiver: Receiver, id: str, body: bytes, now: int) -> Result:
        known.append(receiver)
        return FINE

    world.happens()
    turns.turn(world.agency, endpoint.id, Tools(lambda: world.now, post, world.now + 1000, world.send))
    assert known[0].headers == {"x-key": "hush"}
    assert "hush" not in str(endpoints.view(endpoint))
    assert outcomes.MOST_TRIES == 10
