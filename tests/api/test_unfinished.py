"""A request with a key that died is not done again, unless its operation says that a repeat does no harm."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress

import pytest

from chalicelib import clock, errors
from chalicelib.access.actors import Actor
from chalicelib.api import idempotency
from chalicelib.channels.channels import Owner
from tests.support.dying import Died
from tests.support.routes import ROUTES
from tests.support.stack import number

_dead: list[AbstractContextManager[idempotency.Turn]] = []
DEAD = idempotency.UNDER_WAY_SECONDS * clock.SECOND + 2 * clock.SECOND


def dies(actor: Actor, key: str, now: int) -> None:
    """The process ends while the request is under way: nothing after that is done."""
    turn = idempotency.once(actor, key, "invite", b"{}", now)
    turn.__enter__()
    _dead.append(turn)  # not left before the test is over


def repeat(actor: Actor, key: str, now: int, *, raw: bytes = b"{}", repeatable: bool = False) -> bool:
    """True if the repeat is done."""
    with idempotency.once(actor, key, "invite", raw, now, repeatable=repeatable) as turn:
        is_new = turn.answer is None
        turn.keep(200, {}, {})
    return is_new


@pytest.fixture
def actor(owner: Owner) -> Iterator[Actor]:
    yield Actor(owner.agency, f"mbr_{number()}", "Member")
    while _dead:
        with suppress(Died):
            _dead.pop().__exit__(Died, Died(), None)


@pytest.mark.parametrize(
    ("later", "code"),
    [(0, "idempotency_in_flight"), (DEAD, "unfinished"), (23 * clock.HOUR, "unfinished")],
)
def test_request_that_died_is_not_done_again(actor: Actor, later: int, code: str) -> None:
    now = clock.now()
    dies(actor, "key", now)
    with pytest.raises(errors.Conflict) as refused:
        repeat(actor, "key", now + later)
    assert refused.value.code == code


def test_request_that_died_is_done_again_where_that_does_no_harm(actor: Actor) -> None:
    now = clock.now()
    dies(actor, "key", now)
    with pytest.raises(errors.Conflict):
        repeat(actor, "key", now, repeatable=True)
    with pytest.raises(errors.Invalid):
        repeat(actor, "key", now + DEAD, raw=b"{1}", repeatable=True)
    assert repeat(actor, "key", now + DEAD, repeatable=True)


def test_request_that_failed_is_done_again_at_once(actor: Actor) -> None:
    now = clock.now()
    with suppress(errors.Conflict), idempotency.once(actor, "key", "invite", b"{}", now):
        raise errors.Conflict
    assert repeat(actor, "key", now)


def test_only_what_is_claimed_before_it_is_done_may_be_repeated() -> None:
    repeatable = {route.view.__name__ for route in ROUTES if route.repeatable}
    assert repeatable == {"draft_reply", "open_checkout", "preview_billing_change", "refresh_billing"}
