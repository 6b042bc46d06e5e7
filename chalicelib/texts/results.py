"""The results of a search, as the actor may see them.

The index says where to look. Messages and contacts are read as they are now; those that the actor may not see, or that
no longer contain the words, are left out. So nobody finds a text, name or number that they would not be shown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib import ids, page
from chalicelib.access.actors import Actor
from chalicelib.contacts import contacts, masks
from chalicelib.inbox import conversations, presentation
from chalicelib.store import keys, table
from chalicelib.store.models.contacts import Contact
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.texts import foldings, lines
from chalicelib.texts.indexes import AFTER_ALL, Time
from chalicelib.texts.searches import Search

Json = Mapping[str, Any]
Row = tuple[str, Json]  # the key, and what is shown
SECONDS = 3.0  # after this the results so far are returned, with a cursor to go on
_MOST_AT_ONCE = 100
_BEFORE, _BEHIND = 60, 140  # characters of an excerpt before and behind where the first word begins


Read = Callable[[Sequence[str]], list[Row]]  # makes rows of the keys that were found


def of_messages(actor: Actor, search: Search) -> Read:
    """Messages, newest first."""
    return _Messages(actor, search)


def of_conversations(actor: Actor, search: Search) -> Read:
    """Conversations, each once on a page, with the newest message that has the words."""
    return _Messages(actor, search, set())


def of_contacts(actor: Actor, search: Search) -> Read:
    """Contacts, the newest first, with an excerpt of their names."""
    read = _Contacts(actor, search)
    return lambda hits: [(key, read.row(contact)) for key, contact in read(hits)]


def contacts_of(actor: Actor, search: Search) -> Read:
    """Contacts, the newest first, in the form in which contacts are shown elsewhere."""
    read = _Contacts(actor, search)
    return lambda hits: [(key, contacts.view(actor, contact)) for key, contact in read(hits)]


def listing(search: Search, read: Read, scope: str, limit: int, cursor: str | None, time: Time) -> Json:
    """The page after the cursor. If the time is over, it may be short, or empty, and still have a next one."""
    before: str | None = page.position(scope, cursor) or AFTER_ALL
    rows: list[Row] = []
    while before and len(rows) <= limit:
        portion = search.find(before, min(_MOST_AT_ONCE, 2 * (limit + 1)), time)
        rows, before = rows + read(portion.keys), portion.next
        if time.is_over():
            break
    if len(rows) > limit:
        before = rows[limit - 1][0]
    return {"items": [row for _, row in rows[:limit]], "next": page.cursor(scope, before) if before else None}


@dataclass
class _Messages:
    """Reads messages by their keys. With `once`, only the first message of each conversation that is not in it yet."""

    actor: Actor
    search: Search
    once: set[str] | None = None

    def __call__(self, hits: Sequence[str]) -> list[Row]:
        agency = self.actor.agency
        message_ids = {key: lines.message_of(key) for key in hits}
        talks = {ids.conversation_of(id) for id in message_ids.values()}
        places = [(keys.within(agency, id), keys.CONVERSATION) for id in talks]
        seen = {talk.pk: talk for talk in table.many_readable(Conversation, places) if self._looks_into(talk)}
        wanted = [(keys.within(agency, ids.conversation_of(id)), keys.message(id)) for id in message_ids.values()]
        stored = {
            message.id: message
            for message in table.many_readable(Message, [place for place in wanted if place[0] in seen])
        }
        every = [(key, stored[id]) for key, id in message_ids.items() if id in stored]
        return [(key, row) for key, message in every if (row := self._message_row(message, seen[message.pk]))]

    def _looks_into(self, talk: Conversation) -> bool:
        labels = self.search.labels
        return conversations.visible(self.actor, talk) and (not labels or not labels.isdisjoint(talk.labels or ()))

    def _message_row(self, message: Message, talk: Conversation) -> Json | None:
        shown = excerpt(message.text or "", self.search.query.words)
        if shown is None or message.deleted_at or (self.once is not None and talk.id in self.once):
            return None
        if self.once is not None:
            self.once.add(talk.id)
        return {
            "brand": talk.brand,
            "conversation": presentation.conversation_row(self.actor, talk),
            "contact": presentation.contact_row(talk, masks.of(self.actor, talk.brand)),
            "message": presentation.row(self.actor, message),
            "excerpt": {**shown, "text": masks.of(self.actor, talk.brand).words(shown["text"], message.severity)},
        }


@dataclass
class _Contacts:
    """Reads contacts by their keys: those that the actor may see, and whose matching words they may see."""

    actor: Actor
    search: Search

    def __call__(self, hits: Sequence[str]) -> list[tuple[str, Contact]]:
        agency, contact_ids = self.actor.agency, {key: lines.contact_of(key) for key in hits}
        places = [(keys.within(agency, id), keys.CONTACT) for id in contact_ids.values()]
        stored = {contact.id: contact for contact in table.many_readable(Contact, places)}
        every = [(key, stored[id]) for key, id in contact_ids.items() if id in stored]
        return [(key, contact) for key, contact in every if self._has_words(contact) and self._sees(contact)]

    def _sees(self, contact: Contact) -> bool:
        return contacts.sees(self.actor, contact)

    def _has_words(self, contact: Contact) -> bool:
        """True if the words are in what the actor is shown."""
        mask = masks.of(self.actor, contact.brand)
        identities = [mask.identity(identity) for identity in contact.identities]
        networks = {identity["network"] for identity in identities}
        names = " ".join(filter(None, map(mask.name, (contact.own_name or "", contact.name))))
        shown = lines.named(names, [identity if mask.is_off else {**identity, "phone": ""} for identity in identities])
        return all(word in shown for word in self.search.query.words) and self.search.network in ("", *networks)

    def row(self, contact: Contact) -> Json:
        shown = contacts.view(self.actor, contact)
        label = shown["display_name"]
        return {
            "brand": contact.brand,
            "conversation": None,
            "contact": {name: shown[name] for name in ("id", "name", "display_name")},
            "message": None,
            "excerpt": excerpt(label, self.search.query.words) or excerpt(label, ()),
        }


def excerpt(text: str, words: Sequence[str]) -> Json | None:
    """The part of the text around the first word, and the places of the words in it; None if a word is missing."""
    places = foldings.places(text, words)
    if words and not places:
        return None
    start = max(0, places[0][0] - _BEFORE) if places else 0
    end = min(len(text), (places[0][0] if places else 0) + _BEHIND)
    return {
        "text": text[start:end],
        "start": start,
        "highlights": [
            {"start": begin - start, "end": min(stop, end) - start} for begin, stop in places if begin < end
        ],
    }
