"""How a network is, told from the minutes in which it failed: no agency alone makes it bad for another."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.channels import statuses
from chalicelib.channels.pulses import Pulse, Tally
from chalicelib.channels.statuses import Standing

NOW = 30_000_000
WORKING = Standing("working", None)
# Bad minutes, as so many before now; how it is then, and since how many minutes before now.
CASES: dict[str, tuple[list[int], str, int | None]] = {
    "nothing failed": ([], "working", None),
    "one bad minute is chance": ([0], "working", None),
    "two far from each other are chance": ([0, 5], "working", None),
    "two of five": ([0, 4], "degraded", 4),
    "it is degraded still with one of five": ([4, 5], "degraded", 5),
    "four of five": ([0, 1, 2, 4], "refusing", 0),
    "all": ([0, 1, 2, 3, 4, 5, 6], "refusing", 3),
    "it refuses still with three of five": ([2, 3, 4, 5, 6], "refusing", 3),
    "it gets better with two of five": ([3, 4, 5, 6], "degraded", 0),
    "it works after five good ones": ([5, 6, 7, 8], "working", 4),
    "it fails again": ([0, 1, 20, 21], "degraded", 1),
    "what is too long ago does not count": ([130, 131, 132], "working", None),
}
PULSES = st.lists(
    st.builds(Pulse, st.sampled_from(["a", "b"]), st.sampled_from(["x", "y", "z"]), st.integers(NOW - 20, NOW)),
    max_size=60,
)


def seen(pulses: list[Pulse]) -> Standing:
    """How the agency `x` sees the network `a`."""
    return statuses.at(statuses.bad_minutes(statuses.failures(pulses).get("a", {}), "x"), NOW)


@pytest.mark.parametrize("case", CASES)
def test_minutes_tell_how_it_is_and_since_when(case: str) -> None:
    ago, status, since = CASES[case]
    standing = statuses.at(frozenset(NOW - minutes for minutes in ago), NOW)
    assert (standing.status, None if standing.since is None else NOW - standing.since) == (status, since)


def test_minute_that_is_not_over_counts_only_once_it_is_bad() -> None:
    assert statuses.current(frozenset({NOW - 5, NOW - 6}), NOW).status == "degraded"
    assert statuses.current(frozenset({NOW, NOW - 1}), NOW).status == "degraded"


@given(PULSES, st.randoms())
def test_order_and_repeats_do_not_matter(pulses: list[Pulse], random: Random) -> None:
    shuffled = [*pulses, *pulses[:5]]
    random.shuffle(shuffled)
    assert seen(pulses) == seen(shuffled)


@given(PULSES)
def test_one_agency_alone_changes_nothing_for_another(pulses: list[Pulse]) -> None:
    of_one = [pulse for pulse in pulses if pulse.agency == "y"]
    assert seen(of_one) == WORKING


@given(PULSES)
def test_failures_of_another_network_change_nothing(pulses: list[Pulse]) -> None:
    here = [pulse for pulse in pulses if pulse.network == "a"]
    assert seen(pulses) == seen(here)


def test_a_call_that_gets_lost_now_and_then_is_not_noted() -> None:
    tally = Tally()
    for _ in range(9):
        tally.add("a", NOW, failed=False)
    assert [tally.add("a", NOW + 1, failed=True) for _ in range(3)] == [False, False, True]
    assert not tally.add("b", NOW + 1, failed=False)
    assert tally.add("b", NOW + 6, failed=True)
