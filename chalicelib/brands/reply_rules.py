"""A brand's rules for replies: which fits one, and who may have others. Pure: rules in, an answer out."""

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations, product
from typing import Any

Rule = Mapping[str, Any]
NOBODY_IN_PARTICULAR = "another"


def fitting(rules: Sequence[Rule], roles: Collection[str], *, private: bool, official: bool) -> Rule | None:
    """The first rule that fits such a reply of somebody with these roles."""
    return next((rule for rule in rules if _fits(rule, roles, private=private, official=official)), None)


def _fits(rule: Rule, roles: Collection[str], *, private: bool, official: bool) -> bool:
    visibility = {"private": private, "public": not private}.get(rule.get("visibility", ""), True)
    kind = {"official": official, "ordinary": not official}.get(rule.get("kind", ""), True)
    return visibility and kind and (not rule.get("roles") or not set(rule["roles"]).isdisjoint(roles))


def named_roles(rules: Sequence[Rule]) -> set[str]:
    """The roles that rules are for, or that approve by them."""
    return {role for rule in rules for role in (*rule.get("roles", ()), *rule.get("by", ()))}


def loosens(old: Sequence[Rule], new: Sequence[Rule]) -> bool:
    """True if any reply could need less than before.

    Two roles at a time are all there is to try: one that leads to the old rule, one that leads to the new.
    """
    named = {NOBODY_IN_PARTICULAR, *(role for rule in (*old, *new) for role in rule.get("roles", ()))}
    held = [*((one,) for one in named), *combinations(sorted(named), 2)]
    return any(
        _less(
            fitting(old, roles, private=private, official=official),
            fitting(new, roles, private=private, official=official),
        )
        for roles, private, official in product(held, (False, True), (False, True))
    )


def _less(old: Rule | None, new: Rule | None) -> bool:
    """Without a rule one's own permission to send decides: that asks for one approval or none."""
    if old is None or new is None:
        return (old is None and new is not None and not new["approvals"]) or bool(old and old["approvals"])
    if not old["approvals"] or new["approvals"] < old["approvals"]:
        return bool(old["approvals"])
    before, after = set(old.get("by", ())), set(new.get("by", ()))
    if old.get("every"):
        return not new.get("every") or before != after
    return bool(before) and (not after or not after <= before)
