"""The person behind one or more network identities, within a brand. First met, first named; later names win."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.access.actors import Actor
from chalicelib.channels.channels import Owner
from chalicelib.networks.base import Person
from chalicelib.store import keys, table
from chalicelib.store.models.contacts import Contact, Identity

LONGEST_NAME = 200


def id_of(owner: Owner, person: Person | None) -> str:
    """The contact id of a person, computed; empty for somebody the network does not name."""
    return ids.contact(owner.brand, owner.network, person.id) if person and person.id else ""


def fingerprint(person: Person) -> str:
    """Eight characters that change when what the network tells of the person changes."""
    told = (person.id, person.name, person.username, person.phone, person.avatar, *person.aliases)
    return ids.digest(*told, length=8)


def note(owner: Owner, person: Person, now: int, *, thread: str = "") -> Identity:
    """Write down what is known of the person; gives the identity that was there first, or the new one.

    A person known by another of their ids is the same contact; the id computed for the new one leads there.
    """
    partition = keys.within(owner.agency, owner.brand)
    names = dict.fromkeys((person.id, *person.aliases))
    known = table.many(Identity, [(partition, keys.identity(owner.network, name)) for name in names])
    first = min(known, key=lambda identity: identity.sk) if known else None
    contact_id = first.contact if first else id_of(owner, person)
    found = {identity.sk for identity in known}
    for name in names:
        identity = Identity(partition, keys.identity(owner.network, name), contact=contact_id, thread=thread)
        if identity.sk not in found:
            table.put(identity, Identity.pk.does_not_exist())
    _write(owner, contact_id, person, now)
    if contact_id != id_of(owner, person):
        _lead(owner, id_of(owner, person), contact_id, now)
    return first or Identity(partition, "", contact=contact_id, thread=thread)


def _write(owner: Owner, id: str, person: Person, now: int) -> None:
    name = _name(person)
    told = {"network": owner.network, "id": person.id, "username": person.username, "phone": person.phone}
    contact = Contact(
        keys.within(owner.agency, id), keys.CONTACT, id=id, brand=owner.brand, name=name, avatar=person.avatar,
        identities=[told], created_at=now, updated_at=now,
    )  # fmt: skip
    while not table.put(contact, Contact.pk.does_not_exist()):
        old = table.get(Contact, contact.pk, contact.sk)
        if old is None:
            continue
        others = [entry for entry in old.identities if (entry["network"], entry["id"]) != (owner.network, person.id)]
        actions = [
            Contact.name.set(name or old.name),
            Contact.avatar.set(person.avatar or old.avatar),
            Contact.identities.set([*others, told]),
            Contact.version.set(old.version + 1),
            Contact.updated_at.set(now),
        ]
        if table.update(old, actions, Contact.version == old.version):
            return


def _lead(owner: Owner, id: str, to: str, now: int) -> None:
    sign = Contact(
        keys.within(owner.agency, id), keys.CONTACT, id=id, brand=owner.brand, context={"same_as": to},
        created_at=now, updated_at=now,
    )  # fmt: skip
    table.put(sign, Contact.pk.does_not_exist())


def _name(person: Person) -> str:
    return (person.name or person.username or person.phone)[:LONGEST_NAME]


def name_of(person: Person | None) -> str:
    """What to call the person on a message."""
    return _name(person) if person else ""


def names(contact: Contact, network: str) -> Mapping[str, str]:
    """The contact as words said to them name it; a username or a number to call is no name."""
    others = {entry[name] for entry in contact.identities for name in ("username", "phone")}
    name = "" if contact.name in others else contact.name
    there = [entry["username"] for entry in contact.identities if entry["network"] == network]
    return {
        "contact.name": name,
        "contact.first_name": next(iter(name.split()), ""),
        "contact.username": next(filter(None, there), ""),
    }


def unknown(identities: Sequence[Mapping[str, str]]) -> str:
    """What to call somebody the network tells no name of."""
    first = next(iter(identities), {"network": "", "id": ""})
    return f"Unknown ({first['network'].title()}: {first['id']})"


def reach(owner: Owner, id: str, reachable: bool) -> None:
    """Write down whether the person can still be written to; nothing if they are not known."""
    table.update(
        Contact(keys.within(owner.agency, id), keys.CONTACT), [Contact.reachable.set(reachable)], Contact.pk.exists()
    )


def find(agency: str, id: str) -> Contact | None:
    """The contact, or None; an id that was found to be the same person leads there."""
    contact = table.get(Contact, keys.within(agency, id), keys.CONTACT) if ids.is_id(id, "ctc") else None
    same = contact.context.get("same_as") if contact else None
    return find(agency, same) if same else contact


def get(agency: str, id: str) -> Contact:
    """NotFound unless it is a contact of the agency."""
    contact = find(agency, id)
    if contact is None:
        raise errors.NotFound
    return contact


def visible(actor: Actor, id: str) -> Contact:
    """NotFound unless it belongs to one of the actor's brands."""
    contact = get(actor.agency, id)
    actor.admit(contact.brand)
    return contact


def view(contact: Contact) -> Mapping[str, Any]:
    """A contact as the API tells it."""
    return {
        "id": contact.id,
        "brand": contact.brand,
        "name": contact.name or unknown(contact.identities),
        "avatar": contact.avatar or None,
        "identities": contact.identities,
        "reachable": contact.reachable,
        "created_at": clock.text(contact.created_at),
        "updated_at": clock.text(contact.updated_at),
    }
