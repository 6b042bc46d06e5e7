"""A conversation begins: the first message of an unknown person, all of it in one transaction."""

from chalicelib.channels.channels import Owner
from chalicelib.contacts import contacts
from chalicelib.inbox import conversations
from chalicelib.networks import base
from chalicelib.store import keys, table
from chalicelib.store.models.contacts import Identity
from chalicelib.store.models.inbox import Conversation, Thread
from chalicelib.store.table import Action


def look(owner: Owner, event: base.Message) -> tuple[str, Conversation | None, bool]:
    """Gives the id of the message's conversation; the conversation, None if there is none; and True if the thread was
    renamed or the person is known.

    This is one read, which may miss what was written in the last second; that is why `writes` has conditions. For a
    renamed thread the conversation takes another read.
    """
    id = conversations.id_of(owner, event.surface, event.thread)
    brand, channel = keys.within(owner.agency, owner.brand), keys.within(owner.agency, owner.channel)
    conversation, renamed, *identities = table.each(
        (Conversation, keys.within(owner.agency, id), keys.CONVERSATION),
        (Thread, channel, keys.thread(event.thread)),
        *((Identity, brand, keys.identity(owner.network, name)) for name in contacts.ids_of(event.person)),
    )
    if isinstance(renamed, Thread):
        return renamed.conversation, conversations.find(owner.agency, renamed.conversation), True
    return id, conversation if isinstance(conversation, Conversation) else None, any(identities)


def writes(
    owner: Owner, conversation_id: str, event: base.Message, actions: list[Action], now: int
) -> list[table.Write]:
    """For transact: stores the conversation, changed by the `actions` of its first message, and the person.

    Fails if the conversation, the person's contact or one of their ids exists already.
    """
    conversation = conversations.without_messages(owner, conversation_id, event, now)
    written = [table.creating(conversation, actions)]
    if event.person and event.person.id:
        thread = conversations.personal_thread(event.surface, event.thread, event.person)
        written += contacts.introducing(owner, event.person, now, thread=thread)
        written.append(table.putting(contacts.talk_of(owner, conversation.contact, conversation)))
    return written
