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
    found = find(actor.agency, id) if ids.is_id(id, "cnv") else None
    if found is None or not found.last_message or not visible(actor, found):
        raise errors.NotFound
    actor.admit(found.brand)
    return found


def visible(actor: Actor, found: Conversation) -> bool:
    """The one place that says who sees which conversation: lists, counts and every single one go by it."""
    if actor.may("inbox.view_all", brand=found.brand):
        return True
    if not found.assignee:
        return actor.may("inbox.view_unassigned", brand=found.brand)
    return found.assignee in (actor.member, *actor.teams) and actor.may("inbox.view_assigned", brand=found.brand)


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


def meet(owner: Owner, found: Conversation, person: base.Person, now: int) -> None:
    """Write down news about somebody who speaks in the conversation."""
    contacts.note(owner, person, now, thread=_own(found.surface, found.thread, person))
    actions: list[Action] = [Conversation.people.add([contacts.fingerprint(person)])]
    if len(found.people or ()) >= MOST_PEOPLE:
        actions = [Conversation.people.set({contacts.fingerprint(person)})]
    if found.contact == contacts.id_of(owner, person):
        actions += [Conversation.contact_name.set(contacts.name_of(person)), Conversation.to.set(person.id)]
    table.update(Conversation(found.pk, found.sk), actions, Conversation.pk.exists())


def heard(item: Message, agency: str, *, newest: bool, unread: bool, now: int) -> list[Action]:
    """What a new message changes in its conversation: counters always, the summary if it is the newest."""
    at = int(item.sent_at)
    counter = Conversation.heard if item.direction == "in" else Conversation.spoken
    actions: list[Action] = [Conversation.version.add(1), Conversation.updated_at.set(now), counter.add(1)]
    if unread:
        actions.append(Conversation.unread.add(1))
    if newest:
        actions += _waiting(item, at, unread=unread)
        id = ids.conversation_of(item.id)
        actions += [
            Conversation.last_at.set(at),
            Conversation.activity.set(keys.activity(at, id)),
            Conversation.last_message.set(summary(item)),
        ]
    if item.direction == "in":
        actions.append(Conversation.status.set("open"))  # whatever it was: the person has something to say
        actions.append(Conversation.inbox.set(keys.inbox(agency, item.brand, "open")))
        if newest:
            actions.append(Conversation.last_in_at.set(at))
    elif newest:
        actions.append(Conversation.inbox.set(Conversation.inbox | keys.inbox(agency, item.brand, "open")))
    return actions


def _waiting(item: Message, at: int, *, unread: bool) -> list[Action]:
    """Who speaks last decides whether the other side waits; an imported past makes nobody wait."""
    if item.direction == "out":
        return [Conversation.waiting_since.remove()]
    if not unread:
        return []
    since, opened = Conversation.waiting_since, Conversation.opened_at
    return [since.set(since | at), opened.set(opened | at)]


def summary(item: Message) -> Mapping[str, Any]:
    """The last message as its conversation keeps it; when it was said, the conversation knows anyway."""
    return {
        "id": item.id,
        "direction": item.direction,
        "kind": item.kind,
        "text": _preview(item.text or ""),
    }


def _preview(text: str) -> str:
    return text[:PREVIEW].encode("utf-8", "replace")[:PREVIEW_BYTES].decode("utf-8", "ignore")


def annotate(owner: Owner, event: base.ThreadEvent, now: int) -> bool:
    """Keep something about a thread that nobody said; False if there is no such conversation."""
    found = find(owner.agency, locate(owner, "dm", event.thread))
    if found is None:
        return False
    context = {**(found.context or {}), event.name: {"at": clock.text(event.at or now), **event.context}}
    actions = [Conversation.context.set(context), Conversation.version.add(1), Conversation.updated_at.set(now)]
    return table.update(found, actions, Conversation.version == found.version) or annotate(owner, event, now)


def read(found: Conversation, up_to: str, now: int) -> Conversation:
    """Mark it read up to and including message `up_to`; what came later stays unread, however close.

    Read backwards it counts only what is newer than that message. NotFound for a message of another conversation.
    """
    if ids.conversation_of(up_to) != found.id:
        raise errors.NotFound
    agency = keys.agency_of(found.pk)
    while found.unread:
        newer = table.query(
            Message,
            found.pk,
            keys.MESSAGES,
            after=keys.message(up_to),
            where=Message.direction == "in",
            consistent=True,
        )
        counted = (message for message in newer if not (message.context or {}).get("history"))
        left = sum(1 for _ in islice(counted, int(found.unread)))
        actions = [
            Conversation.unread.set(left), Conversation.version.add(1), Conversation.updated_at.set(now),
        ]  # fmt: skip
        if table.update(found, actions, Conversation.version == found.version):
            break
        found = find(agency, found.id) or found
    return found


def closes(found: Conversation) -> int | None:
    """When it can no longer be answered freely (ms) unless the person writes again; None where there is no such end."""
    hours = window_of(found)
    return None if hours is None else int(found.last_in_at) + hours * clock.HOUR


def window_of(found: Conversation) -> int | None:
    """How many hours its network gives for an answer, if it counts them."""
    network = networks.get(found.network)
    return network.capabilities.window.get(base.surface(found.surface)) if network else None


def view(found: Conversation) -> Mapping[str, Any]:
    """A conversation as the API tells it."""
    return {
        "id": found.id,
        "brand": found.brand,
        "channel": found.channel,
        "network": found.network,
        "surface": found.surface,
        "status": found.status,
        "origin": found.origin,
        "contact": {"id": found.contact, "name": _name(found)} if found.contact else None,
        "assignee": found.assignee,
        "participants": found.participants or [],
        "priority": found.priority or "normal",
        "labels": found.labels or [],
        "attributes": found.attributes or {},
        "snoozed_until": clock.text(int(found.snoozed_until)) if found.snoozed_until else None,
        "waiting_since": clock.text(int(found.waiting_since)) if found.waiting_since else None,
        "clocks": [_clock(name, *found.clocks[name]) for name in SERVICE_LEVELS if name in (found.clocks or {})],
        "unread": int(found.unread),
        "last_message": {**(found.last_message or {}), "sent_at": clock.text(int(found.last_at))},
        "context": found.context or {},
        "version": int(found.version),
        "created_at": clock.text(int(found.created_at)),
        "updated_at": clock.text(int(found.updated_at)),
    }


def _clock(name: str, due: int, reached: int) -> Mapping[str, Any]:
    return {"name": name, "due_at": clock.text(due), "reached": reached}


def _name(found: Conversation) -> str:
    return found.contact_name or contacts.unknown([{"network": found.network, "id": found.to}])


def change(
    actor: Actor,
    found: Conversation,
    action: str,
    actions: Sequence[Action],
    now: int,
    before: Any,
    after: Any,
    writes: Sequence[table.Write] = (),
) -> Conversation:
    """Change a conversation, with its audit entry; PreconditionFailed if it changed since it was read."""
    told = audit.entry(actor, action, found.id, now, brand=found.brand, before=before, after=after)
    changes = [*actions, Conversation.version.add(1), Conversation.updated_at.set(now)]
    try:
        table.transact(
            table.changing(Conversation(found.pk, found.sk), changes, Conversation.version == found.version),
            told,
            *writes,
        )
    except table.Refused as refused:
        raise errors.PreconditionFailed from refused
    return find(actor.agency, found.id) or found


def network_of(found: Conversation) -> base.Network:
    """The network a conversation is on, whether or not its channel is still connected."""
    network = networks.get(found.network)
    if network is None:
        raise errors.NotFound
    return network
