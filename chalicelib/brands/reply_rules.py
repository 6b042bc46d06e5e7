"""The rules of a brand for replies: which rule applies to a reply, and whether new rules are looser. Pure.

A rule is the JSON object of schemas.REPLY_RULE: to which replies it applies, how many approvals they need, and whose.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations, product
from typing import Any

Rule = Mapping[str, Any]
_ANY_OTHER_ROLE = "another"


def fitting(rules: Sequence[Rule], roles: Collection[str], *, private: bool, official: bool) -> Rule | None:
    """The first rule that applies to such a reply by an author with these roles, if any."""
    return next((rule for rule in rules if _fits(rule, roles, private=private, official=official)), None)


def _fits(rule: Rule, roles: Collection[str], *, private: bool, official: bool) -> bool:
    visibility, kind = "private" if private else "public", "official" if official else "ordinary"
    return (
        rule.get("visibility", visibility) == visibility
        and rule.get("kind", kind) == kind
        and (not rule.get("roles") or not set(rule["roles"]).isdisjoint(roles))
    )


def named_roles(rules: Sequence[Rule]) -> set[str]:
    """All roles in the rules: those of authors, and those that approve."""
    return {role for rule in rules for role in (*rule.get("roles", ()), *rule.get("by", ()))}


def approving_roles(rules: Sequence[Rule]) -> set[str]:
    """The roles whose members approve because a rule names them."""
    return {role for rule in rules for role in rule.get("by", ())}


def loosens(old: Sequence[Rule], new: Sequence[Rule]) -> bool:
    """True if some reply needs less under the new rules.

    It is enough to try authors with one or two roles: one for which the old rule applies, and one for which the new
    rule does.
    """
    roles_in_rules = {_ANY_OTHER_ROLE, *(role for rule in (*old, *new) for role in rule.get("roles", ()))}
    authors = [*((role,) for role in roles_in_rules), *combinations(sorted(roles_in_rules), 2)]
    return any(
        _needs_less(
            fitting(old, roles, private=private, official=official),
            fitting(new, roles, private=private, official=official),
        )
        for roles, private, official in product(authors, (False, True), (False, True))
    )


def _needs_less(old: Rule | None, new: Rule | None) -> bool:
    """True if a reply needs less under `new` than under `old`.

    Without a rule (None) the author's own permission decides: a reply then needs one approval or none.
    """
    if old is None:
        return new is not None and not new["approvals"]
    if not old["approvals"]:
        return False
    if new is None or new["approvals"] < old["approvals"]:
        return True
    before, after = set(old.get("by", ())), set(new.get("by", ()))
    if old.get("every"):
        return not new.get("every") or before != after
    return bool(before) and (not after or not after <= before)
