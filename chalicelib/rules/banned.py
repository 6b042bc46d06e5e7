"""Who is banned from a brand: one item, cached with the brand's rules, so that no message costs a read for it."""

from collections.abc import Mapping

from chalicelib import errors, ids
from chalicelib.people import agencies
from chalicelib.store import keys, table
from chalicelib.store.models.contacts import Contact
from chalicelib.store.models.moderation import Banned

MOST_BANNED = 2_000  # ids of contacts


def load(agency: str, brand: str) -> Banned:
    pk = keys.within(agency, brand)
    return table.get(Banned, pk, keys.BANNED) or Banned(pk, keys.BANNED, version=0)


def is_now(contacts: Mapping[str, int], id: str, now: int) -> bool:
    """True if the contact is among those banned, and the ban is not over."""
    return id in contacts and (not contacts[id] or now < contacts[id])


def names_of(agency: str, contact: Contact) -> list[str]:
    """The ids under which messages of the contact come in: its own, and one for each of its ids on networks."""
    key = agencies.id_key(agency)
    called = (ids.contact(key, contact.brand, identity["network"], identity["id"]) for identity in contact.identities)
    return [*dict.fromkeys((contact.id, *called))]


def changing(banned: Banned, contacts: Mapping[str, int]) -> table.Write:
    """For transact: bans exactly these contacts from now on. Raises Conflict if somebody changed the item, or for over
    2000.
    """
    if len(contacts) > MOST_BANNED:
        raise errors.Conflict(f"A brand can ban at most {MOST_BANNED} ids of contacts.", code="too_many")
    unchanged = Banned.version == banned.version if banned.version else Banned.pk.does_not_exist()
    changed = Banned(banned.pk, banned.sk, contacts=contacts, version=banned.version + 1)
    return table.putting(changed, unchanged, otherwise=errors.Conflict)
