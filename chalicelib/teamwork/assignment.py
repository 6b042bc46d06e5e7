"""Gives conversations to members and teams."""

from collections.abc import Sequence

from chalicelib import errors
from chalicelib.access.actors import Actor
from chalicelib.inbox import conversations
from chalicelib.people import members, teams
from chalicelib.store import table
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.table import Action


def assign(actor: Actor, conversation: Conversation, to: str | None, now: int) -> Conversation:
    """Give it to a member or a team, or to nobody. To take it from somebody else needs the permission to take over."""
    actions = assigning(actor, conversation, to, now)
    return conversations.change(
        actor, conversation, "conversation.assign", actions, now, {"assignee": conversation.assignee}, {"assignee": to}
    )


def assigning(actor: Actor, conversation: Conversation, to: str | None, now: int) -> list[Action]:
    """The actions that assign it. Forbidden to take it from somebody else without the permission to take over."""
    others = conversation.assignee and conversation.assignee not in (actor.member, *actor.teams)
    if others and not actor.may("conversation.take_over", brand=conversation.brand):
        raise errors.Forbidden("It is somebody else's.", code="cannot_take_over")
    if to:
        _check_assignee(actor, conversation, to)
    return _giving(to, now)


def _giving(to: str | None, now: int) -> list[Action]:
    if to is None:
        return [Conversation.assignee.remove(), Conversation.assigned_at.remove()]
    return [Conversation.assignee.set(to), Conversation.assigned_at.set(now)]


def give(
    actor: Actor, conversation: Conversation, to: str | None, now: int, writes: Sequence[table.Write] = ()
) -> Conversation:
    """Make it theirs, or nobody's, unasked; `writes` happen with it or not at all."""
    before, after = {"assignee": conversation.assignee}, {"assignee": to}
    return conversations.change(
        actor, conversation, "conversation.assign", _giving(to, now), now, before, after, writes
    )


def _check_assignee(actor: Actor, conversation: Conversation, to: str) -> None:
    if not takes(actor.agency, conversation.brand, to):
        raise errors.Invalid("No member or team that works for this brand.", field="to")


def takes(agency: str, brand: str, who: str) -> bool:
    """True if a conversation of the brand can be theirs: a team there is, or a member who works for the brand."""
    if who.startswith("tem_"):
        return teams.find(agency, who) is not None
    member = members.find(agency, who)
    return member is not None and members.works_for(member, brand)
