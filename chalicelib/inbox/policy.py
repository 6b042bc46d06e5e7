"""Who speaks for a brand at once, and whose words are approved first. Pure: a brand's rules in, a requirement out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.api.actor import Actor
from chalicelib.tenancy import reply_rules


@dataclass(frozen=True)
class Requirement:
    """`count` approvals, each by somebody of `roles` (empty: anybody who may approve); `every` asks for one of each."""

    count: int
    roles: tuple[str, ...] = ()
    every: bool = False


NOTHING = Requirement(0)
ONE = Requirement(1)


def required(
    actor: Actor, brand: str, rules: Sequence[Mapping[str, Any]], *, private: bool, official: bool
) -> Requirement:
    """What a reply of the actor needs. The first rule that fits decides; without one, the permission to send does."""
    mine = {grant.role for grant in actor.grants if grant.covers(brand)}
    rule = reply_rules.fitting(rules, mine, private=private, official=official)
    if rule:
        return Requirement(rule["approvals"], tuple(rule.get("by", ())), rule.get("every", False))
    if official:
        return NOTHING if actor.may("reply.official", brand=brand) else ONE
    send = "reply.private.send" if private else "reply.public.send"
    return NOTHING if actor.may(send, brand=brand) else ONE


def satisfied(needs: Requirement, approvals: Sequence[Mapping[str, Any]]) -> bool:
    """True once the approvals, each `{by, roles}`, meet the requirement."""
    if len(approvals) < needs.count:
        return False
    if not needs.every:
        return True
    return all(any(role in approval["roles"] for approval in approvals) for role in needs.roles)


def may_approve(actor: Actor, brand: str, needs: Requirement, *, official: bool) -> bool:
    """True if the actor's approval counts."""
    if not actor.may("reply.approve", brand=brand) or (official and not actor.may("reply.official", brand=brand)):
        return False
    mine = {grant.role for grant in actor.grants if grant.covers(brand)}
    return not needs.roles or bool(mine.intersection(needs.roles))
