"""Rules for replies are loosened exactly when some reply could need less than before."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.brands import reply_rules

TWO: dict[str, Any] = {"approvals": 2}
OWNERS: dict[str, Any] = {"approvals": 1, "by": ["owner"]}
RULES = st.lists(
    st.fixed_dictionaries(
        {"approvals": st.integers(0, 2)},
        optional={
            "roles": st.lists(st.sampled_from("abc"), min_size=1, max_size=2),
            "surface": st.sampled_from(["public", "private"]),
            "by": st.lists(st.sampled_from("abc"), max_size=2),
        },
    ),
    max_size=3,
)


@pytest.mark.parametrize(
    ("old", "new", "looser"),
    [
        ([], [TWO], False),
        ([TWO], [], True),
        ([], [{"approvals": 0}], True),
        ([TWO], [{"approvals": 1}], True),
        ([TWO], [{"roles": ["moderator"], "approvals": 0}, TWO], True),
        ([{"roles": ["a"], **TWO}, {"roles": ["b"], "approvals": 1}], [{"roles": ["b"], "approvals": 1},
         {"roles": ["a"], **TWO}], True),
        ([OWNERS], [{"approvals": 1}], True),
        ([{"approvals": 1}], [OWNERS], False),
        ([{**TWO, "by": ["a", "b"], "every": True}], [{**TWO, "by": ["a", "b"]}], True),
        ([{**TWO, "visibility": "public"}], [TWO], False),
        ([TWO], [{**TWO, "visibility": "public"}], True),
    ],
)  # fmt: skip
def test_less_is_seen_wherever_it_hides(old: list[Any], new: list[Any], looser: bool) -> None:
    assert reply_rules.loosens(old, new) == looser


@given(RULES, RULES, st.sets(st.sampled_from("abcd")), st.booleans(), st.booleans())
def test_what_is_not_looser_asks_nobody_for_less(
    old: list[Any], new: list[Any], roles: set[str], private: bool, official: bool
) -> None:
    if reply_rules.loosens(old, new):
        return
    before, after = (reply_rules.fitting(rules, roles, private=private, official=official) for rules in (old, new))
    if before and before["approvals"]:
        assert after
        assert after["approvals"] >= before["approvals"]


@given(RULES)
def test_the_same_rules_are_no_looser(rules: list[Any]) -> None:
    assert not reply_rules.loosens(rules, rules)
