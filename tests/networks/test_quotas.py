"""How many calls a look takes that finds nothing, and what the networks' documentation allows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import lcm
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import clock, networks
from chalicelib.channels import lookouts
from chalicelib.store.models.channels import Look
from chalicelib.upkeep import looks, states
from local.double import Server
from tests.networks.folders import of
from tests.networks.test_contract_calls import connected

POLLED: Sequence[str] = [key for key in networks.names() if of(key).polling]
SHARED = [key for key in POLLED if (polling := of(key).polling) and polling.for_all]


@pytest.mark.parametrize("key", POLLED)
def test_look_that_finds_nothing_takes_as_many_calls_as_the_quotas_are_reckoned_with(key: str, server: Server) -> None:
    polling, credentials = of(key).polling, connected(key)
    assert polling
    mark = polling.pull(credentials, {}, polling.every).mark
    before, began = len(server.state.requests), clock.now()
    pulled = polling.pull(credentials, mark, polling.every)
    assert (pulled.bodies, pulled.mark) == ([], mark)
    assert pulled.calls == len(server.state.requests) - before
    assert pulled.calls in {polling.calls + polling.asks_own(at, polling.every) for at in (began, clock.now())}


@pytest.mark.parametrize("key", POLLED)
def test_calls_of_a_day_are_those_of_all_its_looks(key: str) -> None:
    polling = of(key).polling
    assert polling
    times = range(0, 86_400, polling.every)
    assert polling.calls_a_day == sum(polling.calls + polling.asks_own(at * 1000, polling.every) for at in times)
    assert polling.calls_a_day <= polling.quota


def accounts_of(key: str, number: int) -> list[Look]:
    """The part of so many accounts of one app that is in a shard."""
    return [
        Look("look#0", f"chn_{index}", agency="agc_1", channel=f"chn_{index}", minutes=1, network=key)
        for index in range(number // lookouts.SHARDS)
    ]


@pytest.mark.parametrize("key", SHARED)
def test_thousand_accounts_stay_inside_the_quota(key: str) -> None:
    polling, accounts = of(key).polling, accounts_of(key, 1000)
    assert polling
    assert polling.calls_of(1000) <= polling.quota * polling.share / 100
    assert polling.stretched(polling.fit) == polling.stretched(1) < polling.stretched(polling.fit + 1)
    minutes = polling.stretched(1000)
    looked = Counter(
        str(task.body["channel"]) for minute in range(minutes) for task in looks.of_minute(accounts, minute)
    )
    assert looked == {look.channel: 1 for look in accounts}


@given(st.sampled_from(SHARED), st.integers(1, 10**7), st.integers(0, 10**6))
def test_more_accounts_are_asked_less_often_and_never_beyond_the_share(key: str, accounts: int, more: int) -> None:
    polling = of(key).polling
    assert polling
    minutes = polling.stretched(accounts)
    assert minutes <= polling.stretched(accounts + more)
    assert polling.calls_of(accounts) <= polling.quota * polling.share // 100
    if accounts > polling.fit:  # not twice as rarely as must be
        assert (
            2 * accounts * polling.calls_a_day * polling.every > (minutes * 60) * polling.quota * polling.share // 100
        )


@given(st.sampled_from(SHARED), st.lists(st.integers(1, 5000), min_size=1, max_size=8), st.integers(0, 10**6))
def test_account_is_not_passed_over_whenever_others_come_and_go(key: str, numbers: list[int], begin: int) -> None:
    polling = of(key).polling
    assert polling
    intervals = [polling.stretched(number) for number in numbers]
    assert lcm(*intervals) <= 3 * max(intervals)  # in so many minutes one suits them all
    phase, passed = crc32(b"chn_1"), 0
    while (begin + passed - phase) % intervals[passed % len(intervals)]:
        passed += 1
    assert passed < 3 * max(intervals)


@given(st.sampled_from(POLLED), st.integers(1, 10**5), st.integers(0, 10**7))
def test_what_the_account_said_is_asked_for_in_each_turn(key: str, accounts: int, begin: int) -> None:
    polling = of(key).polling
    assert polling
    every = polling.stretched(accounts) * 60
    times = [(begin + every * number) * 1000 for number in range(100)] if polling.own_every else []
    turns = [polling.own_turn(now, every) for now in times if polling.asks_own(now, every)]
    assert turns == list(range(turns[0], turns[-1] + 1)) if turns else not polling.own_every
    assert not times or len(turns) >= 100 * polling.every // polling.own_every


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
    quotas = list(states.documented(of(key)))
    assert {quota.name: quota.most for quota in quotas} == ALLOWED[key]
    assert {quota.used for quota in quotas} <= {None}
    assert of(key).quotas is None
