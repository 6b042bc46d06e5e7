"""Lists of replies, without those in conversations that the actor does not see."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib import errors, ids, page
from chalicelib.brands import brands
from chalicelib.inbox import conversations
from chalicelib.replies import lists
from chalicelib.screens import own_ids, reads
from chalicelib.screens.includes import Json, Screen
from chalicelib.store import keys
from chalicelib.store.models.replies import Reply


def listing(screen: Screen, query: Mapping[str, Any]) -> Json:
    """The replies in one state, `pending` by default, or all open ones of one conversation.

    Raises NotFound for an unknown conversation.
    """
    limit, cursor = query["limit"], query.get("cursor")
    if "external_id" in query:
        named = own_ids.ids_of(screen.actor, "replies", query["external_id"])
        places = ((keys.within(screen.actor.agency, ids.conversation_of(id)), id) for id in named)
        return _shown(screen, list(reads.replies(places).values()), None)
    if "conversation" in query:
        return _of_conversation(screen, query, limit, cursor)
    brand_ids, state = brands.scope(screen.actor, query.get("brand")), query.get("status", "pending")
    return _shown(screen, *lists.listing(screen.actor, brand_ids, state, limit, cursor))


def planned(screen: Screen, member: str, limit: int, cursor: str | None) -> Json:
    """The replies that wait for their time and depend on that member: as their sender, or by an approval."""
    brand_ids = brands.scope(screen.actor, None)
    return _shown(screen, *lists.listing(screen.actor, brand_ids, "approved", limit, cursor, member))


def _of_conversation(screen: Screen, query: Mapping[str, Any], limit: int, cursor: str | None) -> Json:
    if "brand" in query:
        raise errors.Invalid("`brand` and `conversation` do not go together.", code="not_together", field="brand")
    conversation = conversations.get(screen.actor, query["conversation"])
    state = query.get("status")
    scope = f"replies|{conversation.pk}|{state or ''}"
    edge = page.position(scope, cursor)
    replies = lists.in_conversation(conversation, [state] if state else lists.OPEN)
    left = [reply for reply in replies if not edge or lists.place_in_conversation(reply) < edge]
    shown, more = page.cut(left, limit, scope, lists.place_in_conversation)
    return {"items": screen.replies(shown, {conversation.id: conversation}), "next": more}


def _shown(screen: Screen, replies: Sequence[Reply], more: str | None) -> Json:
    by_id = reads.conversations(screen.actor.agency, (reply.conversation for reply in replies))
    seen = {id: conversation for id, conversation in by_id.items() if conversations.visible(screen.actor, conversation)}
    return {"items": screen.replies([reply for reply in replies if reply.conversation in seen], seen), "next": more}
