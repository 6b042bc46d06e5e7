"""What an agency itself notes about a contact: its own name for them, labels, a note. Networks change none of it."""

from collections.abc import Mapping
from typing import Any

from chalicelib import errors
from chalicelib.access import audit, permissions
from chalicelib.access.actors import Actor
from chalicelib.contacts import contacts
from chalicelib.store import table
from chalicelib.store.models.contacts import Contact
from chalicelib.store.table import Action

_ATTRIBUTES = {"own_name": Contact.own_name, "labels": Contact.labels, "note": Contact.note}


def change(actor: Actor, contact: Contact, changes: Mapping[str, Any], now: int) -> Contact:
    """Makes all of the changes or none: any of own_name, labels, note; None or an empty list removes a value.

    Raises Forbidden for an actor who does not work on the brand's conversations, and PreconditionFailed if the contact
    changed meanwhile. The audit says which of them changed but not the words, because it is kept for ever.
    """
    if not actor.may(*permissions.TRIAGE, brand=contact.brand):
        raise errors.Forbidden("Your role does not allow you to change contacts of this brand.", code="cannot_change")
    actions: list[Action] = [Contact.version.set(contact.version + 1)]
    for name, value in changes.items():
        kept = sorted(set(value)) if isinstance(value, list) else value
        actions.append(_ATTRIBUTES[name].set(kept) if kept else _ATTRIBUTES[name].remove())
    changed = {"changed": sorted(changes)}
    entry = audit.entry(actor, "contact.change", contact.id, now, brand=contact.brand, after=changed)
    is_same = Contact.version == contact.version
    write = table.changing(Contact(contact.pk, contact.sk), actions, is_same, otherwise=errors.PreconditionFailed)
    table.transact(write, entry)
    return contacts.get(actor.agency, contact.id)
