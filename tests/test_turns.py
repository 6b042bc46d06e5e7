"""Where networks take turns, each of them plays a third of the journeys, and nothing else is left out."""

import pytest

from tests.support import turns

NETWORKS = ["facebook", "line", "mastodon", "telegram", "x"]


class _Case:
    """What of a test is asked here."""

    def __init__(self, nodeid: str, marker: str) -> None:
        self.nodeid, self._marker = nodeid, marker

    def get_closest_marker(self, name: str) -> str | None:
        return name if name == self._marker else None


def test_three_journeys_are_played_on_all_networks_once() -> None:
    said = [_Case(f"test.py::test_{journey}[{network}]", "turn") for journey in "abc" for network in NETWORKS]
    played, left = turns.in_turn(said)
    assert sorted(case.nodeid.partition("[")[2][:-1] for case in played) == NETWORKS
    assert len(played) + len(left) == len(said)


def test_whose_turn_it_is_does_not_depend_on_the_order_of_the_tests() -> None:
    said = [_Case(f"test.py::test_{journey}[{network}]", "turn") for journey in "abc" for network in NETWORKS]
    played, _ = turns.in_turn(said)
    again, _ = turns.in_turn(said[::-1])
    assert again == played[::-1]


def test_what_takes_no_turns_is_played_always() -> None:
    said = [_Case(f"test.py::test_a[{network}]", "slow") for network in NETWORKS]
    assert turns.in_turn(said) == (said, [])


def test_case_of_several_values_keeps_them() -> None:
    [first, second] = turns.taken([("facebook", "read"), "x"])
    assert (first.values, second.values) == (("facebook", "read"), ("x",))
    assert [mark.name for mark in first.marks] == [pytest.mark.turn.name]
