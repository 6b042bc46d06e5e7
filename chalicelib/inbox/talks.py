"""The conversations in which a contact speaks, by when they began: the newest first."""

from collections.abc import Iterable
from itertools import islice

from chalicelib import page
from chalicelib.access.actors import Actor
from chalicelib.inbox import conversations
from chalicelib.store import keys, table
from chalicelib.store.models.contacts import Contact, Talk
from chalicelib.store.models.inbox import Conversation

_MOST_EXAMINED = 500  # for one page


def page_of(actor: Actor, contact: Contact, limit: int, cursor: str | None) -> tuple[list[Conversation], str | None]:
    """A page of the contact's conversations that the actor sees, and the next cursor. A short or empty page may have
    one, too.
    """
    scope = f"{contact.pk}|{keys.TALKS}"
    edge, examined = page.position(scope, cursor) or "", 0
    talks = table.query(Talk, contact.pk, keys.TALKS, newest=True, before=edge, limit=_MOST_EXAMINED)
    shown: list[Conversation] = []
    while len(shown) < limit and (batch := list(islice(talks, limit - len(shown)))):
        examined, edge = examined + len(batch), batch[-1].sk
        shown += (
            conversation
            for conversation in _conversations_of(actor.agency, batch)
            if conversation.last_message and conversations.visible(actor, conversation)
        )
    # The query leaves out the talk at the edge, so one less than the limit may be all that it could give.
    may_have_more = len(shown) == limit or examined >= _MOST_EXAMINED - 1
    return shown, page.cursor(scope, edge) if may_have_more else None


def _conversations_of(agency: str, talks: Iterable[Talk]) -> list[Conversation]:
    places = [(keys.within(agency, talk.conversation), keys.CONVERSATION) for talk in talks]
    known = {conversation.pk: conversation for conversation in table.many_readable(Conversation, places)}
    return [known[pk] for pk, _ in places if pk in known]
