"""What of people is shown to whom. Without `contact.view_pii` telephone numbers and the networks' ids are masked.

Names, usernames and pictures that people chose are open; a name or username that is a number is not. Words of messages
are shown as they were written, but for grave ones in lists, of which people see the first letters only. All of this
happens here, where something is shown, and nowhere below.
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
    """How the actor sees the people of the brand."""
    return Mask(is_off=actor.may("contact.view_pii", brand=brand), mask_from=actor.mask_from)


def first_letters(text: str) -> str:
    """The text with the first letter of each word only, as long as it is."""
    return _LATER.sub("*", text)


@dataclass(frozen=True)
class Mask:
    """Masks what is private, unless it is off."""

    is_off: bool
    mask_from: int = NEVER

    def hides(self, severity: int | None) -> bool:
        """True if words in which something of that severity was found are masked."""
        return (severity or 0) >= self.mask_from

    def words(self, text: str, severity: int | None) -> str:
        return first_letters(text) if self.hides(severity) else text

    def name(self, name: str) -> str | None:
        """A name; None for nobody's, and instead of one that is a number."""
        return name if name and (self.is_off or not _is_number(name)) else None

    def display_name(self, name: str, contact: str, id: str = "", identities: Sequence[Identity] = ()) -> str:
        """What may be shown for a person: their name, username, number or id, or else "#7F3K", which stays the same."""
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
        """What was reacted with, and by whom: a name, or the id of somebody whose name the network does not tell.

        None instead of what is not shown.
        """
        is_id = reaction["by"] == reaction["id"] and not self.is_off
        return {"emoji": reaction["emoji"], "by": None if is_id else self.name(reaction["by"])}

    def message_id(self, network_id: str, surface: str) -> str:
        """The network's id of a message. In private it may contain that of the person, so a digest stands for it."""
        return network_id if self.is_off or surface != "dm" or not network_id else ids.digest(network_id)

    def attachment(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        """A file as it is, and of a card with somebody's numbers their name alone."""
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
    """The number with its first and last digits only."""
    digits = "".join(filter(str.isdigit, phone))
    dots = len(digits) - _FIRST - _LAST
    return f"+{digits[:_FIRST]}{'•' * dots}{digits[-_LAST:]}" if dots >= _SHORTEST_NUMBER else phone and HIDDEN
