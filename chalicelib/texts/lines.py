"""A line of the index: the searchable part of a message or contact. It has no text as written, and no person's name as
written.

The key of a line orders it by time and contains the id, so nothing else is needed to find the message or contact.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from chalicelib import ids
from chalicelib.store.models.contacts import Contact
from chalicelib.store.models.inbox import Message
from chalicelib.texts import foldings

MESSAGES, CONTACTS = "messages", "contacts"
SHELVES = (MESSAGES, CONTACTS)
MOMENT = 10  # characters at the beginning of a key that tell the time
GONE = 2**32 - 1  # the version of what was erased: nothing is later
BETWEEN = "\x1f"  # the words of one name do not go on in the next
_CONVERSATION = 20  # characters at the end of a message's key
MESSAGE_ID = 60  # characters of the id of a message


@dataclass(frozen=True, slots=True)
class Line:
    """The searchable part of a message or contact, in that version. `author` is who wrote the message; for a contact,
    the contact.

    `text` is folded; empty if there is nothing to find.
    """

    key: str
    brand: str
    network: str
    author: str
    version: int
    text: str

    @property
    def blank(self) -> "Line":
        """What is left of the line when its author is erased. Its version is the highest, so nothing can be put here
        again.
        """
        return replace(self, author="", text="", version=GONE)


def of_message(message: Message, network: str) -> Line:
    """Its text, folded; for a deleted message an empty text."""
    author = message.author or {}
    return Line(
        key(message.id), message.brand, network, author.get("contact") or author.get("member") or "", message.version,
        foldings.fold(message.text or "") if not message.deleted_at else "",
    )  # fmt: skip


def of_contact(contact: Contact) -> Line:
    """The names of a person, and the digits of their telephone numbers."""
    at = f"{ids.moment(contact.created_at)}{contact.id[4:]}"
    names = " ".join(filter(None, (contact.own_name, contact.name)))
    return Line(at, contact.brand, "", contact.id, contact.version, named(names, contact.identities))


def named(name: str, identities: Iterable[Mapping[str, str]]) -> str:
    """The words by which a person is found: name, user names and phone numbers, folded."""
    handles = [identity.get("username", "") for identity in identities]
    phones = ["".join(filter(str.isdigit, identity.get("phone", ""))) for identity in identities]
    # Most write it without the country, whose code has up to three digits; some indexes find beginnings only.
    endings = [phone[length:] for phone in phones for length in range(4)]
    return BETWEEN.join(foldings.fold(word) for word in dict.fromkeys((name, *handles, *endings)) if word)


def key(message_id: str) -> str:
    """The key of a message: its place in its conversation, then the conversation."""
    return f"{ids.order_key(message_id)}{ids.conversation_of(message_id)[4:]}"


def message_of(key: str) -> str:
    return f"msg_{key[-_CONVERSATION:]}{key[:-_CONVERSATION]}"


def contact_of(key: str) -> str:
    return f"ctc_{key[MOMENT:]}"
