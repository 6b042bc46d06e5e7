"""Contacts: a contact is a person, known to a brand under one or more identities on networks."""

from collections.abc import Mapping
from typing import Any

from chalicelib import clock, errors, ids, room
from chalicelib.access import sight
from chalicelib.access.actors import Actor
from chalicelib.channels.channels import Owner
from chalicelib.contacts import masks
from chalicelib.networks.base import Person
from chalicelib.people import agencies
from chalicelib.store import keys, table
from chalicelib.store.models.contacts import Contact, Identity, Talk
from chalicelib.store.models.inbox import Conversation

LONGEST_NAME = 200  # characters
MOST_IDENTITIES, MOST_IDENTITY_BYTES = 20, 100_000
_MOST_TALKS = 1_000  # that are looked through for one that somebody may see


def id_of(owner: Owner, person: Person | None) -> str:
    """The id that a new contact of this person gets; empty if the network does not say who they are."""
    if not (person and person.id):
        return ""
    return ids.contact(agencies.id_key(owner.agency), owner.brand, owner.network, person.id)


def ids_of(person: Person | None) -> tuple[str, ...]:
    """The ids by which the network knows the person, each once; none if it does not say who they are."""
    return tuple(dict.fromkeys((person.id, *person.aliases))) if person and person.id else ()


def fingerprint(person: Person) -> str:
    """Eight characters that change when the network says something else about the person."""
    known = (person.id, person.name, person.username, person.phone, person.avatar, *person.aliases)
    return ids.digest(*known, length=8)


def note(owner: Owner, person: Person, now: int, *, thread: str = "") -> Identity:
    """Stores what the network says about the person. Returns their identity: the first known one, else the new one.

    A person whom we know by another of their ids keeps their contact; the contact id computed from the new id is then
    an alias of it.
    """
    partition = keys.within(owner.agency, owner.brand)
    known = table.many(Identity, [(partition, keys.identity(owner.network, name)) for name in ids_of(person)])
    first = min(known, key=lambda identity: identity.sk) if known else None
    contact_id = first.contact if first else id_of(owner, person)
    known_keys = {identity.sk for identity in known}
    for identity in _identities(owner, person, contact_id, thread):
        if identity.sk not in known_keys:
            table.put(identity, Identity.pk.does_not_exist())
    _write(owner, contact_id, person, now)
    if contact_id != id_of(owner, person):
        _add_alias(owner, id_of(owner, person), contact_id, now)
    return first or Identity(partition, "", contact=contact_id, thread=thread)


def introducing(owner: Owner, person: Person, now: int, *, thread: str) -> list[table.Write]:
    """For transact: create the contact and the identities of a person. Fails if one of them is there already."""
    contact_id = id_of(owner, person)
    identities = _identities(owner, person, contact_id, thread)
    return [
        *(table.putting(identity, Identity.pk.does_not_exist()) for identity in identities),
        table.putting(_contact(owner, contact_id, person, now), Contact.pk.does_not_exist()),
    ]


def _identities(owner: Owner, person: Person, contact_id: str, thread: str) -> list[Identity]:
    partition = keys.within(owner.agency, owner.brand)
    return [
        Identity(partition, keys.identity(owner.network, name), contact=contact_id, thread=thread)
        for name in ids_of(person)
    ]


def _contact(owner: Owner, id: str, person: Person, now: int) -> Contact:
    return Contact(
        keys.within(owner.agency, id), keys.CONTACT, id=id, brand=owner.brand, name=_name(person), avatar=person.avatar,
        identities=[_identity(owner, person)], created_at=now, updated_at=now,
    )  # fmt: skip


def _identity(owner: Owner, person: Person) -> Mapping[str, Any]:
    """The number of followers is that of the time: a change of it alone is no reason to write the contact again."""
    known = {"network": owner.network, "id": person.id, "username": person.username, "phone": person.phone}
    return known if person.followers is None else {**known, "followers": person.followers}


def _write(owner: Owner, id: str, person: Person, now: int) -> None:
    """Creates the contact, or updates its name, picture and this identity. Tries again if somebody else writes.

    If `now` is before the contact's last update, only a missing identity is added.
    """
    contact, identity = _contact(owner, id, person, now), _identity(owner, person)
    while not table.put(contact, Contact.pk.does_not_exist()):
        old = table.get(Contact, contact.pk, contact.sk)
        if old is None:
            continue
        others = [entry for entry in old.identities if (entry["network"], entry["id"]) != (owner.network, person.id)]
        is_news = now >= old.updated_at
        if not is_news and len(others) < len(old.identities):
            return
        identities = room.last([*others, identity], MOST_IDENTITIES, MOST_IDENTITY_BYTES)
        actions = [Contact.identities.set(identities), Contact.version.set(old.version + 1)]
        if is_news:
            actions += [
                Contact.name.set(contact.name or old.name),
                Contact.avatar.set(person.avatar or old.avatar),
                Contact.updated_at.set(now),
            ]
        if table.update(old, actions, Contact.version == old.version):
            return


def _add_alias(owner: Owner, id: str, to: str, now: int) -> None:
    """Makes the contact id an alias of the contact `to`, unless there is a contact with that id."""
    pointer = Contact(
        keys.within(owner.agency, id), keys.CONTACT, id=id, brand=owner.brand, context={"same_as": to},
        created_at=now, updated_at=now,
    )  # fmt: skip
    table.put(pointer, Contact.pk.does_not_exist())


def _name(person: Person) -> str:
    return short_name(person.name or person.username or person.phone)


def short_name(name: str) -> str:
    return name[:LONGEST_NAME]


def name_of(person: Person | None) -> str:
    """The name to show on a message; empty for nobody."""
    return _name(person) if person else ""


def names(contact: Contact, network: str) -> Mapping[str, str]:
    """The values of the variables of canned replies and templates. A username or telephone number is not a name."""
    not_names = {identity[field] for identity in contact.identities for field in ("username", "phone")}
    name = contact.own_name or ("" if contact.name in not_names else contact.name)
    usernames = [identity["username"] for identity in contact.identities if identity["network"] == network]
    return {
        "contact.name": name,
        "contact.first_name": next(iter(name.split()), ""),
        "contact.username": next(filter(None, usernames), ""),
    }


def set_reachable(owner: Owner, id: str, reachable: bool, at: int) -> None:
    """Sets whether the person can still be written to, as it is since `at` (ms).

    Does nothing if there is no such contact, or if something later is known.
    """
    contact = Contact(keys.within(owner.agency, id), keys.CONTACT)
    is_news = Contact.reachable_at.does_not_exist() | (Contact.reachable_at <= at)
    actions = [Contact.reachable.set(reachable), Contact.reachable_at.set(at)]
    table.update(contact, actions, Contact.pk.exists() & is_news)


def find(agency: str, id: str) -> Contact | None:
    """An id that turned out to be the same person as another contact gives that contact."""
    contact = table.get(Contact, keys.within(agency, id), keys.CONTACT) if ids.is_id(id, "ctc") else None
    other_id = contact.context.get("same_as") if contact else None
    return find(agency, other_id) if other_id else contact


def get(agency: str, id: str) -> Contact:
    """Raises NotFound unless it is a contact of the agency."""
    contact = find(agency, id)
    if contact is None:
        raise errors.NotFound
    return contact


def talk_of(owner: Owner, id: str, conversation: Conversation) -> Talk:
    """The item that links the contact to the conversation in which they speak. Writing it again changes nothing."""
    key = keys.talk(conversation.created_at, conversation.id)
    return Talk(keys.within(owner.agency, id), key, conversation=conversation.id)


def visible(actor: Actor, id: str) -> Contact:
    """Raises NotFound unless the actor sees a conversation of the contact, Forbidden without the permission of the
    route.
    """
    contact = get(actor.agency, id)
    actor.admit(contact.brand)
    if not sees(actor, contact):
        raise errors.NotFound
    return contact


def sees(actor: Actor, contact: Contact) -> bool:
    """True if the actor sees all conversations of the brand, or one in which the contact speaks."""
    return sight.is_whole(actor, contact.brand) or is_heard(actor, contact)


def is_heard(actor: Actor, contact: Contact) -> bool:
    """True if the actor sees one of the conversations in which the contact speaks."""
    talks = table.query(Talk, contact.pk, keys.TALKS, limit=_MOST_TALKS, consistent=True)
    places = [(keys.within(actor.agency, talk.conversation), keys.CONVERSATION) for talk in talks]
    conversations = table.many_readable(Conversation, places)
    return any(sight.covers(actor, contact.brand, conversation.assignee) for conversation in conversations)


def view(actor: Actor, contact: Contact) -> Mapping[str, Any]:
    mask = masks.of(actor, contact.brand)
    return {
        "id": contact.id,
        "brand": contact.brand,
        "external_id": contact.external_id,
        "name": mask.name(contact.name),
        "own_name": (own := mask.name(contact.own_name or "")),
        "display_name": own or mask.display_name(contact.name, contact.id, identities=contact.identities),
        "labels": contact.labels or [],
        "note": contact.note if mask.is_off else None,
        "avatar": mask.avatar(contact.avatar, contact.identities) or None,
        "identities": [mask.identity(identity) for identity in contact.identities],
        "reachable": contact.reachable,
        "version": contact.version,
        "created_at": clock.text(contact.created_at),
        "updated_at": clock.text(contact.updated_at),
    }
