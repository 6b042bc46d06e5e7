"""What a network posts to a hook for a while only is asked for again every day, before that ends."""

import json
from functools import partial

import pytest

from chalicelib import clock, networks
from local.double import Server
from tests.networks.folders import of
from tests.networks.test_contract_calls import connected
from tests.support.background import time_passes
from tests.support.stack import Channel, Stack, eventually

ENDING = [key for key in networks.names() if of(key).hook_ends]


@pytest.mark.parametrize("key", [key for key in networks.names() if not of(key).play])
def test_lease_that_is_asked_for_is_declared_and_outlasts_the_daily_look(key: str, server: Server) -> None:
    credentials, before = connected(key), len(server.state.requests)
    of(key).subscribe(credentials, f"https://palabre.test/hooks/{key}/chn_1", "secret")
    bodies = [call["json"] for call in server.state.requests[before:] if isinstance(call["json"], dict)]
    leases = [int(value) for body in bodies for name, value in body.items() if "lease" in name]
    assert of(key).hook_ends or not leases
    assert all(lease * clock.SECOND > 3 * clock.DAY for lease in leases)


def turned_on(channel: Channel, before: int) -> int:
    """How often the network was asked to post what happens on the channel to our hook; 0 if not more than `before`."""
    asked = channel.stack.requests(channel.network, channel.account.rpartition(":")[2])
    times = sum(f"/hooks/{channel.network}" in json.dumps(request["json"]) for request in asked)
    return times if times > before else 0


@pytest.mark.parametrize("key", ENDING)
def test_hook_that_ends_by_itself_is_turned_on_again_every_day(key: str, stack: Stack) -> None:
    channel = stack.connect(key)
    times = 0
    for _ in range(3):
        times = eventually(partial(turned_on, channel, times))
        time_passes(25 * clock.HOUR, channel.id)
