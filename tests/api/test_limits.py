"""No agency, member or key asks more than its share, whichever process it asks, and asking little costs nothing."""

from collections.abc import Iterator

import pytest

from chalicelib import clock, errors
from chalicelib.access.actors import Actor
from chalicelib.api import limits
from chalicelib.store import fence, keys, table
from chalicelib.store.models.requests import Quota
from tests.support.stack import Stack, number

NOW = clock.parse("2026-11-26T10:00:30Z")


@pytest.fixture
def actor(stack: Stack) -> Iterator[Actor]:
    with fence.within(stack.ours.id):
        yield Actor(stack.ours.id, f"mbr_{number()}", "Ana")


def passed(actor: Actor, now: int, most: int = 5_000) -> int:
    """How many requests pass in a process that has just started."""
    limits._shares.clear()
    for passed in range(most):
        try:
            limits.count(actor, now)
        except errors.TooMany:
            return passed
    return most


def test_caller_has_so_many_requests_a_minute_in_all_processes(actor: Actor) -> None:
    now = NOW + clock.MINUTE
    first, second = passed(actor, now), passed(actor, now)
    assert (first, second) == (limits.MOST[limits.ACTOR] + limits.FREE, limits.FREE)
    assert passed(actor, now + clock.MINUTE, 100) == 100


def test_another_caller_has_their_own(actor: Actor) -> None:
    now = NOW + 2 * clock.MINUTE
    passed(actor, now)
    assert passed(Actor(actor.agency, f"mbr_{number()}", "Ben"), now, 100) == 100


def test_greedy_caller_leaves_the_others_their_share(actor: Actor) -> None:
    now = NOW + 5 * clock.MINUTE
    for _ in range(5):
        passed(actor, now, limits.MOST[limits.AGENCY])
    assert passed(Actor(actor.agency, f"mbr_{number()}", "Ben"), now, 1_000) == 1_000


def test_who_asks_little_writes_nothing(actor: Actor) -> None:
    now = NOW + 3 * clock.MINUTE
    passed(actor, now, limits.FREE)
    assert table.get(Quota, actor.agency, keys.quota(f"requests#{actor.member}", now // clock.MINUTE)) is None


def test_refusal_says_when_to_come_back(actor: Actor) -> None:
    now = NOW + 4 * clock.MINUTE
    passed(actor, now)
    with pytest.raises(errors.TooMany) as refusal:
        limits.count(actor, now)
    assert refusal.value.after == 30


@pytest.mark.parametrize("path", ["/me", "/conversations/cnv_0"])
def test_every_answer_tells_what_is_left(stack: Stack, path: str) -> None:
    answer = stack.ours.owner.call("GET", path)
    assert answer.headers["ratelimit-policy"] == '"agency";q=12000;w=60, "caller";q=3000;w=60'
    assert answer.headers["ratelimit"].startswith('"caller";r=')
