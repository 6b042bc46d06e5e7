"""Colleagues who take part in a conversation. Whoever does could see it before: taking part opens nothing."""

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

MOST = 10
_CHANGED = "conversation.involve"


def involve(actor: Actor, conversation: Conversation, members: Sequence[str], now: int) -> Conversation:
    """These take part, and nobody else. Raises Invalid for somebody who could not see the conversation."""
    if not all(_could_see(actor, conversation, id) for id in members):
        raise errors.Invalid("Not all of them can see this conversation.", code="cannot_see", field="members")
    before, after = {"participants": conversation.participants or []}, {"participants": list(members)}
    return conversations.change(actor, conversation, _CHANGED, _setting(members), now, before, after)


def joining(actor: Actor, conversation: Conversation, mentioned: Iterable[str], now: int) -> list[table.Write]:
    """For transact: those mentioned take part who could see the conversation, as far as there is room.

    Refused if others joined or left meanwhile.
    """
    there = conversation.participants or []
    new = (id for id in mentioned if id not in there and _could_see(actor, conversation, id))
    after = [*there, *islice(new, MOST - len(there))]
    if after == there:
        return []
    same = Conversation.participants == there if there else Conversation.participants.does_not_exist()
    changes = [*_setting(after), Conversation.version.add(1), Conversation.updated_at.set(now)]
    entry = audit.entry(
        actor, _CHANGED, conversation.id, now, brand=conversation.brand,
        before={"participants": there}, after={"participants": after},
    )  # fmt: skip
    return [table.changing(Conversation(conversation.pk, conversation.sk), changes, same), entry]


def _setting(members: Sequence[str]) -> list[Action]:
    return [Conversation.participants.set(list(members)) if members else Conversation.participants.remove()]


def _could_see(actor: Actor, conversation: Conversation, id: str) -> bool:
    try:
        them = memberships.colleague(actor.agency, members.get(actor, id).subject)
    except errors.NotFound:
        return False
    return them is not None and conversations.visible(them, conversation)
