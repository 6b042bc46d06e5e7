"""Assigns conversations to members and teams."""

from collections.abc import Sequence

from chalicelib import errors
from chalicelib.access.actors import Actor
from chalicelib.inbox import conversations
from chalicelib.people import members, teams
from chalicelib.store import table
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.table import Action


def assign(actor: Actor, conversation: Conversation, assignee: str | None, now: int) -> Conversation:
    """Assign a conversation to a member or a team, or with None to nobody; raises what `checked_actions` raises."""
    assignee = assignee_id(actor, assignee)
    actions = checked_actions(actor, conversation, assignee, now)
    return _change_assignee(actor, conversation, assignee, actions, now)


def assign_unchecked(
    actor: Actor, conversation: Conversation, assignee: str | None, now: int, writes: Sequence[table.Write] = ()
) -> Conversation:
    """Assign a conversation whatever the actor may do; the other `writes` are made with it or not at all."""
    return _change_assignee(actor, conversation, assignee, _actions(assignee, now), now, writes)


def _change_assignee(
    actor: Actor,
    conversation: Conversation,
    assignee: str | None,
    actions: Sequence[Action],
    now: int,
    writes: Sequence[table.Write] = (),
) -> Conversation:
    before, after = {"assignee": conversation.assignee}, {"assignee": assignee}
    return conversations.change(actor, conversation, "conversation.assign", actions, now, before, after, writes)


def checked_actions(actor: Actor, conversation: Conversation, assignee: str | None, now: int) -> list[Action]:
    """The actions that assign a conversation.

    Raises Forbidden if it is assigned to somebody else and the actor may not take over; Invalid for an assignee who
    does not work for the brand.
    """
    check_may_assign(actor, conversation)
    if assignee and not can_take(actor.agency, conversation.brand, assignee):
        raise errors.Invalid(
            "The assignee has to be a team, or a member who works for the brand.", code="unknown_reference", field="to"
        )
    return _actions(assignee, now)


def assignee_id(actor: Actor, assignee: str | None) -> str | None:
    """The id of the member or team that `assignee` names; `me` is the actor."""
    return actor.member if assignee == "me" else assignee


def check_may_assign(actor: Actor, conversation: Conversation) -> None:
    """Raises Forbidden if the conversation is assigned to somebody else and the actor may not take over."""
    is_others = conversation.assignee and conversation.assignee not in (actor.member, *actor.teams)
    if is_others and not actor.may("conversation.take_over", brand=conversation.brand):
        raise errors.Forbidden(
            "The conversation is assigned to somebody else, and your role does not allow you to take it over.",
            code="cannot_take_over",
        )


def _actions(assignee: str | None, now: int) -> list[Action]:
    if assignee is None:
        return [Conversation.assignee.remove(), Conversation.assigned_at.remove()]
    return [Conversation.assignee.set(assignee), Conversation.assigned_at.set(now)]


def can_take(agency: str, brand: str, assignee: str) -> bool:
    """True if conversations of the brand can be assigned to them: an existing team, or a member who works for the
    brand.
    """
    if assignee.startswith("tem_"):
        return teams.find(agency, assignee) is not None
    member = members.find(agency, assignee)
    return member is not None and members.works_for(member, brand)
