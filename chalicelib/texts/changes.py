"""What happened to messages and contacts, as lines of the index. Things are read as they are now, not as they were."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chalicelib import ids
from chalicelib.events.events import Event
from chalicelib.store import keys, table
from chalicelib.store.models.contacts import Contact
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.texts import lines
from chalicelib.texts.indexes import Index
from chalicelib.texts.lines import CONTACTS, MESSAGES, Line

# What changes what is found. How far a message got, and who hid it, does not.
TYPES = frozenset(
    """
    message.received message.imported message.queued message.sent message.edited message.changed message.deleted
    message.removed contact.created contact.changed
    """.split()
)


@dataclass(frozen=True)
class Changes:
    """The lines of what there is, by shelf, and what is there no longer."""

    messages: Sequence[Line]
    contacts: Sequence[Line]
    removed: Sequence[str]
    erased: Sequence[str]


def targets(events: Iterable[Event]) -> list[str]:
    """The ids of the messages and contacts that the events are about, each once, in the order of their last events."""
    subjects = [event.target for event in events if event.type in TYPES]
    return list(dict.fromkeys(reversed(subjects)))[::-1]


def read(agency: str, targets: Iterable[str]) -> Changes:
    """These messages and contacts as they are now. Says nothing of what cannot be read, nor of an id of neither."""
    every = list(targets)
    message_ids = [id for id in every if ids.is_id(id, "msg") and len(id) == lines.MESSAGE_ID]
    contact_ids = [id for id in every if ids.is_id(id, "ctc")]
    places = {id: _place(agency, id) for id in message_ids} | {id: _place_of(agency, id) for id in contact_ids}
    messages = table.many_readable(Message, [places[id] for id in message_ids])
    contacts = table.many_readable(Contact, [places[id] for id in contact_ids])
    networks = _networks(agency, messages)
    missing = places.keys() - {message.id for message in messages} - {contact.id for contact in contacts}
    stored = table.there([places[id] for id in missing])
    gone = {id for id in missing if places[id] not in stored}
    return Changes(
        [lines.of_message(message, networks.get(message.pk, "")) for message in messages],
        [lines.of_contact(contact) for contact in contacts if not contact.context],
        [lines.key(id) for id in message_ids if id in gone],
        [id for id in contact_ids if id in gone],
    )


def _place(agency: str, message_id: str) -> tuple[str, str]:
    return keys.within(agency, ids.conversation_of(message_id)), keys.message(message_id)


def _place_of(agency: str, contact_id: str) -> tuple[str, str]:
    return keys.within(agency, contact_id), keys.CONTACT


def _networks(agency: str, messages: Iterable[Message]) -> dict[str, str]:
    """The networks of the conversations that the messages are in."""
    places = [(pk, keys.CONVERSATION) for pk in {message.pk for message in messages}]
    return {conversation.pk: conversation.network for conversation in table.many_readable(Conversation, places)}


def apply(agency: str, index: Index, changes: Changes) -> None:
    """Has the index keep what there is and forget what there is not. A repeat changes nothing."""
    if changes.messages:
        index.put(agency, MESSAGES, changes.messages)
    if changes.contacts:
        index.put(agency, CONTACTS, changes.contacts)
    if changes.removed:
        index.remove(agency, MESSAGES, changes.removed)
    for contact in changes.erased:
        index.erase(agency, contact)
