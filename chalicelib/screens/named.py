"""Items that are asked for by their ids: those that exist and that the actor may see, in the order asked."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from chalicelib import errors, ids
from chalicelib.access import sight
from chalicelib.access.actors import Actor
from chalicelib.contacts import contacts
from chalicelib.inbox import conversations
from chalicelib.screens import own_ids, reads
from chalicelib.store import keys, together
from chalicelib.store.models.contacts import Contact
from chalicelib.store.models.inbox import Conversation, Message

Talks = Mapping[str, Conversation]  # by partition


def is_by_id(query: Mapping[str, Any], *beside: str) -> bool:
    """True if items are asked for by id, ours or a client's. Raises Invalid for other filters beside that."""
    by = [name for name in ("ids", "external_id") if name in query]
    others = sorted(query.keys() - {by[0], "limit", *beside}) if by else []
    if others:
        raise errors.Invalid(
            "`ids` and `external_id` go neither together nor with other filters.", code="not_together", field=others[0]
        )
    return bool(by)


NOBODY = ["none"]  # is no id of anything


def wanted_ids(actor: Actor, word: str, query: Mapping[str, Any]) -> list[str]:
    """The ids that are asked for; if there are none, an id that nothing has, as an empty list would mean all."""
    return list(query.get("ids", ())) or own_ids.ids_of(actor, word, query["external_id"]) or NOBODY


def conversations_of(actor: Actor, wanted: Sequence[str]) -> list[Conversation]:
    by_id = reads.conversations(actor.agency, wanted)
    return [by_id[id] for id in dict.fromkeys(wanted) if id in by_id and _may_see(actor, by_id[id])]


def messages_of(actor: Actor, wanted: Sequence[str]) -> tuple[list[Message], Talks]:
    talks = {
        conversation.pk: conversation
        for conversation in conversations_of(actor, [ids.conversation_of(id) for id in wanted])
    }
    places = ((keys.within(actor.agency, ids.conversation_of(id)), id) for id in wanted)
    by_id = reads.messages(place for place in places if place[0] in talks)
    return [by_id[id] for id in dict.fromkeys(wanted) if id in by_id], talks


def contacts_of(actor: Actor, wanted: Sequence[str]) -> list[Contact]:
    by_id = reads.contacts(actor.agency, wanted)
    return _seen(actor, {contact.id: contact for id in wanted if (contact := by_id.get(id))}.values())


def _seen(actor: Actor, people: Iterable[Contact]) -> list[Contact]:
    """The contacts that the actor may see. If the actor does not see all conversations of a brand, each contact is
    checked.
    """
    permitted = [
        contact for contact in people if actor.sees(contact.brand) and actor.may(*actor.needs, brand=contact.brand)
    ]
    doubtful = [contact for contact in permitted if not sight.is_whole(actor, contact.brand)]
    heard = together.each([partial(contacts.is_heard, actor, contact) for contact in doubtful])
    hidden = {contact.id for contact, is_heard in zip(doubtful, heard, strict=True) if not is_heard}
    return [contact for contact in permitted if contact.id not in hidden]


def _may_see(actor: Actor, conversation: Conversation) -> bool:
    is_permitted = actor.may(*actor.needs, brand=conversation.brand)
    return is_permitted and bool(conversation.last_message) and conversations.visible(actor, conversation)
