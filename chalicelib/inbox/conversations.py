"""A conversation is one thread between a brand and people.

It is in the inbox from its first message on, and always has exactly one status.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from chalicelib import clock, errors, ids, networks, room
from chalicelib.access import audit, sight
from chalicelib.access.actors import Actor
from chalicelib.channels.channels import Owner
from chalicelib.contacts import contacts
from chalicelib.networks import base, origins
from chalicelib.people import agencies
from chalicelib.store import counters, keys, table
from chalicelib.store.items import Item
from chalicelib.store.models.inbox import Conversation, Message, Thread
from chalicelib.store.table import Action

M = TypeVar("M", bound=Item)
SERVICE_LEVELS = ("first_response", "next_response", "resolution")
AT_WORK = ("open", "pending")  # somebody has to do something about it now
UNRESOLVED = (*AT_WORK, "snoozed")
STATUSES = (*UNRESOLVED, "resolved")
PRIORITIES = ("low", "normal", "high", "urgent")
# A conversation is written with each of its messages. The preview keeps it below 1 KB, which costs one write unit.
PREVIEW_CHARACTERS = 120
PREVIEW_BYTES = 200
NAME_CHARACTERS = 30
MOST_PEOPLE = 16
MOST_CONTEXT_BYTES = 15_000


def find(agency: str, id: str) -> Conversation | None:
    return table.get(Conversation, keys.within(agency, id), keys.CONVERSATION)


def get(actor: Actor, id: str) -> Conversation:
    """Raises NotFound for a conversation without a message, and for one that the actor does not see.

    Raises Forbidden if the actor sees it but lacks the permission of the route.
    """
    return _admitted(actor, find(actor.agency, id) if ids.is_id(id, "cnv") else None)


def _admitted(actor: Actor, conversation: Conversation | None) -> Conversation:
    if conversation is None or not conversation.last_message or not visible(actor, conversation):
        raise errors.NotFound
    actor.admit(conversation.brand)
    return conversation


def with_part(actor: Actor, model: type[M], id: str, key: str) -> tuple[M, Conversation]:
    """The message or reply with that id, whose sort key is `key`, and its conversation. Raises what `get` raises."""
    pk = keys.within(actor.agency, ids.conversation_of(id))
    item, part = table.each((Conversation, pk, keys.CONVERSATION), (model, pk, key), consistent=True)
    conversation = _admitted(actor, item if isinstance(item, Conversation) else None)
    if not isinstance(part, model):
        raise errors.NotFound
    return part, conversation


def busy() -> errors.Unavailable:
    return errors.Unavailable("Others are changing the conversation at the same time. Try again.")


def visible(actor: Actor, conversation: Conversation) -> bool:
    """True if the actor may see the conversation. Every list, count and single view uses this."""
    return sight.covers(actor, conversation.brand, conversation.assignee)


def find_id(owner: Owner, surface: str, thread: str) -> str:
    """The id of the conversation that a thread belongs to. It need not exist yet; the thread may have been renamed."""
    renamed = table.get(Thread, keys.within(owner.agency, owner.channel), keys.thread(thread))
    return renamed.conversation if renamed else id_of(owner, surface, thread)


def id_of(owner: Owner, surface: str, thread: str) -> str:
    """The id of the conversation of a thread that was never renamed."""
    return ids.conversation(agencies.id_key(owner.agency), owner.channel, surface, thread)


def rename_thread(owner: Owner, surface: str, old: str, new: str, now: int) -> None:
    """From now on messages in thread `new` belong to the conversation of thread `old`, and answers go to `new`.

    If the thread is named by an id of the person, such as a telephone number, the contact gets the new id too.
    """
    conversation_id = find_id(owner, surface, old)
    renamed = Thread(keys.within(owner.agency, owner.channel), keys.thread(new), conversation=conversation_id)
    begun = Conversation(keys.within(owner.agency, id_of(owner, surface, new)), keys.CONVERSATION)
    with suppress(table.Refused):  # renamed already; or it was written to first, and stays a conversation of its own
        table.transact(
            table.putting(renamed, Thread.pk.does_not_exist()), table.checking(begun, Conversation.pk.does_not_exist())
        )
    conversation = find(owner.agency, conversation_id)
    if conversation is None or conversation.thread != old:
        return  # its first message is still to come, or it moved on
    actions: list[Action] = [Conversation.thread.set(new)]
    if conversation.to == old:
        contacts.note(owner, base.Person(id=new, aliases=(old,)), now, thread=new)
        actions.append(Conversation.to.set(new))
    table.update(Conversation(conversation.pk, conversation.sk), actions, Conversation.thread == old)


def create(owner: Owner, event: base.Message, now: int) -> str:
    """Create the conversation of a message and give its id. It enters the inbox with its first message.

    If the person wrote before under another of their ids, the id is that of the conversation they had.
    """
    id, contact_id = find_id(owner, event.surface, event.thread), ""
    if event.person and event.person.id:
        thread = personal_thread(event.surface, event.thread, event.person)
        identity = contacts.note(owner, event.person, now, thread=thread)
        if thread and identity.thread and identity.thread != thread:
            rename_thread(owner, event.surface, identity.thread, thread, now)
            id = find_id(owner, event.surface, thread)
        contact_id = identity.contact
    conversation = without_messages(owner, id, event, now)
    talks = [table.putting(contacts.talk_of(owner, contact_id, conversation))] if contact_id else []
    with suppress(table.Refused):  # it is there by now
        table.transact(table.putting(conversation, Conversation.pk.does_not_exist()), *talks)
    return id


def personal_thread(surface: str, thread: str, person: base.Person) -> str:
    """The thread if its name is an id of the person; empty otherwise, as a group's thread belongs to no one person."""
    return thread if surface == "dm" and thread in (person.id, *person.aliases) else ""


def without_messages(owner: Owner, id: str, event: base.Message, now: int) -> Conversation:
    """A new conversation for this message, not stored yet. The message is not counted in it, so it is in no list."""
    person, origin = event.person, event.origin
    return Conversation(
        keys.within(owner.agency, id), keys.CONVERSATION, brand=owner.brand, channel=owner.channel,
        network=owner.network, surface=event.surface, thread=event.thread, contact=contacts.id_of(owner, person),
        contact_name=contacts.name_of(person), to=person.id if person else "",
        people={contacts.fingerprint(person)} if person else None, origin=origins.stored(origin),
        paid=origins.is_paid(origin), created_at=now, updated_at=now,
    )  # fmt: skip


def record_person(owner: Owner, conversation: Conversation, person: base.Person, now: int) -> None:
    """Writes what the network says about a person in the conversation, to their contact and to the conversation."""
    thread = personal_thread(conversation.surface, conversation.thread, person)
    identity = contacts.note(owner, person, now, thread=thread)
    table.put(contacts.talk_of(owner, identity.contact, conversation))
    actions: list[Action] = [Conversation.people.add([contacts.fingerprint(person)])]
    if len(conversation.people or ()) >= MOST_PEOPLE:
        actions = [Conversation.people.set({contacts.fingerprint(person)})]
    if conversation.contact == identity.contact:
        actions.append(Conversation.contact_name.set(contacts.name_of(person)))
        if thread or conversation.to != conversation.thread:  # never back to an id that the person gave up
            actions.append(Conversation.to.set(person.id))
    table.update(Conversation(conversation.pk, conversation.sk), actions, Conversation.pk.exists())


def move_for_message(message: Message, status: str | None) -> counters.Move:
    """How a new message moves its conversation between the lists of statuses. `status` is the present one, None if the
    conversation is in no list yet.
    """
    if message.direction == "out" and status:
        return counters.STAYS
    agency, conversation_id = keys.agency_of(message.pk), ids.conversation_of(message.id)
    # Somebody who writes opens the conversation, whatever its status is; our answers leave it as it is.
    return counters.move(agency, message.brand, conversation_id, status, "open")


def actions_for_message(message: Message, *, newest: bool, unread: bool, now: int, opens: bool = True) -> list[Action]:
    """What a new message changes in its conversation: always the counters, and the summary if it is the newest."""
    at = message.sent_at
    counter = Conversation.heard if message.direction == "in" else Conversation.spoken
    actions: list[Action] = [Conversation.version.add(1), Conversation.updated_at.set(now), counter.add(1)]
    if unread:
        actions.append(Conversation.unread.add(1))
    if newest:
        actions += _actions_for_waiting(message, unread=unread)
        actions += [
            Conversation.last_at.set(at),
            Conversation.last_order.set(ids.order(message.id)),
            Conversation.activity.set(keys.activity(at, ids.conversation_of(message.id))),
            Conversation.last_message.set(summary(message)),
        ]
        if message.direction == "in" and opens:
            actions.append(Conversation.last_in_at.set(at))
    return actions


def _actions_for_waiting(message: Message, *, unread: bool) -> list[Action]:
    """The person waits after a message of theirs, until the brand answers. An imported past makes nobody wait."""
    if message.direction == "out":
        return [Conversation.waiting_since.remove()]
    if not unread:
        return []
    return [
        Conversation.waiting_since.set(Conversation.waiting_since | message.sent_at),
        Conversation.opened_at.set(Conversation.opened_at | message.sent_at),
    ]


def summary(message: Message) -> Mapping[str, Any]:
    """The last message as its conversation keeps it; its time is the conversation's `last_at`."""
    author = message.author or {}
    by = author.get("member") or author.get("contact")
    return {
        "id": message.id,
        "direction": message.direction,
        "kind": message.kind,
        "text": preview(message.text or ""),
        **({"severity": message.severity} if message.severity else {}),
        **({"by": by, "name": (author.get("name") or "")[:NAME_CHARACTERS]} if by else {}),
    }


def preview(text: str) -> str:
    return text[:PREVIEW_CHARACTERS].encode("utf-8", "replace")[:PREVIEW_BYTES].decode("utf-8", "ignore")


def record_thread_event(owner: Owner, event: base.ThreadEvent, now: int) -> bool:
    """Keep a thread event in the conversation's context, unless a later one of its name is there.

    Returns False if there is no such conversation.
    """
    conversation = find(owner.agency, find_id(owner, "dm", event.thread))
    if conversation is None:
        return False
    known, at = conversation.context or {}, clock.text(event.at or now)
    if at < known.get(event.name, {}).get("at", ""):
        return True
    others = {name: value for name, value in known.items() if name != event.name}
    context = room.some({event.name: {**event.context, "at": at}, **others}, MOST_CONTEXT_BYTES)
    actions = [Conversation.context.set(context), Conversation.version.add(1), Conversation.updated_at.set(now)]
    if table.update(conversation, actions, Conversation.version == conversation.version):
        return True
    return record_thread_event(owner, event, now)


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
    """Change a conversation, write the audit entry and make the other `writes`, all or nothing.

    `before` and `after` are for the audit. Raises PreconditionFailed if the conversation changed since it was read.
    """
    write = table.changing(
        Conversation(conversation.pk, conversation.sk),
        [*actions, Conversation.version.add(1), Conversation.updated_at.set(now)],
        Conversation.version == conversation.version,
        otherwise=errors.PreconditionFailed,
    )
    entry = audit.entry(actor, action, conversation.id, now, brand=conversation.brand, before=before, after=after)
    table.transact(write, entry, *writes)
    return find(actor.agency, conversation.id) or conversation


def network_of(conversation: Conversation) -> base.Network:
    """The network of the conversation, whether or not its channel is still connected."""
    network = networks.get(conversation.network)
    if network is None:
        raise errors.NotFound
    return network
