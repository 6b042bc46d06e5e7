"""A world of its own for each test."""

from collections.abc import Iterator

import pytest

from chalicelib import clock, settings
from chalicelib.store import fence
from tests.support import webhook_world
from tests.support.stack import Stack
from tests.support.webhook_world import World

LATER = 1_000 * clock.DAY  # so far from now that nobody else's clock does what is due here


@pytest.fixture
def world(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("RECEIVER_HOSTS", webhook_world.URL.rstrip("/"))
    settings.get.cache_clear()
    now = (clock.now() + LATER) // clock.MINUTE * clock.MINUTE
    agency = webhook_world.new_agency(now)
    with fence.within(agency):
        yield World(agency, now)
    settings.get.cache_clear()
