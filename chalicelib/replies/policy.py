"""Whose replies are sent at once, and whose need approvals. Pure: computes a requirement from a brand's rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chalicelib import errors
from chalicelib.access.actors import Actor
from chalicelib.brands import reply_rules
from chalicelib.store.models.inbox import Conversation


@dataclass(frozen=True)
class Requirement:
    """`count` approvals, each by somebody of `roles` (empty: anybody who may approve); `every`: one of each role.

    `official`: the writer may not speak officially, so one of the approvers must be allowed to.
    """

    count: int
    roles: Sequence[str] = ()
    every: bool = False
    official: bool = False


NOTHING = Requirement(0)
ONE = Requirement(1)


def visibility(*, private: bool) -> str:
    return "private" if private else "public"


def may_answer(actor: Actor, brand: str, *, private: bool) -> bool:
    """True if the actor may send, or at least propose, an answer that is private or public."""
    name = visibility(private=private)
    return actor.may(f"reply.{name}.send", f"reply.{name}.propose", brand=brand)


def check_may_answer(actor: Actor, conversation: Conversation, *, private: bool) -> None:
    """Raises Forbidden if the actor may neither send nor propose such answers in the conversation."""
    is_private = private or conversation.surface == "dm"
    if not may_answer(actor, conversation.brand, private=is_private):
        detail = f"Your role does not allow {visibility(private=is_private)} replies for this brand."
        raise errors.Forbidden(detail, code="cannot_reply_here")


def required(
    actor: Actor, brand: str, rules: Sequence[Mapping[str, Any]], *, private: bool, official: bool
) -> Requirement:
    """Which approvals a reply of the actor needs. The first rule that fits decides; if none fits, the actor's
    permission to send.

    An official reply of somebody who may not speak officially always needs an approver who may, whatever the rule says.
    """
    needs = _required_by_rules(actor, brand, rules, private=private, official=official)
    if official and not actor.may("reply.official", brand=brand):
        return replace(needs, count=max(1, needs.count), official=True)
    return needs


def _required_by_rules(
    actor: Actor, brand: str, rules: Sequence[Mapping[str, Any]], *, private: bool, official: bool
) -> Requirement:
    rule = reply_rules.fitting(rules, roles_of(actor, brand), private=private, official=official)
    if rule:
        return Requirement(rule["approvals"], tuple(rule.get("by", ())), rule.get("every", False))
    permission = "reply.official" if official else f"reply.{visibility(private=private)}.send"
    return NOTHING if actor.may(permission, brand=brand) else ONE


def roles_of(actor: Actor, brand: str) -> set[str]:
    return {grant.role for grant in actor.grants if grant.covers(brand)}


def satisfied(needs: Requirement, approvals: Sequence[Mapping[str, Any]]) -> bool:
    """True once the approvals, each `{roles, official}`, meet the requirement."""
    if len(approvals) < needs.count:
        return False
    if needs.official and not any(approval["official"] for approval in approvals):
        return False
    if not needs.every:
        return True
    return set(needs.roles) <= {role for approval in approvals for role in approval["roles"]}


def may_approve(actor: Actor, brand: str, needs: Requirement) -> bool:
    """True if the actor's approval counts. A role that the rule names needs no permission to approve."""
    if roles_of(actor, brand).intersection(needs.roles):
        return True
    if not actor.may("reply.approve", brand=brand):
        return False
    return actor.may("reply.official", brand=brand) if needs.official else not needs.roles
