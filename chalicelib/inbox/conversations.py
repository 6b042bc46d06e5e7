"""One thread between a brand and people. It is in the inbox from its first message on, in exactly one status."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from chalicelib import clock, errors, ids, networks
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.channels.channels import Owner
from chalicelib.contacts import contacts
from chalicelib.networks import base
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Conversation, Message, Thread
from chalicelib.store.table import Action

SERVICE_LEVELS = ("first_response", "next_response", "resolution")
STATUSES = ("open", "pending", "snoozed", "resolved")
PRIORITIES = ("low", "normal", "high", "urgent")
# A conversation is written with each of its messages, so whatever the script it stays below 1 KB, which is one unit.
PREVIEW = 120
PREVIEW_BYTES = 200
MOST_PEOPLE = 16


def find(agency: str, id: str) -> Conversation | None:
    """The conversation, or None."""
    return table.get(Conversation, keys.within(agency, id), keys.CONVERSATION)


def get(actor: Actor, id: str) -> Conversation:
    """NotFound unless something was said in it and the actor may see it; Forbidden if they may see it only."""
    conversation = find(actor.agency, id) if ids.is_id(id, "cnv") else None
    if conversation is None or not conversation.last_message or not visible(actor, conversation):
        raise errors.NotFound
    actor.admit(conversation.brand)
    return conversation


def visible(actor: Actor, conversation: Conversation) -> bool:
    """The one place that says who sees which conversation: lists, counts and every single one go by it."""
    if actor.may("inbox.view_all", brand=conversation.brand):
        return True
    if not conversation.assignee:
        return actor.may("inbox.view_unassigned", brand=conversation.brand)
    return conversation.assignee in (actor.member, *actor.teams) and actor.may(
        "inbox.view_assigned", brand=conversation.brand
    )


def locate(owner: Owner, surface: str, thread: str) -> str:
    """The id of the conversation a thread belongs to, whether or not it goes by another name by now."""
    moved = table.get(Thread, keys.within(owner.agency, owner.channel), keys.thread(thread))
    return moved.conversation if moved else ids.conversation(owner.channel, surface, thread)


def move(owner: Owner, surface: str, old: str, new: str) -> None:
    """From now on what is said in thread `new` belongs to the conversation of thread `old`."""
    sign = Thread(keys.within(owner.agency, owner.channel), keys.thread(new), conversation=locate(owner, surface, old))
    table.put(sign, Thread.pk.does_not_exist())


def begin(owner: Owner, said: base.Message, now: int) -> str:
    """Make the conversation of a message, empty and not yet in the inbox; gives its id.

    A person who wrote before under another of their ids goes on in the conversation they had.
    """
    id = locate(owner, said.surface, said.thread)
    if said.person and said.person.id:
        thread = _own(said.surface, said.thread, said.person)
        known = contacts.note(owner, said.person, now, thread=thread)
        if thread and known.thread and known.thread != thread:
            move(owner, said.surface, known.thread, thread)
            id = locate(owner, said.surface, thread)
    table.put(_empty(owner, id, said, now), Conversation.pk.does_not_exist())
    return id


def _own(surface: str, thread: str, person: base.Person) -> str:
    """The thread if it is the person's alone, which then has one of their ids for a name; never a group's."""
    return thread if surface == "dm" and thread in (person.id, *person.aliases) else ""


def _empty(owner: Owner, id: str, said: base.Message, now: int) -> Conversation:
    person, origin = said.person, said.origin
    return Conversation(
        keys.within(owner.agency, id), keys.CONVERSATION, brand=owner.brand, channel=owner.channel,
        network=owner.network, surface=said.surface, thread=said.thread, contact=contacts.id_of(owner, person),
        contact_name=contacts.name_of(person), to=person.id if person else "",
        people={contacts.fingerprint(person)} if person else None, origin=vars(origin) if origin else None,
        created_at=now, updated_at=now,
    )  # fmt: skip


def meet(owner: Owner, conversation: Conversation, person: base.Person, now: int) -> None:
    """Write down news about somebody who speaks in the conversation."""
    contacts.note(owner, person, now, thread=_own(conversation.surface, conversation.thread, person))
    actions: list[Action] = [Conversation.people.add([contacts.fingerprint(person)])]
    if len(conversation.people or ()) >= MOST_PEOPLE:
        actions = [Conversation.people.set({contacts.fingerprint(person)})]
    if conversation.contact == contacts.id_of(owner, person):
        actions += [Conversation.contact_name.set(contacts.name_of(person)), Conversation.to.set(person.id)]
    table.update(Conversation(conversation.pk, conversation.sk), actions, Conversation.pk.exists())


def heard(message: Message, agency: str, *, newest: bool, unread: bool, now: int) -> list[Action]:
    """What a new message changes in its conversation: counters always, the summary if it is the newest."""
    at = message.sent_at
    counter = Conversation.heard if message.direction == "in" else Conversation.spoken
    actions: list[Action] = [Conversation.version.add(1), Conversation.updated_at.set(now), counter.add(1)]
    if unread:
        actions.append(Conversation.unread.add(1))
    if newest:
        actions += _waiting(message, at, unread=unread)
        id = ids.conversation_of(message.id)
        actions += [
            Conversation.last_at.set(at),
            Conversation.activity.set(keys.activity(at, id)),
            Conversation.last_message.set(summary(message)),
        ]
    if message.direction == "in":
        actions.append(Conversation.status.set("open"))  # whatever it was: the person has something to say
        actions.append(Conversation.inbox.set(keys.inbox(agency, message.brand, "open")))
        if newest:
            actions.append(Conversation.last_in_at.set(at))
    elif newest:
        actions.append(Conversation.inbox.set(Conversation.inbox | keys.inbox(agency, message.brand, "open")))
    return actions


def _waiting(message: Message, at: int, *, unread: bool) -> list[Action]:
    """Who speaks last decides whether the other side waits; an imported past makes nobody wait."""
    if message.direction == "out":
        return [Conversation.waiting_since.remove()]
    if not unread:
        return []
    since, opened = Conversation.waiting_since, Conversation.opened_at
    return [since.set(since | at), opened.set(opened | at)]


def summary(message: Message) -> Mapping[str, Any]:
    """The last message as its conversation keeps it; when it was said, the conversation knows anyway."""
    return {
        "id": message.id,
        "direction": message.direction,
        "kind": message.kind,
        "text": _preview(message.text or ""),
    }


def _preview(text: str) -> str:
    return text[:PREVIEW].encode("utf-8", "replace")[:PREVIEW_BYTES].decode("utf-8", "ignore")


def annotate(owner: Owner, event: base.ThreadEvent, now: int) -> bool:
    """Keep something about a thread that nobody said; False if there is no such conversation."""
    conversation = find(owner.agency, locate(owner, "dm", event.thread))
    if conversation is None:
        return False
    context = {**(conversation.context or {}), event.name: {"at": clock.text(event.at or now), **event.context}}
    actions = [Conversation.context.set(context), Conversation.version.add(1), Conversation.updated_at.set(now)]
    return table.update(conversation, actions, Conversation.version == conversation.version) or annotate(
        owner, event, now
    )


def read(conversation: Conversation, up_to: str, now: int) -> Conversation:
    """Mark it read up to and including message `up_to`; what came later stays unread, however close.

    Read backwards it counts only what is newer than that message. NotFound for a message of another conversation.
    """
    if ids.conversation_of(up_to) != conversation.id:
        raise errors.NotFound
    agency = keys.agency_of(conversation.pk)
    while conversation.unread:
        newer = table.query(
            Message,
            conversation.pk,
            keys.MESSAGES,
            after=keys.message(up_to),
            where=Message.direction == "in",
            consistent=True,
        )
        counted = (message for message in newer if not (message.context or {}).get("history"))
        left = sum(1 for _ in islice(counted, conversation.unread))
        actions = [
            Conversation.unread.set(left), Conversation.version.add(1), Conversation.updated_at.set(now),
        ]  # fmt: skip
        if table.update(conversation, actions, Conversation.version == conversation.version):
            break
        conversation = find(agency, conversation.id) or conversation
    return conversation


def closes(conversation: Conversation) -> int | None:
    """When it can no longer be answered freely (ms) unless the person writes again; None where there is no such end."""
    hours = window_of(conversation)
    return None if hours is None else conversation.last_in_at + hours * clock.HOUR


def window_of(conversation: Conversation) -> int | None:
    """How many hours its network gives for an answer, if it counts them."""
    network = networks.get(conversation.network)
    return network.capabilities.window.get(base.surface(conversation.surface)) if network else None


def view(conversation: Conversation) -> Mapping[str, Any]:
    """A conversation as the API tells it."""
    return {
        "id": conversation.id,
        "brand": conversation.brand,
        "channel": conversation.channel,
        "network": conversation.network,
        "surface": conversation.surface,
        "status": conversation.status,
        "origin": conversation.origin,
        "contact": {"id": conversation.contact, "name": _name(conversation)} if conversation.contact else None,
        "assignee": conversation.assignee,
        "participants": conversation.participants or [],
        "priority": conversation.priority or "normal",
        "labels": conversation.labels or [],
        "attributes": conversation.attributes or {},
        "snoozed_until": clock.text(conversation.snoozed_until) if conversation.snoozed_until else None,
        "waiting_since": clock.text(conversation.waiting_since) if conversation.waiting_since else None,
        "clocks": [
            _clock(name, *conversation.clocks[name]) for name in SERVICE_LEVELS if name in (conversation.clocks or {})
        ],
        "unread": conversation.unread,
        "last_message": {**(conversation.last_message or {}), "sent_at": clock.text(conversation.last_at)},
        "context": conversation.context or {},
        "version": conversation.version,
        "created_at": clock.text(conversation.created_at),
        "updated_at": clock.text(conversation.updated_at),
    }


def _clock(name: str, due: int, reached: int) -> Mapping[str, Any]:
    return {"name": name, "due_at": clock.text(due), "reached": reached}


def _name(conversation: Conversation) -> str:
    return conversation.contact_name or contacts.unknown([{"network": conversation.network, "id": conversation.to}])


def change(
    actor: Actor,
    conversation: Conversation,
    action: str,
    actions: Sequence[Action],
    now: int,
    before: Any,
    after: Any,
    writes: Sequence[table.Write] = (),
) -> Conversation:
    """Change a conversation, with its audit entry; PreconditionFailed if it changed since it was read."""
    entry = audit.entry(actor, action, conversation.id, now, brand=conversation.brand, before=before, after=after)
    changes = [*actions, Conversation.version.add(1), Conversation.updated_at.set(now)]
    try:
        table.transact(
            table.changing(
                Conversation(conversation.pk, conversation.sk), changes, Conversation.version == conversation.version
            ),
            entry,
            *writes,
        )
    except table.Refused as refused:
        raise errors.PreconditionFailed from refused
    return find(actor.agency, conversation.id) or conversation


def network_of(conversation: Conversation) -> base.Network:
    """The network a conversation is on, whether or not its channel is still connected."""
    network = networks.get(conversation.network)
    if network is None:
        raise errors.NotFound
    return network
