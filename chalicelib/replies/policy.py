"""Who speaks for a brand at once, and whose words are approved first. Pure: a brand's rules in, a requirement out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.access.actors import Actor
from chalicelib.brands import reply_rules


@dataclass(frozen=True)
class Requirement:
    """`count` approvals, each by somebody of `roles` (empty: anybody who may approve); `every` asks for one of each.

    `official`: whoever wrote it may not speak officially, so one of those who approve must be allowed to.
    """

    count: int
    roles: Sequence[str] = ()
    every: bool = False
    official: bool = False


NOTHING = Requirement(0)
ONE = Requirement(1)


def visibility(*, private: bool) -> str:
    """What the permissions call it."""
    return "private" if private else "public"


def may_answer(actor: Actor, brand: str, *, private: bool) -> bool:
    """True if the actor may send, or at least propose, an answer there."""
    where = visibility(private=private)
    return actor.may(f"reply.{where}.send", f"reply.{where}.propose", brand=brand)


def required(
    actor: Actor, brand: str, rules: Sequence[Mapping[str, Any]], *, private: bool, official: bool
) -> Requirement:
    """What a reply of the actor needs. The first rule that fits decides; without one, the permission to send does.

    No rule lets a reply be official that nobody who may speak officially had a part in.
    """
    asked = _asked(actor, brand, rules, private=private, official=official)
    if official and not actor.may("reply.official", brand=brand):
        return replace(asked, count=max(1, asked.count), official=True)
    return asked


def _asked(
    actor: Actor, brand: str, rules: Sequence[Mapping[str, Any]], *, private: bool, official: bool
) -> Requirement:
    rule = reply_rules.fitting(rules, roles_of(actor, brand), private=private, official=official)
    if rule:
        return Requirement(rule["approvals"], tuple(rule.get("by", ())), rule.get("every", False))
    sends = "reply.official" if official else f"reply.{visibility(private=private)}.send"
    return NOTHING if actor.may(sends, brand=brand) else ONE


def roles_of(actor: Actor, brand: str) -> set[str]:
    """The roles the actor holds for the brand."""
    return {grant.role for grant in actor.grants if grant.covers(brand)}


def satisfied(needs: Requirement, approvals: Sequence[Mapping[str, Any]]) -> bool:
    """True once the approvals, each `{roles, official}`, meet the requirement."""
    if len(approvals) < needs.count or (needs.official and not any(given["official"] for given in approvals)):
        return False
    if not needs.every:
        return True
    return all(any(role in approval["roles"] for approval in approvals) for role in needs.roles)


def may_approve(actor: Actor, brand: str, needs: Requirement) -> bool:
    """True if the actor's approval counts: whom a rule names may approve by that, whatever else they may do."""
    if roles_of(actor, brand).intersection(needs.roles):
        return True
    speaks = actor.may("reply.official", brand=brand)
    return actor.may("reply.approve", brand=brand) and (speaks if needs.official else not needs.roles)
