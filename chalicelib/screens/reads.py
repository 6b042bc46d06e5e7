"""Reads items by their ids, each once and all of a kind together, however many rows ask for them."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from chalicelib.store import keys, table
from chalicelib.store.models.brands import Brand
from chalicelib.store.models.channels import Channel
from chalicelib.store.models.contacts import Contact
from chalicelib.store.models.inbox import Conversation, Message, Pointer
from chalicelib.store.models.people import Member, Team
from chalicelib.store.models.replies import Lease, Reply

T = TypeVar("T")


def brands(agency: str, ids: Iterable[str]) -> Mapping[str, Brand]:
    return {brand.id: brand for brand in table.many_readable(Brand, [(agency, keys.noun(id)) for id in _each(ids)])}


def channels(agency: str, ids: Iterable[str]) -> Mapping[str, Channel]:
    """Only those that are connected."""
    return {
        channel.id: channel for channel in table.many_readable(Channel, [(agency, keys.noun(id)) for id in _each(ids)])
    }


def members(agency: str, ids: Iterable[str]) -> Mapping[str, Member]:
    places = [(agency, keys.noun(id)) for id in _each(ids) if id.startswith("mbr_")]
    return {member.id: member for member in table.many_readable(Member, places)}


def teams(agency: str, ids: Iterable[str]) -> Mapping[str, Team]:
    places = [(agency, keys.noun(id)) for id in _each(ids) if id.startswith("tem_")]
    return {team.id: team for team in table.many_readable(Team, places)}


def contacts(agency: str, ids: Iterable[str]) -> Mapping[str, Contact]:
    """By the id that was asked for: an id that turned out to be another contact's gives that contact."""
    asked = _each(ids)
    people = _contacts_as_stored(agency, asked)
    led = {id: contact.context["same_as"] for id, contact in people.items() if contact.context.get("same_as")}
    others = _contacts_as_stored(agency, _each(led.values()))
    return {id: others.get(led[id], people[id]) if id in led else people[id] for id in asked if id in people}


def _contacts_as_stored(agency: str, ids: Iterable[str]) -> Mapping[str, Contact]:
    places = [(keys.within(agency, id), keys.CONTACT) for id in ids]
    return {contact.id: contact for contact in table.many_readable(Contact, places)}


def conversations(agency: str, ids: Iterable[str]) -> Mapping[str, Conversation]:
    places = [(keys.within(agency, id), keys.CONVERSATION) for id in _each(ids)]
    return {conversation.id: conversation for conversation in table.many_readable(Conversation, places)}


def messages(partitions_and_ids: Iterable[tuple[str, str]]) -> Mapping[str, Message]:
    places = [(partition, keys.message(id)) for partition, id in _each(partitions_and_ids)]
    return {message.id: message for message in table.many_readable(Message, places)}


def own_messages(named: Iterable[tuple[str, str | None]]) -> Mapping[tuple[str, str | None], str]:
    """The ids of messages of ours, by their partitions and the network's ids of them."""
    places = {(partition, keys.pointer(id)): (partition, id) for partition, id in _each(named) if id}
    return {places[pointer.pk, pointer.sk]: pointer.message for pointer in table.many_readable(Pointer, list(places))}


def replies(partitions_and_ids: Iterable[tuple[str, str]]) -> Mapping[str, Reply]:
    places = [(partition, keys.reply(id)) for partition, id in _each(partitions_and_ids)]
    return {reply.id: reply for reply in table.many_readable(Reply, places)}


def leases(conversations: Iterable[Conversation], now: int) -> Mapping[str, Lease]:
    """The leases that have not run out, by the partition of their conversation."""
    stored = table.many_readable(Lease, [(conversation.pk, keys.LEASE) for conversation in conversations])
    return {lease.pk: lease for lease in stored if lease.until >= now}


def _each(ids: Iterable[T]) -> list[T]:
    """The ids, each once, in their order, without empty ones."""
    return [id for id in dict.fromkeys(ids) if id]
