"""Colleagues who take part in a conversation. They must be able to see it already: taking part gives no new right."""

from collections.abc import Iterable, Sequence
from itertools import islice

from chalicelib import errors
from chalicelib.access import audit, memberships
from chalicelib.access.actors import Actor
from chalicelib.inbox import conversations
from chalicelib.people import members
from chalicelib.store import table
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.table import Action

MOST_PARTICIPANTS = 10
_ACTION = "conversation.involve"


def involve(actor: Actor, conversation: Conversation, member_ids: Sequence[str], now: int) -> Conversation:
    """Make these members the participants, and nobody else.

    Raises Invalid for a member who cannot see the conversation.
    """
    if not all(_can_see(actor, conversation, id) for id in member_ids):
        raise errors.Invalid(
            "One of the members does not exist, or cannot see the conversation.", code="cannot_see", field="members"
        )
    before, after = {"participants": conversation.participants or []}, {"participants": list(member_ids)}
    return conversations.change(actor, conversation, _ACTION, _actions(member_ids), now, before, after)


def joining(actor: Actor, conversation: Conversation, mentions: Iterable[str], now: int) -> list[table.Write]:
    """For transact: makes those mentioned members participants who can see the conversation, up to 10 participants in
    all.

    The transaction is refused if the participants changed meanwhile.
    """
    before = conversation.participants or []
    new = (id for id in mentions if id not in before and _can_see(actor, conversation, id))
    after = [*before, *islice(new, MOST_PARTICIPANTS - len(before))]
    if after == before:
        return []
    unchanged = Conversation.participants == before if before else Conversation.participants.does_not_exist()
    actions = [*_actions(after), Conversation.version.add(1), Conversation.updated_at.set(now)]
    entry = audit.entry(
        actor, _ACTION, conversation.id, now, brand=conversation.brand,
        before={"participants": before}, after={"participants": after},
    )  # fmt: skip
    return [table.changing(Conversation(conversation.pk, conversation.sk), actions, unchanged), entry]


def _actions(member_ids: Sequence[str]) -> list[Action]:
    return [Conversation.participants.set(list(member_ids)) if member_ids else Conversation.participants.remove()]


def _can_see(actor: Actor, conversation: Conversation, member_id: str) -> bool:
    try:
        member = members.get(actor, member_id)
    except errors.NotFound:
        return False
    colleague = memberships.colleague(actor.agency, member.subject)
    return colleague is not None and conversations.visible(colleague, conversation)
