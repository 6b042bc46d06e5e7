"""A rule says on which networks of its brand what it wants cannot be done."""

from typing import Any

import pytest

from chalicelib import networks
from chalicelib.networks.base import Network
from chalicelib.rules import abilities
from tests.support.stack import Stack


def known(*keys: str) -> list[Network]:
    return [network for key in keys if (network := networks.get(key))]


THERE = known("facebook", "linkedin", "telegram", "threads")
INSULT = {"field": "category", "is": "insult"}
COMMENT = {"field": "surface", "is": "comment"}
ELSEWHERE = {"none": [{"field": "network", "is": "linkedin"}]}


@pytest.mark.parametrize(
    ("when", "do", "cannot"),
    [
        (INSULT, "hide", ["linkedin", "telegram"]),
        ({"all": [INSULT, COMMENT]}, "hide", ["linkedin"]),
        ({"all": [INSULT, COMMENT, ELSEWHERE]}, "hide", []),
        ({"field": "surface", "is": "review"}, "hide", ["facebook"]),
        ({"all": [INSULT, COMMENT]}, "delete", ["threads"]),
        (INSULT, "queue", []),
    ],
    ids=["anything", "comments", "elsewhere", "reviews", "delete", "queue"],
)
def test_network_is_named_where_the_rule_may_mean_something_and_can_do_nothing(
    when: Any, do: str, cannot: list[str]
) -> None:
    said = {"when": when, "then": [{"do": "label", "label": "x"}, {"do": do}]}
    assert abilities.cannot(said, THERE) == cannot


def test_rule_says_it_when_it_is_written_and_read(stack: Stack) -> None:
    brand = stack.brand()
    stack.connect("linkedin", brand)
    said = {"name": "Insults", "clause": "respect.insults", "when": INSULT, "then": [{"do": "hide"}]}
    made = brand.owner.post("/rules", {"brand": brand.brand, **said})
    assert made["cannot"] == ["linkedin"]
    listed = brand.owner.get(f"/brands/{brand.brand}/rules")["items"]
    assert [rule["cannot"] for rule in listed if rule["id"] == made["id"]] == [["linkedin"]]
    version = {"If-Match": f'"{made["version"]}"'}
    changed = brand.owner.call("PATCH", f"/rules/{made['id']}", {"then": [{"do": "queue"}]}, headers=version)
    assert changed.json["cannot"] == []
