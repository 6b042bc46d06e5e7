"""Which personal data is shown to whom. Without `contact.view_pii` phone numbers and the networks' ids are masked.

Names, user names and pictures that people chose are shown; a name or user name that is a number is not. Words of
messages are shown as written, except that lists show only the first letters of grave ones. Masking happens only here,
where data is shown.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib import ids
from chalicelib.access.actors import NEVER, Actor

_LATER = re.compile(r"(?<=\S)\S")
HIDDEN = "••••"
_SHORTEST_NUMBER, _FIRST, _LAST = 5, 3, 2  # digits
_CODE = 4  # characters
Identity = Mapping[str, str]  # `{network, id, username, phone}`


def of(actor: Actor, brand: str) -> "Mask":
    return Mask(is_off=actor.may("contact.view_pii", brand=brand), mask_from=actor.mask_from)


def first_letters(text: str) -> str:
    """The text with only the first letter of each word; its length stays the same."""
    return _LATER.sub("*", text)


@dataclass(frozen=True)
class Mask:
    """Masks private values, unless it is off."""

    is_off: bool
    mask_from: int = NEVER

    def hides(self, severity: int | None) -> bool:
        """True if words with a finding of that severity are masked."""
        return (severity or 0) >= self.mask_from

    def words(self, text: str, severity: int | None) -> str:
        return first_letters(text) if self.hides(severity) else text

    def name(self, name: str) -> str | None:
        """None for an empty name, and for one that is a number."""
        return name if name and (self.is_off or not _is_number(name)) else None

    def display_name(self, name: str, contact: str, id: str = "", identities: Sequence[Identity] = ()) -> str:
        """What may be shown for a person: their name, user name, phone number or id, else a code such as "#7F3K",
        always the same.
        """
        handles = [identity[field] for field in ("username", "phone") for identity in identities]
        for handle in (name, *handles):
            if shown := self.name(handle):
                return shown
        known = next((identity["id"] for identity in identities), id)
        return known if known and self.is_off else contact and f"#{contact[-_CODE:].upper()}"

    def identity(self, identity: Identity) -> Identity:
        if self.is_off:
            return identity
        username = HIDDEN if _is_number(identity["username"]) else identity["username"]
        return {**identity, "id": HIDDEN, "username": username, "phone": _some_digits(identity["phone"])}

    def author(self, author: Mapping[str, Any]) -> Mapping[str, Any]:
        """The author of a message: a person `{contact, name, network_id}`, or a member, who is shown as they are."""
        if "network_id" not in author:
            return {**author, "name": author.get("name") or None, "display_name": author.get("name") or ""}
        name = self.name(author["name"])
        label = name or self.display_name("", author["contact"], author["network_id"])
        person = {"contact": author["contact"], "name": name, "display_name": label}
        return {**person, "network_id": author["network_id"] if self.is_off else HIDDEN}

    def reaction(self, reaction: Mapping[str, Any]) -> Mapping[str, Any]:
        """The emoji, and who reacted: a name, or the id of somebody whose name the network does not give.

        None instead of a name or id that is not shown.
        """
        is_id = reaction["by"] == reaction["id"] and not self.is_off
        return {"emoji": reaction["emoji"], "by": None if is_id else self.name(reaction["by"])}

    def message_id(self, network_id: str, surface: str) -> str:
        """The network's id of a message. In a private conversation a digest replaces it, as it may contain the person's
        id.
        """
        return network_id if self.is_off or surface != "dm" or not network_id else ids.digest(network_id)

    def attachment(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        """A file is shown as it is; of a contact card only the name is."""
        if self.is_off or entry["kind"] != "contact":
            return entry
        return {**entry, "title": self.name(entry.get("title") or "") or "", "details": {}}

    def avatar(self, address: str, identities: Sequence[Identity]) -> str:
        """The address of a picture; empty if it contains a private value."""
        private = [value for identity in identities for value in (identity["id"], identity["phone"]) if value]
        return address if self.is_off or not any(value in address for value in private) else ""


def _is_number(text: str) -> bool:
    """True for a telephone number in any form, and for an id of digits."""
    characters = [character for character in unicodedata.normalize("NFKC", text) if character.isalnum()]
    return len(characters) >= _SHORTEST_NUMBER and all(map(str.isdigit, characters))


def _some_digits(phone: str) -> str:
    digits = "".join(filter(str.isdigit, phone))
    dots = len(digits) - _FIRST - _LAST
    return f"+{digits[:_FIRST]}{'•' * dots}{digits[-_LAST:]}" if dots >= _SHORTEST_NUMBER else phone and HIDDEN
