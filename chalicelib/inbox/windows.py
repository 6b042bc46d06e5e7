"""How long the brand may answer freely, on networks that limit it: so many hours after the person's last message or
deed.
"""

from chalicelib import clock, networks
from chalicelib.channels.channels import Owner
from chalicelib.inbox import conversations
from chalicelib.networks import base
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Conversation


def hours(conversation: Conversation) -> int | None:
    """How many hours after the person's last message or deed the network takes an answer; None if there is no limit."""
    network = networks.get(conversation.network)
    return network.capabilities.window.get(base.surface(conversation.surface)) if network else None


def closes_at(conversation: Conversation) -> int | None:
    """When the brand may no longer answer freely (ms), unless the person writes again; None if it always may."""
    length = hours(conversation)
    return None if length is None else conversation.last_in_at + length * clock.HOUR


def open_by(owner: Owner, deed: str, thread: str, person: base.Person | None, at: int, now: int) -> None:
    """Opens the window if this network does so for such a deed (which is no message) and the thread's person did it."""
    network = networks.get(owner.network)
    is_theirs = person is not None and thread in (person.id, *person.aliases)
    if network and is_theirs and deed in network.capabilities.opens:
        conversation_id = conversations.find_id(owner, "dm", thread)
        reopen(keys.within(owner.agency, conversation_id), min(at or now, now))


def reopen(partition: str, at: int) -> None:
    """Restarts the window at that time (ms), unless a later one is known. Does nothing without a conversation."""
    later = Conversation.pk.exists() & (Conversation.last_in_at < at)
    table.update(Conversation(partition, keys.CONVERSATION), [Conversation.last_in_at.set(at)], later)
