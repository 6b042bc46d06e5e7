"""How many calls a look takes that finds nothing, and what the networks' documentation allows."""

from collections.abc import Mapping, Sequence

import pytest

from chalicelib import clock, networks
from chalicelib.upkeep import states
from local.double import Server
from tests.networks.folders import of
from tests.networks.test_contract_calls import connected

POLLED: Sequence[str] = [key for key in networks.names() if of(key).polling]


@pytest.mark.parametrize("key", POLLED)
def test_look_that_finds_nothing_takes_as_many_calls_as_the_quotas_are_reckoned_with(key: str, server: Server) -> None:
    polling, credentials = of(key).polling, connected(key)
    assert polling
    mark = polling.pull(credentials, {}).mark
    before, began = len(server.state.requests), clock.now()
    pulled = polling.pull(credentials, mark)
    assert (pulled.bodies, pulled.mark) == ([], mark)
    assert pulled.calls == len(server.state.requests) - before
    assert pulled.calls in {polling.calls + polling.asks_own(at) for at in (began, clock.now())}


@pytest.mark.parametrize("key", POLLED)
def test_calls_of_a_day_are_those_of_all_its_looks(key: str) -> None:
    polling = of(key).polling
    assert polling
    looks = range(0, 86_400, polling.every)
    assert polling.calls_a_day == sum(polling.calls + polling.asks_own(at * 1000) for at in looks)
    assert polling.calls_a_day <= polling.quota


ALLOWED: Mapping[str, Mapping[str, int]] = {
    "telegram": {"messages_a_second": 30, "messages_a_second_in_a_chat": 1, "messages_a_minute_in_a_group": 20},
    "viber": {"messages_an_hour_to_a_person": 100},
    "trustpilot": {"calls_in_300_seconds": 833, "calls_an_hour": 10_000},
    "pinterest": {"calls_a_second": 100},
    "tiktok": {
        "calls_a_second_of_the_app": 10, "calls_a_minute_of_the_app": 600, "calls_a_day_of_the_app": 864_000,
    },
    "linkedin": {},
}  # fmt: skip


@pytest.mark.parametrize("key", ALLOWED)
def test_what_only_the_documentation_allows_is_told_without_asking(key: str) -> None:
    told = list(states.documented(of(key)))
    assert {quota.name: quota.most for quota in told} == ALLOWED[key]
    assert {quota.used for quota in told} <= {None}
    assert of(key).quotas is None
