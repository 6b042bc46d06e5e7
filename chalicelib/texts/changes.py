"""Changes of messages and contacts, as lines of the index. They are read as they are now, not as they were."""

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

# Events that change what a search finds. Delivery and hiding do not.
TYPES = frozenset(
    """
    message.received message.imported message.queued message.sent message.edited message.changed message.deleted
    message.removed contact.created contact.changed
    """.split()
)


@dataclass(frozen=True)
class Changes:
    """Lines of what exists, by shelf; the keys of removed messages and the ids of erased contacts."""

    messages: Sequence[Line]
    contacts: Sequence[Line]
    removed: Sequence[str]
    erased: Sequence[str]


def targets(events: Iterable[Event]) -> list[str]:
    """The ids of the messages and contacts in the events, each once, in the order of their last events."""
    subjects = [event.target for event in events if event.type in TYPES]
    return list(dict.fromkeys(reversed(subjects)))[::-1]


def read(agency: str, targets: Iterable[str]) -> Changes:
    """These messages and contacts as they are now. Whatever cannot be read is left out, as is any other kind of id."""
    every = list(targets)
    message_ids = [id for id in every if ids.is_id(id, "msg") and len(id) == lines.MESSAGE_ID]
    contact_ids = [id for id in every if ids.is_id(id, "ctc")]
    places = {id: _message_key(agency, id) for id in message_ids} | {id: _contact_key(agency, id) for id in contact_ids}
    messages = table.many_readable(Message, [places[id] for id in message_ids])
    contacts = table.many_readable(Contact, [places[id] for id in contact_ids])
    networks = _networks(agency, messages)
    missing = places.keys() - {message.id for message in messages} - {contact.id for contact in contacts}
    stored = table.existing([places[id] for id in missing])
    gone = {id for id in missing if places[id] not in stored}
    return Changes(
        [lines.of_message(message, networks.get(message.pk, "")) for message in messages],
        [lines.of_contact(contact) for contact in contacts if not contact.context],
        [lines.key(id) for id in message_ids if id in gone],
        [id for id in contact_ids if id in gone],
    )


def _message_key(agency: str, message_id: str) -> tuple[str, str]:
    return keys.within(agency, ids.conversation_of(message_id)), keys.message(message_id)


def _contact_key(agency: str, contact_id: str) -> tuple[str, str]:
    return keys.within(agency, contact_id), keys.CONTACT


def _networks(agency: str, messages: Iterable[Message]) -> dict[str, str]:
    places = [(pk, keys.CONVERSATION) for pk in {message.pk for message in messages}]
    return {conversation.pk: conversation.network for conversation in table.many_readable(Conversation, places)}


def apply(agency: str, index: Index, changes: Changes) -> None:
    """Puts what exists into the index, and removes what does not. A repeat changes nothing."""
    if changes.messages:
        index.put(agency, MESSAGES, changes.messages)
    if changes.contacts:
        index.put(agency, CONTACTS, changes.contacts)
    if changes.removed:
        index.remove(agency, MESSAGES, changes.removed)
    for contact in changes.erased:
        index.erase(agency, contact)
